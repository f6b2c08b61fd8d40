#include "cfgparse/comments.h"
/*
 * A quote that is never closed would hide all comments behind it: the line that
 * it opens on is skipped instead, a few times, so that the time stays linear.
 */
#include <string.h>

enum { LOST_MAX = 8 };

void
comments_start(
    struct comment_walk *walk, struct str text, enum comment_style style)
{
	*walk = (struct comment_walk){
		.text = text, .style = style, .node = -1, .value = true
	};
	if (text.len >= 3 && memcmp(text.ptr, "\xef\xbb\xbf", 3) == 0)
		walk->at = walk->line = 3;
}

static size_t
line_end(const struct comment_walk *walk, size_t at)
{
	const char *feed =
	    memchr(walk->text.ptr + at, '\n', walk->text.len - at);

	return feed ? (size_t)(feed - walk->text.ptr) : walk->text.len;
}

static bool
is_alone(const struct comment_walk *walk, size_t at)
{
	const char *p = walk->text.ptr;

	while (at > 0 && (p[at - 1] == ' ' || p[at - 1] == '\t'))
		at--;
	return at == 0 || p[at - 1] == '\n' ||
	       (at == 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0);
}

/* Takes the comment at the cursor, which moves to its line's end. */
static void
take(struct comment_walk *walk, struct comment *comment)
{
	size_t begin = walk->at, end = line_end(walk, begin);

	walk->at = end;
	if (end > begin && walk->text.ptr[end - 1] == '\r')
		end--;
	*comment = (struct comment){
		.text = { walk->text.ptr + begin, end - begin },
		.begin = (uint32_t)begin,
		.alone = is_alone(walk, begin),
	};
}

/* Moves behind the quoted text that begins at the cursor. */
static void
skip_quoted(struct comment_walk *walk, bool backslash, bool doubled)
{
	size_t open = walk->at, at = open + 1;
	const char *p = walk->text.ptr;

	for (; at < walk->text.len; at++) {
		if (backslash && p[at] == '\\') {
			at++;
		} else if (p[at] == p[open]) {
			bool twice = doubled && at + 1 < walk->text.len &&
				     p[at + 1] == p[open];
			if (!twice) {
				walk->at = at + 1;
				return;
			}
			at++;
		}
	}
	walk->at =
	    walk->lost++ < LOST_MAX ? line_end(walk, open) : walk->text.len;
}

/* --- Erlang terms --- */

/* $c and $\c: a quote or percent sign there opens nothing. */
static void
skip_character(struct comment_walk *walk)
{
	size_t left = walk->text.len - walk->at;
	bool escaped = left > 1 && walk->text.ptr[walk->at + 1] == '\\';
	size_t len = escaped ? 3 : 2;

	walk->at += len < left ? len : left;
}

static bool
next_of_terms(struct comment_walk *walk, struct comment *comment)
{
	while (walk->at < walk->text.len) {
		switch (walk->text.ptr[walk->at]) {
		case '%': take(walk, comment); return true;
		case '"':
		case '\'': skip_quoted(walk, true, false); break;
		case '$': skip_character(walk); break;
		case '#':
			/* No comment in Erlang, but meant as one. */
			if (is_alone(walk, walk->at)) {
				walk->at = line_end(walk, walk->at);
				break;
			}
			walk->at++;
			break;
		default: walk->at++;
		}
	}
	return false;
}

/* --- YAML --- */

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The byte at an offset from the cursor; a line feed behind the end. */
static char
peek(const struct comment_walk *walk, size_t ahead)
{
	size_t at = walk->at + ahead;

	return at < walk->text.len ? walk->text.ptr[at] : '\n';
}

static long
column(const struct comment_walk *walk)
{
	return (long)(walk->at - walk->line);
}

/* --- or ... alone begins or ends a document. */
static bool
is_marker(struct str text, size_t at)
{
	const char *p = text.ptr + at;

	if (text.len - at < 3 ||
	    (memcmp(p, "---", 3) != 0 && memcmp(p, "...", 3) != 0))
		return false;
	return text.len - at == 3 || is_blank(p[3]);
}

/* Moves over the lines of a block scalar, which are indented more than what it
 * belongs to. */
static void
skip_block(struct comment_walk *walk)
{
	while (walk->at < walk->text.len) {
		size_t end = line_end(walk, walk->at), at = walk->at;
		while (at < end && walk->text.ptr[at] == ' ')
			at++;
		bool empty = at == end || walk->text.ptr[at] == '\r';
		if (!empty && ((long)(at - walk->at) <= walk->node ||
				  is_marker(walk->text, walk->at)))
			return;
		walk->at = end < walk->text.len ? end + 1 : end;
	}
}

static void
begin_line(struct comment_walk *walk)
{
	walk->at++;
	if (walk->block)
		skip_block(walk);
	walk->block = false;
	walk->line = walk->at;
	size_t indent = 0;
	while (peek(walk, indent) == ' ')
		indent++;
	/* A plain scalar goes on where the line is indented more. */
	walk->plain =
	    walk->plain && (walk->flow > 0 || (long)indent > walk->node);
	walk->value = !walk->plain;
}

/* | or > with its indicators and nothing but a comment behind. */
static bool
is_block_header(const struct comment_walk *walk)
{
	size_t ahead = 1;

	if (walk->flow > 0)
		return false;
	while (memchr("+-0123456789", peek(walk, ahead), 12))
		ahead++;
	bool blank = is_blank(peek(walk, ahead));
	while (peek(walk, ahead) == ' ' || peek(walk, ahead) == '\t')
		ahead++;
	char c = peek(walk, ahead);
	return blank && (c == '\n' || c == '\r' || c == '#');
}

/* What may stand where a key or value begins. */
static void
begin_value(struct comment_walk *walk)
{
	char c = peek(walk, 0);

	if (walk->flow == 0 && (c == '-' || c == '?') &&
	    is_blank(peek(walk, 1))) {
		walk->node = column(walk);
		walk->at++;
		return;
	}
	if (c == '&' || c == '!') {
		while (!is_blank(peek(walk, 0)))
			walk->at++;
		return;
	}
	if (walk->flow == 0 && column(walk) == 0 &&
	    is_marker(walk->text, walk->at)) {
		walk->node = -1;
		walk->at += 3;
		return;
	}
	walk->token = column(walk);
	walk->value = false;
	if (c == '"' || c == '\'') {
		skip_quoted(walk, c == '"', c == '\'');
	} else if ((c == '|' || c == '>') && is_block_header(walk)) {
		walk->block = true;
		walk->at++;
	} else if (c == '[' || c == '{') {
		walk->flow++;
		walk->value = true;
		walk->at++;
	} else {
		walk->plain = true;
	}
}

/* A character that isn't where a value may begin. */
static void
go_on(struct comment_walk *walk)
{
	char c = peek(walk, 0);
	bool closes = walk->flow > 0 && (c == ']' || c == '}');

	if (c == ':' &&
	    (is_blank(peek(walk, 1)) || (walk->flow > 0 && !walk->plain))) {
		if (walk->flow == 0)
			walk->node = walk->token;
		walk->value = true;
		walk->plain = false;
	} else if (walk->flow > 0 && c == ',') {
		walk->value = true;
		walk->plain = false;
	} else if (closes) {
		walk->flow--;
		walk->plain = false;
	}
	walk->at++;
}

static bool
next_of_yaml(struct comment_walk *walk, struct comment *comment)
{
	while (walk->at < walk->text.len) {
		char c = peek(walk, 0);
		bool spaced = walk->at == walk->line ||
			      is_blank(walk->text.ptr[walk->at - 1]);
		if (c == '\n') {
			begin_line(walk);
		} else if (is_blank(c)) {
			walk->at++;
		} else if (c == '#' && spaced) {
			walk->plain = false;
			take(walk, comment);
			return true;
		} else if (walk->value && !memchr(",]}:", c, 4)) {
			begin_value(walk);
		} else {
			go_on(walk);
		}
	}
	return false;
}

bool
comments_next(struct comment_walk *walk, struct comment *comment)
{
	switch (walk->style) {
	case COMMENTS_PERCENT: return next_of_terms(walk, comment);
	case COMMENTS_HASH: return next_of_yaml(walk, comment);
	default: return false;
	}
}
