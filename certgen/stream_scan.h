#ifndef CERTGEN_STREAM_SCAN_H
#define CERTGEN_STREAM_SCAN_H
/*
 * The XML of a stream as far as a connection's first words go (RFC 6120,
 * sections 4 and 11): tags with their namespaces, and text, out of bytes that
 * arrive in any pieces. Memory is fixed. It knows nothing of what the tags
 * mean, and it is no validating parser: it says what a peer of good will says,
 * and gives up on what XMPP forbids (comments, DTDs, CDATA) or what is deeper
 * or longer than any greeting.
 */
#include <stdbool.h>
#include <stddef.h>

#include "cfgparse/base/str.h"

enum {
	SCAN_DEPTH_MAX = 16,
	SCAN_NAME_MAX = 63,
	SCAN_VALUE_MAX = 255, /* of an attribute; the rest is cut off */
	SCAN_ATTRIBUTES_MAX = 8,
	SCAN_NAMESPACES_MAX = 16,
};

struct scan_attribute {
	char name[SCAN_NAME_MAX + 1];
	char value[SCAN_VALUE_MAX + 1]; /* as it came: entities stay */
};

struct scan_namespace {
	unsigned depth; /* of the tag that declares it */
	char prefix[SCAN_NAME_MAX + 1];
	char uri[SCAN_VALUE_MAX + 1];
};

/* What is told; the stream's own tag has depth 1. */
struct scan_events {
	void (*on_open)(void *arg, unsigned depth, const char *uri,
	    const char *name, const struct scan_attribute *attributes,
	    size_t count);
	void (*on_text)(void *arg, unsigned depth, struct str text);
	void (*on_close)(void *arg, unsigned depth);
};

/* Fields are private. */
struct stream_scan {
	const struct scan_events *events;
	void *arg;
	int state;
	bool stopped;
	bool started; /* the stream's own tag was there */
	char quote;
	unsigned depth;
	char name[SCAN_NAME_MAX + 1];
	size_t name_len;
	size_t value_len;
	struct scan_attribute attributes[SCAN_ATTRIBUTES_MAX + 1];
	size_t attribute_count;
	struct scan_namespace namespaces[SCAN_NAMESPACES_MAX];
	size_t namespace_count;
};

/* Begins anew; events and arg stay the caller's. */
void stream_scan_init(
    struct stream_scan *scan, const struct scan_events *events, void *arg);
/* Reads on; false where this is no XML of a stream. *used is how many bytes
 * were read: all, unless an event stopped it. */
bool stream_scan_feed(
    struct stream_scan *scan, const char *bytes, size_t len, size_t *used);
/* From an event: no byte behind this tag is read. */
void stream_scan_stop(struct stream_scan *scan);
/* The value of the attribute, or NULL. */
const char *scan_value(
    const struct scan_attribute *attributes, size_t count, const char *name);

#endif
