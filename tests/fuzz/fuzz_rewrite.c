/*
 * Changing texts of a configuration: some of its strings get other ones, and
 * the proof of what that means is asked for. An edit that changes nothing has
 * to be proved; the others may be refused, and the diff of all has to end.
 * Opens no file.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "cfgparse/base/buf.h"
#include "cfgparse/cfg.h"
#include "cfgparse/findings.h"
#include "cfgparse/lint.h"
#include "cfgparse/rewrite_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { CHANGES_MAX = 4, DEPTH_MAX = 20 };

struct fuzz {
	struct str text;
	struct rewrite rewrite;
	struct rewrite_change changes[CHANGES_MAX];
	size_t count, seen;
	uint32_t seed;
};

static const char *const texts[] = { "/etc/x.pem", "it's", "\"a\\b\"", "true",
	"12", "\xc3\xa9\n", "a: b #", "- x", "" };

static void
pick(struct fuzz *fuzz, const struct term *term, int depth)
{
	bool text = term->kind == TERM_STRING || term->kind == TERM_BINARY;

	if (text && fuzz->count < CHANGES_MAX &&
	    (fuzz->seed + ++fuzz->seen * 2654435761U) >> 30 == 0)
		fuzz->changes[fuzz->count++] =
		    (struct rewrite_change){ .term = term,
			    .text = str_of(
				texts[(fuzz->seed + fuzz->seen) %
				      (sizeof(texts) / sizeof(texts[0]))]) };
	if (depth == DEPTH_MAX ||
	    (term->kind != TERM_LIST && term->kind != TERM_TUPLE &&
		term->kind != TERM_MAP))
		return;
	for (size_t i = 0; i < term->count; i++)
		pick(fuzz, &term->items[i], depth + 1);
}

static void
check(struct fuzz *fuzz, struct lint *lint, bool must)
{
	static const struct cfg_load_options options;
	static FILE *nowhere;
	const char *why;

	if (!nowhere)
		nowhere = fopen("/dev/null", "w");
	if (!rewrite_apply(&fuzz->rewrite, &why)) {
		rewrite_fini(&fuzz->rewrite);
		return;
	}
	rewrite_diff(&fuzz->rewrite, nowhere);
	if (!rewrite_check(lint, &options, &fuzz->rewrite, fuzz->changes,
		fuzz->count, &why) &&
	    must) {
		fprintf(stderr, "%s\n", why);
		abort();
	}
	rewrite_fini(&fuzz->rewrite);
}

static void
on_read(void *context, struct lint *lint)
{
	struct fuzz *fuzz = context;
	struct buf quoted = { 0 };

	rewrite_replace(&fuzz->rewrite, lint->source, 0, 0, STR(""));
	check(fuzz, lint, true);
	for (size_t i = 0; i < lint->model->setting_count; i++) {
		const struct model_setting *setting = lint->model->in_order[i];

		if (setting->option.value)
			pick(fuzz, setting->option.value, 0);
	}
	for (size_t i = 0; i < fuzz->count; i++) {
		const struct term *term = fuzz->changes[i].term;

		buf_clear(&quoted);
		rewrite_quote(&quoted, term, fuzz->changes[i].text);
		rewrite_replace(&fuzz->rewrite, term->file->source, term->begin,
		    term->end, buf_str(&quoted));
	}
	buf_fini(&quoted);
	if (fuzz->count)
		check(fuzz, lint, false);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz fuzz = { .text = { (const char *)data, size },
		.seed = (uint32_t)size };
	const struct cfg_load_options options = { .look = on_read,
		.look_context = &fuzz };
	struct findings *findings = findings_create("fuzz");

	cfg_load_text("fuzz.cfg", fuzz.text, &options, findings, NULL);
	findings_destroy(&findings);
	return 0;
}
