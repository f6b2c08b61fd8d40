#ifndef CFGPARSE_QUESTION_H
#define CFGPARSE_QUESTION_H
/*
 * What an operator can ask of a configuration instead of linting it. Answers
 * come from the policy that the server itself would ask, and from the model.
 */
#include <stdio.h>

#include "cfgparse/base/buf.h"
#include "cfgparse/base/json.h"
#include "cfgparse/lint.h"
#include "cfgparse/policy.h"

struct question {
	const char *rule; /* of access, by name */
	const char *jid;  /* or NULL */
	const char *host; /* or NULL */
	const char *ip;	  /* or NULL */
	bool json;
};

/* What --access exits with. */
enum { ANSWER_ALLOW = 0, ANSWER_DENY = 1, ANSWER_UNKNOWN = 2 };

/* Each writes its answer to out and returns the exit status; what can't be
 * asked is said on stderr. lint has its policy. */
/* Whom the rule admits, by its lines. */
int question_who(struct lint *lint, const struct question *question, FILE *out);
/* What the rule says of one account, step by step. */
int question_access(
    struct lint *lint, const struct question *question, FILE *out);
/* The configuration as it holds, of the host or of all. */
int question_effective(
    struct lint *lint, const struct question *question, FILE *out);

/* --- shared by the question_*.c --- */

/* The prepared host that is asked for; empty: none was given. False after a
 * message where it isn't served. */
bool question_host(
    struct lint *lint, const struct question *question, struct str *host);
/* True where the rule yields shapers or numbers, by how it is used. */
bool question_is_shaper(struct lint *lint, struct str rule);
/* Whom a condition means, in words, with the host that is asked for. */
void question_words(struct buf *buf, const struct policy *policy,
    const struct policy_condition *condition, struct str host);
/* file:line:column, escaped. */
void question_place(struct buf *buf, const struct term *term);
/* The same as members file, line, column of an object by that key. */
void question_place_json(
    struct json_out *json, const char *key, const struct term *term);
/* Says what is wrong with a question; returns ANSWER_UNKNOWN. */
int question_refuse(const char *message, ...)
    __attribute__((format(printf, 1, 2)));

#endif
