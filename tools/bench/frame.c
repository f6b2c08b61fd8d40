/*
 * The framing scanner: tags, quotes and depth, and no more of XML than that.
 */
#include "tools/bench/frame.h"

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static enum bench_frame_kind
piece_done(struct bench_scanner *scanner, struct str input,
    enum bench_frame_kind kind, struct str *piece, size_t *used)
{
	piece->ptr = input.ptr + scanner->start;
	piece->len = scanner->at - scanner->start;
	*used = scanner->at;
	scanner->at = 0;
	scanner->start = 0;
	return kind;
}

/* A tag ended at scanner->at: what it means for the depth. */
static enum bench_frame_kind
tag_done(struct bench_scanner *scanner, struct str input)
{
	const char *tag = input.ptr + scanner->tag;
	size_t len = scanner->at - scanner->tag;

	if (len < 3 || tag[1] == '!')
		return BENCH_FRAME_BAD;
	if (tag[1] == '?') {
		if (scanner->depth == 0)
			scanner->start = scanner->at;
		return scanner->open ? BENCH_FRAME_BAD : BENCH_FRAME_MORE;
	}
	if (tag[1] == '/') {
		if (!scanner->open)
			return BENCH_FRAME_BAD;
		if (scanner->depth == 0)
			return BENCH_FRAME_CLOSE;
		scanner->depth--;
	} else if (!scanner->open) {
		scanner->open = true;
		return tag[len - 2] == '/' ? BENCH_FRAME_BAD : BENCH_FRAME_OPEN;
	} else if (tag[len - 2] != '/') {
		scanner->depth++;
	}
	return scanner->depth == 0 ? BENCH_FRAME_ELEMENT : BENCH_FRAME_MORE;
}

/* One byte; anything but MORE ends the piece behind it. */
static enum bench_frame_kind
step(struct bench_scanner *scanner, struct str input)
{
	char c = input.ptr[scanner->at++];

	if (!scanner->in_tag) {
		if (c == '<') {
			scanner->in_tag = true;
			scanner->tag = scanner->at - 1;
		} else if (scanner->depth == 0) {
			if (!is_space(c))
				return BENCH_FRAME_BAD;
			scanner->start = scanner->at;
		}
		return BENCH_FRAME_MORE;
	}
	if (scanner->quote != '\0') {
		if (c == scanner->quote)
			scanner->quote = '\0';
		return BENCH_FRAME_MORE;
	}
	if (c == '"' || c == '\'')
		scanner->quote = c;
	if (c != '>')
		return BENCH_FRAME_MORE;
	scanner->in_tag = false;
	return tag_done(scanner, input);
}

enum bench_frame_kind
bench_frame_next(struct bench_scanner *scanner, struct str input,
    struct str *piece, size_t *used)
{
	while (scanner->at < input.len) {
		enum bench_frame_kind kind = step(scanner, input);

		if (kind == BENCH_FRAME_BAD)
			return kind;
		if (kind != BENCH_FRAME_MORE)
			return piece_done(scanner, input, kind, piece, used);
	}
	return input.len - scanner->start > BENCH_FRAME_LIMIT
		   ? BENCH_FRAME_BAD
		   : BENCH_FRAME_MORE;
}

struct str
bench_frame_name(struct str piece)
{
	size_t len = 1;

	while (len < piece.len && !is_space(piece.ptr[len]) &&
	       piece.ptr[len] != '>' && piece.ptr[len] != '/')
		len++;
	if (piece.len == 0)
		return piece;
	return (struct str){ piece.ptr + 1, len - 1 };
}

bool
bench_frame_attr(struct str piece, const char *name, struct str *value)
{
	size_t name_len = strlen(name), at = 0;

	while (
	    at < piece.len && !is_space(piece.ptr[at]) && piece.ptr[at] != '>')
		at++;
	while (at < piece.len && piece.ptr[at] != '>') {
		size_t key, end;
		const char *close;

		while (at < piece.len && is_space(piece.ptr[at]))
			at++;
		for (key = at; at < piece.len && piece.ptr[at] != '='; at++)
			if (piece.ptr[at] == '>')
				return false;
		end = at;
		while (end > key && is_space(piece.ptr[end - 1]))
			end--;
		for (at++; at < piece.len && is_space(piece.ptr[at]);)
			at++;
		if (at >= piece.len)
			return false;
		close = memchr(
		    piece.ptr + at + 1, piece.ptr[at], piece.len - at - 1);
		if (close == NULL)
			return false;
		if (end - key == name_len &&
		    memcmp(piece.ptr + key, name, name_len) == 0) {
			value->ptr = piece.ptr + at + 1;
			value->len = (size_t)(close - value->ptr);
			return true;
		}
		at = (size_t)(close - piece.ptr) + 1;
	}
	return false;
}

bool
bench_frame_text(struct str piece, const char *tag, struct str *text)
{
	size_t len = strlen(tag);

	for (size_t at = 0; at + len + 1 < piece.len; at++) {
		const char *from, *to, *end = piece.ptr + piece.len;
		char after = piece.ptr[at + 1 + len];

		if (piece.ptr[at] != '<' ||
		    memcmp(piece.ptr + at + 1, tag, len) != 0 ||
		    (after != '>' && !is_space(after)))
			continue;
		from =
		    memchr(piece.ptr + at, '>', (size_t)(end - piece.ptr) - at);
		if (from == NULL || from[-1] == '/')
			return false;
		to = memchr(from + 1, '<', (size_t)(end - from) - 1);
		if (to == NULL)
			return false;
		*text = (struct str){ from + 1, (size_t)(to - from) - 1 };
		return true;
	}
	return false;
}

bool
bench_frame_has(struct str piece, const char *bytes)
{
	return memmem(piece.ptr, piece.len, bytes, strlen(bytes)) != NULL;
}
