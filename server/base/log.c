/*
 * The log's one line an event. write(2) on a descriptor opened for appending
 * keeps lines of different threads whole without a lock.
 */
#include "server/base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cfgparse/base/utf8.h"

enum { TEXT_ROOM = 4096, PREFIX_ROOM = 64, ESCAPED_BYTE = 4 };

static _Atomic int log_fd = STDERR_FILENO;
static _Atomic int log_most = LEVEL_INFO;

bool
log_open(const char *path)
{
	int fd = STDERR_FILENO, old;

	if (path) {
		fd = open(path,
		    O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
		    0640);
		if (fd < 0)
			return false;
	}
	old = atomic_exchange(&log_fd, fd);
	if (old != STDERR_FILENO)
		close(old);
	return true;
}

void
log_set_level(enum log_level level)
{
	atomic_store(&log_most, (int)level);
}

bool
log_wants(enum log_level level)
{
	return (int)level <=
	       atomic_load_explicit(&log_most, memory_order_relaxed);
}

static size_t
write_prefix(enum log_level level, char *out)
{
	static const char *const names[] = { "none", "critical", "error",
		"warning", "info", "debug" };
	struct timespec now;
	struct tm local;
	size_t len;

	clock_gettime(CLOCK_REALTIME, &now);
	localtime_r(&now.tv_sec, &local);
	len = strftime(out, PREFIX_ROOM, "%Y-%m-%d %H:%M:%S", &local);
	len += (size_t)snprintf(out + len, PREFIX_ROOM - len, ".%03ld [%s] ",
	    now.tv_nsec / 1000000, names[level]);
	return len;
}

static bool
is_safe(uint32_t code)
{
	return code >= 0x20 && code != 0x7F && !(code >= 0x80 && code < 0xA0) &&
	       code != 0x2028 && code != 0x2029;
}

/* Copies text; what could forge a line or drive a terminal becomes \xHH. */
static size_t
write_escaped(const char *text, size_t len, char *out, size_t room)
{
	size_t used = 0;

	for (size_t i = 0; i < len;) {
		uint32_t code;
		size_t n = utf8_decode(text + i, len - i, &code);

		if (used + UTF8_MAX * ESCAPED_BYTE >= room)
			break;
		if (n > 0 && is_safe(code)) {
			memcpy(out + used, text + i, n);
			used += n;
			i += n;
			continue;
		}
		n = n ? n : 1;
		for (size_t j = 0; j < n; j++, i++)
			used += (size_t)snprintf(out + used, ESCAPED_BYTE + 1,
			    "\\x%02x", (unsigned)(unsigned char)text[i]);
	}
	return used;
}

void
log_line(enum log_level level, const char *format, ...)
{
	char text[TEXT_ROOM], line[PREFIX_ROOM + TEXT_ROOM + 1];
	va_list args;
	size_t len, used;
	int wrote, saved = errno;

	if (!log_wants(level))
		return;
	va_start(args, format);
	wrote = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	len = wrote < 0 ? 0 : (size_t)wrote;
	if (len >= sizeof(text))
		len = sizeof(text) - 1;
	used = write_prefix(level, line);
	used += write_escaped(text, len, line + used, TEXT_ROOM);
	line[used++] = '\n';
	/* A full disk must not stop the server: a lost line is lost. */
	if (write(atomic_load(&log_fd), line, used) < 0)
		errno = saved;
	errno = saved;
}
