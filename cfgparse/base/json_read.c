#include "cfgparse/base/json_read.h"
/*
 * A json_t under another name. Strings with NUL in them are refused by the
 * library, and so is nesting deeper than its own limit (2048).
 */
#include <jansson.h>
#include <stdint.h>
#include <stdio.h>

static const json_t *
of(const struct json_value *value)
{
	return (const json_t *)value;
}

struct json_value *
json_parse(struct str text, char why[FILE_WHY_MAX])
{
	json_error_t error;
	json_t *top = json_loadb(
	    text.ptr ? text.ptr : "", text.len, JSON_REJECT_DUPLICATES, &error);

	if (!top)
		snprintf(why, FILE_WHY_MAX, "line %d: %.100s", error.line,
		    error.text);
	return (struct json_value *)top;
}

void
json_destroy(struct json_value **document)
{
	json_decref((json_t *)*document);
	*document = NULL;
}

const struct json_value *
json_member(const struct json_value *object, const char *name)
{
	return (const struct json_value *)json_object_get(of(object), name);
}

size_t
json_count(const struct json_value *array)
{
	return json_array_size(of(array));
}

const struct json_value *
json_element(const struct json_value *array, size_t index)
{
	return (const struct json_value *)json_array_get(of(array), index);
}

const char *
json_text(const struct json_value *value)
{
	return json_string_value(of(value));
}

bool
json_int(const struct json_value *value, int64_t *number)
{
	if (!value || !json_is_integer(of(value)))
		return false;
	*number = json_integer_value(of(value));
	return true;
}
