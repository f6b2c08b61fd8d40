/*
 * Reading requests of the control socket, whoever sent them: lengths are
 * checked as they are read, before memory is spent on what they announce.
 */
#include "server/admin/control_request.h"

#include <stdint.h>

#define GREETING "xmppctl "

enum {
	GREETING_LEN = sizeof(GREETING) - 1,
	COUNT_DIGITS = 2,
	LEN_DIGITS = 8,
};

/* The number at the reading position and its end mark, both taken. */
static enum control_progress
take_number(struct control_request *request, size_t digits_max, char end,
    size_t *number)
{
	struct str bytes = buf_str(&request->bytes);
	size_t at = request->at, value = 0, digits = 0;

	for (; at < bytes.len; at++) {
		char c = bytes.ptr[at];

		if (c == end && digits > 0) {
			request->at = at + 1;
			*number = value;
			return CONTROL_WHOLE;
		}
		if (c < '0' || c > '9' || ++digits > digits_max)
			return CONTROL_BROKEN;
		value = value * 10 + (size_t)(c - '0');
	}
	return CONTROL_MORE;
}

static enum control_progress
take_greeting(struct control_request *request)
{
	struct str bytes = buf_str(&request->bytes);
	size_t there = bytes.len < GREETING_LEN ? bytes.len : GREETING_LEN;
	enum control_progress progress;

	if (memcmp(bytes.ptr, GREETING, there) != 0)
		return CONTROL_BROKEN;
	if (there < GREETING_LEN)
		return CONTROL_MORE;
	request->at = GREETING_LEN;
	progress = take_number(request, COUNT_DIGITS, '\n', &request->count);
	if (progress != CONTROL_WHOLE)
		return progress;
	/* A format and a name are always there. */
	if (request->count < 2 || request->count > CONTROL_FIELDS_MAX)
		return CONTROL_BROKEN;
	return CONTROL_WHOLE;
}

static size_t
bytes_taken(const struct control_request *request)
{
	size_t sum = 0;

	for (size_t i = 0; i < request->done; i++)
		sum += request->lengths[i];
	return sum;
}

static enum control_progress
take_field(struct control_request *request)
{
	size_t before = request->at, len;
	enum control_progress progress =
	    take_number(request, LEN_DIGITS, ':', &len);

	if (progress != CONTROL_WHOLE)
		return progress;
	if (len > CONTROL_BYTES_MAX - bytes_taken(request))
		return CONTROL_BROKEN;
	if (request->bytes.len - request->at <= len) {
		request->at = before;
		return CONTROL_MORE;
	}
	if (request->bytes.data[request->at + len] != ',')
		return CONTROL_BROKEN;
	request->starts[request->done] = request->at;
	request->lengths[request->done] = len;
	request->done++;
	request->at += len + 1;
	return CONTROL_WHOLE;
}

static enum control_progress
advance(struct control_request *request)
{
	enum control_progress progress = CONTROL_WHOLE;

	if (request->bytes.len == 0)
		return CONTROL_MORE;
	if (request->count == 0)
		progress = take_greeting(request);
	while (progress == CONTROL_WHOLE && request->done < request->count)
		progress = take_field(request);
	if (progress == CONTROL_WHOLE && request->at < request->bytes.len)
		progress = CONTROL_BROKEN;
	return progress;
}

enum control_progress
control_request_feed(
    struct control_request *request, const void *bytes, size_t len)
{
	enum control_progress progress;

	if (request->broken)
		return CONTROL_BROKEN;
	buf_append(&request->bytes, bytes, len);
	progress = advance(request);
	if (progress == CONTROL_MORE)
		return progress;
	if (progress == CONTROL_BROKEN)
		request->broken = true;
	return progress;
}

struct str
control_request_field(const struct control_request *request, size_t index)
{
	return (struct str){ request->bytes.data + request->starts[index],
		request->lengths[index] };
}

void
control_request_fini(struct control_request *request)
{
	buf_wipe(&request->bytes);
	*request = (struct control_request){ 0 };
}

void
control_request_begin(struct buf *out, size_t count)
{
	buf_printf(out, GREETING "%zu\n", count);
}

void
control_netstring(struct buf *out, struct str field)
{
	buf_printf(out, "%zu:", field.len);
	buf_add(out, field);
	buf_putc(out, ',');
}
