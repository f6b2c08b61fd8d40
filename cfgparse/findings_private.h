#ifndef CFGPARSE_FINDINGS_PRIVATE_H
#define CFGPARSE_FINDINGS_PRIVATE_H
/*
 * What the renderers know of findings beyond the header: their fields.
 * Included by cfgparse/findings*.c only.
 */
#include "cfgparse/base/arena.h"
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
	struct edit *edits;
	bool unsafe;  /* one of the edits is */
	size_t order; /* as it was added */
};

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
};

/* "error", "warning", "info". */
const char *severity_name(enum severity severity);

void findings_text(const struct findings *findings, bool colour, FILE *out);
void findings_json(const struct findings *findings, FILE *out);
void findings_sarif(const struct findings *findings, FILE *out);
void findings_gcc(const struct findings *findings, FILE *out);

#endif
