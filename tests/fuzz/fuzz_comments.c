/*
 * Suppression comments in arbitrary text, in both styles: each comment lies in
 * the text, in order, and every line can be asked about.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "cfgparse/comments.h"
#include "cfgparse/findings.h"
#include "cfgparse/findings_rules.h"
#include "cfgparse/source_lines.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
walk(struct str text, enum comment_style style)
{
	struct comment_walk walk;
	struct comment comment;
	size_t behind = 0;

	comments_start(&walk, text, style);
	while (comments_next(&walk, &comment)) {
		if (comment.begin < behind || comment.text.len == 0 ||
		    comment.text.ptr != text.ptr + comment.begin)
			abort();
		behind = comment.begin + comment.text.len;
		if (behind > text.len)
			abort();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct rule *const tables[] = { findings_rules, NULL };
	struct str text = { (const char *)data, size };

	for (int style = COMMENTS_PERCENT; style <= COMMENTS_HASH; style++) {
		struct findings *findings = findings_create("fuzz");
		const struct source *source =
		    findings_source(findings, "f", text);

		walk(text, (enum comment_style)style);
		findings_allow(findings, tables);
		source_comments(source, (enum comment_style)style);
		for (uint32_t i = 0; i < size; i += 16) {
			struct span span = source_span(source, i, i + 1);
			finding_add(findings,
			    &findings_rules[SUPPRESSION_UNUSED], &span, "x");
		}
		findings_finish(findings);
		findings_destroy(&findings);
	}
	return 0;
}
