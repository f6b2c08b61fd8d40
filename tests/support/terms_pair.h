#ifndef SUPPORT_TERMS_PAIR_H
#define SUPPORT_TERMS_PAIR_H
/*
 * Reads a text twice, in the short way where its terms are plain and with the
 * parser alone, and compares what comes out: terms, places, findings. For the
 * unit test and the fuzz target, which differ in where texts come from.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cfgparse/base/arena.h"
#include "cfgparse/terms.h"

/* One way of reading, and what came of it. */
struct terms_read {
	struct findings *findings;
	struct arena arena;
	struct term *terms;
	size_t count;
	bool good;
	char *report; /* as JSON */
};

static inline char *
pair_report(struct findings *findings)
{
	struct findings_options options = { .format = FORMAT_JSON };
	char *text = NULL;
	size_t len = 0;
	FILE *file = open_memstream(&text, &len);

	findings_render(findings, &options, file);
	fclose(file);
	return text;
}

static inline struct terms_read
pair_read(struct str text, const struct terms_options *options)
{
	struct terms_read got = { .findings = findings_create("test") };
	const struct source *source =
	    findings_source(got.findings, "text", text);

	got.good = terms_parse(
	    &got.arena, source, options, got.findings, &got.terms, &got.count);
	got.report = pair_report(got.findings);
	return got;
}

static inline void
pair_free(struct terms_read *got)
{
	findings_destroy(&got->findings);
	arena_fini(&got->arena);
	free(got->report);
}

static inline bool
pair_same_terms(const struct term *a, const struct term *b, size_t count)
{
	for (size_t i = 0; i < count; i++, a++, b++) {
		if (a->kind != b->kind || a->quoted != b->quoted ||
		    a->improper != b->improper || a->begin != b->begin ||
		    a->end != b->end)
			return false;
		if (a->file->yaml != b->file->yaml)
			return false;
		switch (a->kind) {
		case TERM_ATOM:
		case TERM_INTEGER:
		case TERM_STRING:
			if (!str_eq(a->text, b->text))
				return false;
			break;
		case TERM_FLOAT:
			if (memcmp(&a->number, &b->number, sizeof a->number))
				return false;
			break;
		case TERM_LIST:
		case TERM_TUPLE:
		case TERM_MAP:
			if (a->count != b->count ||
			    !pair_same_terms(
				a->items, b->items, a->count + a->improper))
				return false;
			break;
		case TERM_BINARY:
			if (a->bits != b->bits ||
			    memcmp(a->bytes, b->bytes, (a->bits + 7) / 8))
				return false;
			break;
		case TERM_FUN:
			if (!str_eq(a->fun->module, b->fun->module) ||
			    !str_eq(a->fun->function, b->fun->function) ||
			    !str_eq(a->fun->arity, b->fun->arity))
				return false;
			break;
		}
	}
	return true;
}

/* What differs between the ways, or NULL. */
static inline const char *
pair_difference(struct str text, bool otp25)
{
	struct terms_options options = { .otp25 = otp25 };
	struct terms_read fast = pair_read(text, &options), slow;
	struct findings *checked = findings_create("test");
	const struct source *source = findings_source(checked, "text", text);
	const char *what = NULL;
	bool good = terms_check(source, &options, checked);
	char *report = pair_report(checked);

	options.no_short_way = true;
	slow = pair_read(text, &options);
	if (fast.good != slow.good || good != slow.good)
		what = "the verdict";
	else if (strcmp(fast.report, slow.report) != 0)
		what = "the findings";
	else if (strcmp(report, slow.report) != 0)
		what = "the findings of the check";
	else if (fast.count != slow.count ||
		 !pair_same_terms(fast.terms, slow.terms, slow.count))
		what = "the terms";
	pair_free(&fast);
	pair_free(&slow);
	findings_destroy(&checked);
	free(report);
	return what;
}

#endif
