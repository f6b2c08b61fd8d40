#ifndef BASE_JSON_READ_H
#define BASE_JSON_READ_H
/*
 * Reading JSON (RFC 8259) that a program wrote earlier: the whole document at
 * once, and its values by name and number. Knows nothing of what they mean.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cfgparse/base/file.h"
#include "cfgparse/base/str.h"

/* A value that belongs to its document. Every function takes NULL for a value
 * that isn't there. */
struct json_value;

/* NULL where it is no JSON, and why says so. Destroy the document, which is its
 * topmost value, with json_destroy. */
struct json_value *json_parse(struct str text, char why[FILE_WHY_MAX]);
void json_destroy(struct json_value **document);

/* The member of an object, or NULL. */
const struct json_value *json_member(
    const struct json_value *object, const char *name);
/* How many elements an array has; 0 for everything else. */
size_t json_count(const struct json_value *array);
/* An element of an array, or NULL. */
const struct json_value *json_element(
    const struct json_value *array, size_t index);
/* The text of a string, NUL-terminated; NULL for everything else. */
const char *json_text(const struct json_value *value);
/* False for what is no integer. */
bool json_int(const struct json_value *value, int64_t *number);

#endif
