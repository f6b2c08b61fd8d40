#ifndef CFGPARSE_QUESTION_JSON_H
#define CFGPARSE_QUESTION_JSON_H
/*
 * Terms as JSON: tuples and lists are arrays, maps are objects, atoms and
 * strings texts.
 */
#include "cfgparse/base/json.h"
#include "cfgparse/term.h"

/* Adds the term by that key, as json_out_text. */
void question_json(
    struct json_out *json, const char *key, const struct term *term);

#endif
