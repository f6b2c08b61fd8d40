#include "cfgparse/question_json.h"
/*
 * A term deeper than this is cut off: nobody writes options like that.
 */
#include <stdlib.h>

#include "cfgparse/base/buf.h"
#include "cfgparse/terms.h"

enum { DEPTH_MAX = 64 };

static void
put_other(struct json_out *json, const char *key, const struct term *term)
{
	struct buf buf = { 0 };

	terms_dump(&buf, term, false);
	json_out_text(json, key, buf_str(&buf));
	buf_fini(&buf);
}

static void put(struct json_out *json, const char *key, const struct term *term,
    unsigned depth);

static void
put_map(struct json_out *json, const char *key, const struct term *term,
    unsigned depth)
{
	json_out_object(json, key);
	for (size_t i = 0; i + 1 < term->count; i += 2) {
		struct buf name = { 0 };
		const struct term *item = &term->items[i];
		if (item->kind == TERM_ATOM || item->kind == TERM_STRING)
			buf_add(&name, item->text);
		else
			terms_dump(&name, item, false);
		put(json, buf_text(&name), item + 1, depth + 1);
		buf_fini(&name);
	}
	json_out_end(json);
}

static void
put(struct json_out *json, const char *key, const struct term *term,
    unsigned depth)
{
	int64_t number;

	if (depth > DEPTH_MAX) {
		json_out_null(json, key);
	} else if (term->kind == TERM_MAP) {
		put_map(json, key, term, depth);
	} else if (term->kind == TERM_LIST || term->kind == TERM_TUPLE) {
		json_out_array(json, key);
		for (size_t i = 0; i < term->count; i++)
			put(json, NULL, &term->items[i], depth + 1);
		json_out_end(json);
	} else if (term->kind == TERM_ATOM || term->kind == TERM_STRING) {
		json_out_text(json, key, term->text);
	} else if (term_int(term, &number)) {
		json_out_int(json, key, number);
	} else {
		put_other(json, key, term);
	}
}

void
question_json(struct json_out *json, const char *key, const struct term *term)
{
	put(json, key, term, 0);
}
