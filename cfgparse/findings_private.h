#ifndef CFGPARSE_FINDINGS_PRIVATE_H
#define CFGPARSE_FINDINGS_PRIVATE_H
/*
 * What the renderers know of findings beyond the header: their fields.
 * Included by cfgparse/findings*.c only.
 */
#include "cfgparse/base/arena.h"
#include "cfgparse/base/map.h"
#include "cfgparse/findings.h"

struct related {
	struct span span;
	const char *message;
	struct related *next;
};

struct edit {
	struct span span;
	const char *text;
	struct edit *next;
};

struct finding {
	struct findings *owner;
	const struct rule *rule;
	enum severity severity;
	struct span span;
	const char *message;
	const char *subject; /* or NULL */
	const char *hint;    /* or NULL */
	struct related *related;
	struct related **related_end;
	size_t related_count; /* also of those over the limit */
	struct edit *edits;
	struct edit **edits_end;
	bool unsafe;  /* one of the edits is */
	bool sink;    /* what is said of it is not kept */
	size_t order; /* as it was added */
};

/* What is known of a rule that had findings, or that was named. */
struct rule_state {
	const struct rule *rule; /* NULL: named only */
	struct rule_state *next; /* as they were first used */
	size_t kept;
	size_t hidden; /* over the limit */
	size_t index;  /* in SARIF's list */
	bool disabled;
	bool only;
};

enum { SEVERITIES = SEVERITY_ERROR + 1, RELATED_MAX = 20 };

/* A text that was handed over. */
struct owned {
	char *text;
	struct owned *next;
};

struct findings {
	const char *tool;
	struct arena arena;
	struct owned *owned;
	struct finding **items;
	size_t count;
	size_t cap;
	struct map rules;	 /* id: struct rule_state */
	struct rule_state *used; /* those with findings */
	struct rule_state **used_end;
	bool only; /* some rules were named as the only ones */
	size_t added[SEVERITIES];
	size_t hidden[SEVERITIES]; /* of those that are shown, over the limit */
	/* Stand for what isn't kept: counted or not. */
	struct finding spill;
	struct finding dropped;
};

/* "error", "warning", "info". */
const char *severity_name(enum severity severity);

void findings_text(const struct findings *findings, bool colour, FILE *out);
void findings_json(const struct findings *findings, FILE *out);
void findings_sarif(const struct findings *findings, FILE *out);
void findings_gcc(const struct findings *findings, FILE *out);

#endif
