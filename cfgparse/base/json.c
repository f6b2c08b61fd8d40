#include "cfgparse/base/json.h"
/*
 * A thin face over jansson: a stack of open containers, and an abort where
 * the library runs out of memory or the caller nests wrongly.
 */
#include <assert.h>
#include <jansson.h>
#include <stdlib.h>

#include "cfgparse/base/buf.h"
#include "cfgparse/base/mem.h"
#include "cfgparse/base/utf8.h"

enum { DEPTH_MAX = 32 };

struct json_out {
	json_t *top;
	json_t *open[DEPTH_MAX]; /* borrowed from top */
	size_t depth;
};

static json_t *
must(json_t *value)
{
	if (!value)
		abort();
	return value;
}

struct json_out *
json_out_create(void)
{
	return mem_alloc(1, sizeof(struct json_out));
}

void
json_out_destroy(struct json_out **out)
{
	if (!*out)
		return;
	json_decref((*out)->top);
	free(*out);
	*out = NULL;
}

static void
add(struct json_out *out, const char *key, json_t *value)
{
	int failed;

	must(value);
	if (out->depth == 0) {
		assert(!out->top && !key);
		out->top = value;
		return;
	}
	json_t *into = out->open[out->depth - 1];
	assert(json_is_object(into) == (key != NULL));
	if (key)
		failed = json_object_set_new_nocheck(into, key, value);
	else
		failed = json_array_append_new(into, value);
	if (failed)
		abort();
}

static void
add_open(struct json_out *out, const char *key, json_t *value)
{
	add(out, key, value);
	if (out->depth == DEPTH_MAX)
		abort();
	out->open[out->depth++] = value;
}

void
json_out_object(struct json_out *out, const char *key)
{
	add_open(out, key, json_object());
}

void
json_out_array(struct json_out *out, const char *key)
{
	add_open(out, key, json_array());
}

void
json_out_end(struct json_out *out)
{
	assert(out->depth > 0);
	out->depth--;
}

/* Copies text with each ill-formed byte replaced. */
static void
add_repaired(struct buf *buf, struct str text)
{
	uint32_t code;
	size_t at = 0;

	while (at < text.len) {
		size_t n = utf8_decode(text.ptr + at, text.len - at, &code);
		if (n)
			buf_append(buf, text.ptr + at, n);
		else
			buf_puts(buf, "\xef\xbf\xbd");
		at += n ? n : 1;
	}
}

void
json_out_text(struct json_out *out, const char *key, struct str text)
{
	struct buf buf = { 0 };

	if (utf8_valid(text.ptr, text.len)) {
		const char *ptr = text.len ? text.ptr : "";
		add(out, key, json_stringn_nocheck(ptr, text.len));
		return;
	}
	add_repaired(&buf, text);
	add(out, key, json_stringn_nocheck(buf.data, buf.len));
	buf_fini(&buf);
}

void
json_out_string(struct json_out *out, const char *key, const char *text)
{
	if (text)
		json_out_text(out, key, str_of(text));
}

void
json_out_int(struct json_out *out, const char *key, int64_t value)
{
	add(out, key, json_integer(value));
}

void
json_out_bool(struct json_out *out, const char *key, bool value)
{
	add(out, key, json_boolean(value));
}

void
json_out_null(struct json_out *out, const char *key)
{
	add(out, key, json_null());
}

static size_t
flags(int indent)
{
	return JSON_ENCODE_ANY | JSON_REAL_PRECISION(15) |
	       (indent > 0 ? JSON_INDENT((size_t)indent) : 0);
}

bool
json_out_print(const struct json_out *out, int indent, FILE *file)
{
	assert(out->top && out->depth == 0);
	return json_dumpf(out->top, file, flags(indent)) == 0;
}

char *
json_out_take(const struct json_out *out, int indent)
{
	assert(out->top && out->depth == 0);
	char *text = json_dumps(out->top, flags(indent));
	if (!text)
		abort();
	return text;
}
