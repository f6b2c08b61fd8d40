/*
 * Feeding expat: limits on bytes, stopping at a border, errors, and expat's
 * whole life. An expat is cheap to make and only ever grows (it keeps every
 * name it has seen), so it is thrown away where a border allows it and a new
 * one is given a copy of the stream's start tag. Builds no trees (build.c).
 */
#include "server/xml/parser.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cfgparse/base/hash.h"
#include "cfgparse/base/mem.h"

enum {
	/* Bytes of an unfinished tag from which on it is held back. */
	HOLD_FROM = 1024,
	/* "&#x10FFFF;" with a few zeros to spare. */
	REFERENCE_MAX = 32,
};

/* Came with expat 2.6 and with distributions' security fixes to older ones. */
XML_Bool XML_SetReparseDeferralEnabled(XML_Parser parser, XML_Bool enabled)
    __attribute__((weak));

struct xml_parser *
xml_parser_create(
    const struct xml_limits *limits, const struct xml_events *events, void *arg)
{
	struct xml_parser *parser = mem_alloc(1, sizeof(*parser));

	parser->limits = *limits;
	parser->next_limits = *limits;
	parser->events = events;
	parser->arg = arg;
	return parser;
}

/* Frees all that a new expat brings back by reading the header again. */
static void
drop_expat(struct xml_parser *parser)
{
	if (parser->expat)
		XML_ParserFree(parser->expat);
	parser->expat = NULL;
	arena_fini(&parser->arena);
	xml_scope_fini(&parser->scope);
	free(parser->levels);
	parser->levels = NULL;
	parser->level_cap = 0;
	parser->depth = 0;
	xml_tree_drop(&parser->tree);
	buf_fini(&parser->text);
	buf_fini(&parser->partial);
	buf_fini(&parser->held);
	parser->scan.state = SCAN_NONE;
	parser->given = parser->border = 0;
	parser->halted = false;
}

void
xml_parser_destroy(struct xml_parser **parser)
{
	if (!*parser)
		return;
	drop_expat(*parser);
	buf_fini(&(*parser)->header);
	free(*parser);
	*parser = NULL;
}

void
xml_parser_reset(struct xml_parser *parser)
{
	drop_expat(parser);
	buf_fini(&parser->header);
	parser->limits = parser->next_limits;
	parser->opened = parser->closed = false;
	parser->failed = parser->reported = false;
	parser->stopped = false;
	parser->past = 0;
}

void
xml_parser_set_limits(
    struct xml_parser *parser, const struct xml_limits *limits)
{
	parser->next_limits = *limits;
	if (!parser->tree)
		parser->limits = *limits;
}

bool
xml_parser_idle(const struct xml_parser *parser)
{
	return parser->opened && !parser->closed && !parser->failed &&
	       parser->given == parser->border && parser->held.len == 0;
}

void
xml_parser_rest(struct xml_parser *parser)
{
	if (xml_parser_idle(parser) && !parser->calling)
		drop_expat(parser);
}

void
xml_parser_halt(struct xml_parser *parser)
{
	if (parser->halted)
		return;
	parser->halted = true;
	XML_StopParser(parser->expat, XML_FALSE);
}

void
xml_parser_stop(struct xml_parser *parser)
{
	if (!parser->calling)
		return;
	parser->stopped = true;
	xml_parser_halt(parser);
}

void
xml_parser_fail(
    struct xml_parser *parser, enum xml_error error, const char *why)
{
	if (parser->failed)
		return;
	parser->failed = true;
	parser->error = error;
	parser->why = why;
	if (parser->expat)
		xml_parser_halt(parser);
}

/* What expat found wrong by itself. */
static void
fail_as_expat(struct xml_parser *parser)
{
	enum XML_Error code = XML_GetErrorCode(parser->expat);
	enum xml_error error = XML_ERROR_NOT_WELL_FORMED;

	if (code == XML_ERROR_NO_MEMORY)
		abort();
	if (code == XML_ERROR_UNDEFINED_ENTITY)
		error = XML_ERROR_RESTRICTED;
	if (code == XML_ERROR_UNKNOWN_ENCODING ||
	    code == XML_ERROR_INCORRECT_ENCODING)
		error = XML_ERROR_ENCODING;
	xml_parser_fail(parser, error, XML_ErrorString(code));
}

/* After each slice: what is unfinished, and is it allowed to go on? */
static void
look_at_rest(struct xml_parser *parser, size_t len)
{
	XML_Index at = XML_GetCurrentByteIndex(parser->expat);

	if (at < 0 || (uint64_t)at >= parser->given) {
		parser->scan.state = SCAN_NONE;
		return;
	}
	if ((uint64_t)at >= parser->slice_at) {
		size_t skip = (size_t)((uint64_t)at - parser->slice_at);

		xml_scan_start(&parser->scan, parser->slice + skip, len - skip);
	}
	if (parser->scan.state == SCAN_REFERENCE &&
	    parser->given - (uint64_t)at > REFERENCE_MAX)
		xml_parser_fail(parser, XML_ERROR_RESTRICTED, "long reference");
	/* The XML declaration looks like a PI. */
	if (parser->scan.state == SCAN_RESTRICTED && at > 0)
		xml_parser_fail(parser, XML_ERROR_RESTRICTED,
		    "comment, processing instruction or DTD");
}

/* Gives bytes to expat; returns how many count as used. */
static size_t
give(struct xml_parser *parser, const char *bytes, size_t len)
{
	enum XML_Status status;
	size_t used = len;

	parser->slice = bytes;
	parser->slice_at = parser->given;
	parser->given += len;
	status = XML_Parse(parser->expat, bytes, (int)len, XML_FALSE);
	if (parser->failed)
		return len;
	if (parser->halted) {
		used = (size_t)(parser->border - parser->slice_at);
		drop_expat(parser);
		return used;
	}
	if (status != XML_STATUS_OK) {
		fail_as_expat(parser);
		return len;
	}
	if (parser->tree)
		xml_build_keep_raw(parser, parser->given);
	look_at_rest(parser, len);
	return len;
}

/* Makes an expat and brings it to where the last one was. */
static void
revive(struct xml_parser *parser)
{
	parser->expat = XML_ParserCreate("UTF-8");
	if (!parser->expat)
		abort();
	/* Its own salt costs a system call for each parser. */
	XML_SetHashSalt(
	    parser->expat, (unsigned long)hash_bytes("expat", 5) | 1);
	/* Or a large stanza would wait for the bytes of the next one. */
	if (XML_SetReparseDeferralEnabled)
		XML_SetReparseDeferralEnabled(parser->expat, XML_FALSE);
	xml_build_attach(parser);
	if (!parser->opened)
		return;
	parser->replaying = true;
	give(parser, parser->header.data, parser->header.len);
	parser->replaying = false;
	if (parser->failed || parser->depth != 1)
		abort(); /* it was accepted before */
	parser->border = parser->given;
}

/* True where the bytes only make an unfinished tag longer: they are kept. */
static bool
hold(struct xml_parser *parser, const char *bytes, size_t len)
{
	if (parser->scan.state == SCAN_NONE)
		return false;
	xml_scan_more(&parser->scan, bytes, len);
	if (!xml_scan_in_tag(&parser->scan) ||
	    parser->given - parser->border < HOLD_FROM)
		return false;
	buf_append(&parser->held, bytes, len);
	return true;
}

static void
give_held(struct xml_parser *parser)
{
	struct buf held = parser->held;

	parser->held = (struct buf){ 0 };
	give(parser, held.data, held.len);
	buf_fini(&held);
}

/* At most as many bytes at a time as the limit leaves. */
static size_t
feed_some(struct xml_parser *parser, const char *bytes, size_t len)
{
	uint64_t pending = parser->given - parser->border + parser->held.len;

	if (pending >= parser->limits.bytes) {
		xml_parser_fail(parser, XML_ERROR_TOO_LARGE, "too many bytes");
		return 0;
	}
	if (len > parser->limits.bytes - pending)
		len = (size_t)(parser->limits.bytes - pending);
	if (hold(parser, bytes, len))
		return len;
	if (parser->held.len)
		give_held(parser);
	if (parser->failed || !parser->expat)
		return 0;
	return give(parser, bytes, len);
}

/*
 * expat takes a NUL among the first bytes, and a byte order mark, for UTF-16,
 * whatever encoding it was made for.
 */
static bool
is_utf16(const struct xml_parser *parser, const char *bytes, size_t len)
{
	if (parser->given >= 2)
		return false;
	if (parser->given + len > 2)
		len = (size_t)(2 - parser->given);
	return memchr(bytes, '\0', len) ||
	       (parser->given == 0 &&
		   (bytes[0] == '\xFE' || bytes[0] == '\xFF'));
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/*
 * White space where expat isn't needed for it: between stanzas at rest, after
 * the stream, and before it, where lenient (XML wants a declaration first,
 * but a client's line end may trail the stanza that ended the last stream).
 */
static size_t
skip_space(const struct xml_parser *parser, const char *bytes, size_t len)
{
	size_t skipped = 0;

	if (!parser->expat)
		while (skipped < len && is_space(bytes[skipped]))
			skipped++;
	return skipped;
}

static void
report(struct xml_parser *parser)
{
	char where[160];

	parser->reported = true;
	snprintf(where, sizeof(where), "%s (before byte %llu of the stream)",
	    parser->why, (unsigned long long)parser->past);
	drop_expat(parser);
	if (parser->events->on_error)
		parser->events->on_error(parser->arg, parser->error, where);
}

size_t
xml_parser_feed(struct xml_parser *parser, const char *bytes, size_t len)
{
	size_t used = 0;

	parser->stopped = false;
	while (!parser->failed && !parser->stopped) {
		used += skip_space(parser, bytes + used, len - used);
		if (used == len)
			break;
		if (parser->closed) {
			xml_parser_fail(parser, XML_ERROR_NOT_WELL_FORMED,
			    "data after the end of the stream");
			break;
		}
		if (!parser->opened &&
		    is_utf16(parser, bytes + used, len - used)) {
			xml_parser_fail(parser, XML_ERROR_ENCODING, "UTF-16");
			break;
		}
		if (!parser->expat)
			revive(parser);
		used += feed_some(parser, bytes + used, len - used);
	}
	parser->past += used;
	if (parser->failed && !parser->reported)
		report(parser);
	return used;
}
