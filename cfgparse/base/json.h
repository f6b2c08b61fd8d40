#ifndef BASE_JSON_H
#define BASE_JSON_H
/*
 * Writing JSON: values are added in order to the innermost open object or
 * array, and the whole is printed once. Reading JSON is not its business.
 * The only place that knows the JSON library.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "cfgparse/base/str.h"

struct json_out;

/* An empty document. Destroy it with json_out_destroy. */
struct json_out *json_out_create(void);
void json_out_destroy(struct json_out **out);

/*
 * Each adds one value. key names it inside an object and is NULL inside an
 * array or at the top; the document has exactly one value at the top.
 */
/* Opens an object; json_out_end closes it. */
void json_out_object(struct json_out *out, const char *key);
/* Opens an array; json_out_end closes it. */
void json_out_array(struct json_out *out, const char *key);
/* Closes the innermost open object or array. */
void json_out_end(struct json_out *out);
/* Ill-formed UTF-8 becomes U+FFFD. Copied. */
void json_out_text(struct json_out *out, const char *key, struct str text);
/* A NUL-terminated text; nothing at all is added for NULL. Copied. */
void json_out_string(struct json_out *out, const char *key, const char *text);
void json_out_int(struct json_out *out, const char *key, int64_t value);
void json_out_bool(struct json_out *out, const char *key, bool value);
void json_out_null(struct json_out *out, const char *key);

/* Everything must be closed. indent 0 prints one line; both end without a
 * newline. False where writing failed. */
bool json_out_print(const struct json_out *out, int indent, FILE *file);
/* The same as text: free() it. */
char *json_out_take(const struct json_out *out, int indent);

#endif
