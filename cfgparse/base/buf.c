#include "cfgparse/base/buf.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cfgparse/base/mem.h"

enum { LARGE = 4 * 1024 * 1024 };

void
buf_fini(struct buf *buf)
{
	free(buf->data);
	*buf = (struct buf){ 0 };
}

void
buf_clear(struct buf *buf)
{
	buf->len = 0;
	if (buf->data)
		buf->data[0] = '\0';
}

char *
buf_reserve(struct buf *buf, size_t extra)
{
	size_t wanted;

	if (extra >= SIZE_MAX / 4 - buf->len)
		abort();
	wanted = buf->len + extra + 1;
	if (wanted > buf->cap) {
		size_t cap = buf->cap ? buf->cap : 64;

		while (cap < wanted)
			cap *= 2;
		buf->data = !buf->data && cap >= LARGE
				? mem_large(cap, 1)
				: mem_grow(buf->data, cap, 1);
		buf->cap = cap;
	}
	return buf->data + buf->len;
}

void
buf_commit(struct buf *buf, size_t extra)
{
	if (extra >= buf->cap - buf->len)
		abort();
	buf->len += extra;
	buf->data[buf->len] = '\0';
}

void
buf_append(struct buf *buf, const void *bytes, size_t len)
{
	char *end = buf_reserve(buf, len);

	if (len)
		memcpy(end, bytes, len);
	buf_commit(buf, len);
}

void
buf_puts(struct buf *buf, const char *text)
{
	buf_append(buf, text, strlen(text));
}

void
buf_putc(struct buf *buf, char c)
{
	buf_append(buf, &c, 1);
}

void
buf_add(struct buf *buf, struct str s)
{
	buf_append(buf, s.ptr, s.len);
}

void
buf_printf(struct buf *buf, const char *format, ...)
{
	va_list args;
	int len;
	char *end;

	va_start(args, format);
	len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (len < 0)
		abort();
	end = buf_reserve(buf, (size_t)len);
	va_start(args, format);
	vsnprintf(end, (size_t)len + 1, format, args);
	va_end(args);
	buf_commit(buf, (size_t)len);
}

void
buf_consume(struct buf *buf, size_t len)
{
	if (len >= buf->len) {
		buf_clear(buf);
		return;
	}
	buf->len -= len;
	memmove(buf->data, buf->data + len, buf->len + 1);
}

const char *
buf_text(const struct buf *buf)
{
	return buf->data ? buf->data : "";
}

struct str
buf_str(const struct buf *buf)
{
	return (struct str){ buf_text(buf), buf->len };
}

char *
buf_take(struct buf *buf)
{
	char *data;

	buf_reserve(buf, 0)[0] = '\0';
	data = buf->data;
	*buf = (struct buf){ 0 };
	return data;
}

void
buf_wipe(struct buf *buf)
{
	volatile char *bytes = buf->data;

	for (size_t i = 0; i < buf->cap; i++)
		bytes[i] = 0;
	buf_fini(buf);
}
