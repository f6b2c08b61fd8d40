#include "cfgparse/base/terminal.h"
/*
 * Escaping is by code point, independent of the locale; the widths are the
 * usual ones of East Asian and combining characters, good enough to put a
 * caret below the right place.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cfgparse/base/utf8.h"

struct range {
	uint32_t first, last;
};

/* Formats, separators and private ranges that a terminal acts on or hides. */
static const struct range unsafe[] = {
	{ 0x0000, 0x001f },
	{ 0x007f, 0x009f },
	{ 0x00ad, 0x00ad },
	{ 0x061c, 0x061c },
	{ 0x180e, 0x180e },
	{ 0x200b, 0x200f },
	{ 0x2028, 0x202e },
	{ 0x2060, 0x206f },
	{ 0xfe00, 0xfe0f },
	{ 0xfeff, 0xfeff },
	{ 0xfff0, 0xfffb },
	{ 0xfffe, 0xffff },
	{ 0xe0000, 0xe0fff },
};

static const struct range combining[] = {
	{ 0x0300, 0x036f },
	{ 0x0483, 0x0489 },
	{ 0x0591, 0x05bd },
	{ 0x064b, 0x065f },
	{ 0x1ab0, 0x1aff },
	{ 0x1dc0, 0x1dff },
	{ 0x20d0, 0x20ff },
	{ 0xfe20, 0xfe2f },
};

static const struct range wide[] = {
	{ 0x1100, 0x115f },
	{ 0x2e80, 0x303e },
	{ 0x3041, 0xa4cf },
	{ 0xac00, 0xd7a3 },
	{ 0xf900, 0xfaff },
	{ 0xfe30, 0xfe6f },
	{ 0xff00, 0xff60 },
	{ 0xffe0, 0xffe6 },
	{ 0x1f300, 0x1f64f },
	{ 0x1f900, 0x1f9ff },
	{ 0x20000, 0x3fffd },
};

#define IN(ranges, code) \
	in_ranges(ranges, sizeof(ranges) / sizeof *(ranges), code)

static bool
in_ranges(const struct range *ranges, size_t count, uint32_t code)
{
	for (size_t i = 0; i < count; i++) {
		if (code >= ranges[i].first && code <= ranges[i].last)
			return true;
	}
	return false;
}

bool
colour_choice_parse(const char *text, enum colour_choice *choice)
{
	static const char *const names[] = { "auto", "always", "never" };

	for (int i = 0; i < 3; i++) {
		if (strcmp(text, names[i]) == 0) {
			*choice = (enum colour_choice)i;
			return true;
		}
	}
	return false;
}

bool
colour_wanted(enum colour_choice choice, FILE *file)
{
	if (choice != COLOUR_AUTO)
		return choice == COLOUR_ALWAYS;
	const char *term = getenv("TERM");
	const char *no_colour = getenv("NO_COLOR");
	return isatty(fileno(file)) && term && strcmp(term, "dumb") != 0 &&
	       !(no_colour && *no_colour);
}

size_t
terminal_columns(FILE *file)
{
	const char *text = getenv("COLUMNS");
	struct winsize size;
	char *end;

	if (ioctl(fileno(file), TIOCGWINSZ, &size) == 0 && size.ws_col)
		return size.ws_col;
	if (!text || *text < '1' || *text > '9')
		return 0;
	unsigned long columns = strtoul(text, &end, 10);
	return *end == '\0' && columns < 100000 ? columns : 0;
}

static void
escape_code(struct buf *buf, uint32_t code)
{
	switch (code) {
	case '\n': buf_puts(buf, "\\n"); break;
	case '\r': buf_puts(buf, "\\r"); break;
	case '\t': buf_puts(buf, "\\t"); break;
	default:
		if (code < 0x100)
			buf_printf(buf, "\\x%02x", (unsigned)code);
		else
			buf_printf(buf, "\\u{%x}", (unsigned)code);
	}
}

size_t
terminal_escape_char(
    struct buf *buf, const char *p, size_t len, size_t *columns)
{
	uint32_t code;
	size_t before = buf->len;
	size_t n = utf8_decode(p, len, &code);

	if (n == 0) {
		buf_printf(buf, "\\x%02x", (unsigned char)*p);
		*columns += buf->len - before;
		return 1;
	}
	if (IN(unsafe, code)) {
		escape_code(buf, code);
		*columns += buf->len - before;
		return n;
	}
	buf_append(buf, p, n);
	if (!IN(combining, code))
		*columns += IN(wide, code) ? 2 : 1;
	return n;
}

void
terminal_escape(struct buf *buf, struct str text)
{
	size_t columns = 0;

	for (size_t at = 0; at < text.len;)
		at += terminal_escape_char(
		    buf, text.ptr + at, text.len - at, &columns);
}
