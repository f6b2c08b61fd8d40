/* The control socket's requests: however they are cut into pieces, they read
 * the same; what was read is written the same. */
#include "server/admin/control_request.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require(bool holds)
{
	if (!holds)
		abort();
}

static void
check_written(const struct control_request *request)
{
	struct control_request again = { 0 };
	struct buf text = { 0 };

	control_request_begin(&text, request->count);
	for (size_t i = 0; i < request->count; i++)
		control_netstring(&text, control_request_field(request, i));
	require(
	    control_request_feed(&again, text.data, text.len) == CONTROL_WHOLE);
	require(again.count == request->count);
	for (size_t i = 0; i < request->count; i++)
		require(str_eq(control_request_field(&again, i),
		    control_request_field(request, i)));
	buf_fini(&text);
	control_request_fini(&again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct control_request whole = { 0 }, pieces = { 0 };
	enum control_progress at_once =
	    control_request_feed(&whole, data, size);
	enum control_progress piecewise = CONTROL_MORE;
	size_t at = 0;

	while (at < size && piecewise == CONTROL_MORE)
		piecewise = control_request_feed(&pieces, data + at++, 1);
	/* Bytes behind the end are seen only when they have come. */
	if (at == size)
		require(piecewise == at_once);
	else
		require(at_once == CONTROL_BROKEN);
	if (at_once == CONTROL_WHOLE)
		check_written(&whole);
	control_request_fini(&whole);
	control_request_fini(&pieces);
	return 0;
}
