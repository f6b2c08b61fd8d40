#ifndef ADMIN_CONTROL_REQUEST_H
#define ADMIN_CONTROL_REQUEST_H
/*
 * The bytes of a request on the control socket:
 *
 *	xmppctl COUNT LF  NETSTRING...
 *
 * with COUNT netstrings ("LEN:BYTES,"): the format of the answer, the
 * command's name, its arguments. The answer is two netstrings: xmppctl's exit
 * code and the text to print.
 */
#include <stdbool.h>
#include <stddef.h>

#include "cfgparse/base/buf.h"
#include "cfgparse/base/str.h"

enum {
	CONTROL_FIELDS_MAX = 32,
	CONTROL_BYTES_MAX = 64 * 1024 * 1024, /* of all fields */
};

enum control_progress {
	CONTROL_MORE, /* not all there yet */
	CONTROL_WHOLE,
	CONTROL_BROKEN, /* no request, or over a limit */
};

/* A request as it comes in. Zero-initialised is valid and empty. */
struct control_request {
	size_t count; /* fields, once known */
	/* All that follow are private. */
	struct buf bytes;
	size_t at; /* read so far */
	size_t done;
	size_t starts[CONTROL_FIELDS_MAX];
	size_t lengths[CONTROL_FIELDS_MAX];
	bool broken;
};

/* Adds bytes in pieces of any size. After WHOLE or BROKEN there must be no
 * more; bytes behind the request's end make it broken. */
enum control_progress control_request_feed(
    struct control_request *request, const void *bytes, size_t len);
/* A field of a whole request; valid until fini. */
struct str control_request_field(
    const struct control_request *request, size_t index);
/* Wipes it: it may hold passwords. */
void control_request_fini(struct control_request *request);

/* Writing: what the client sends, and how both sides frame a field. */
void control_request_begin(struct buf *out, size_t count);
void control_netstring(struct buf *out, struct str field);

#endif
