/*
 * The YAML reader on arbitrary bytes: it must end, every term's place must lie
 * in its parent's, and true must mean that there is no error.
 */
#include <stdint.h>
#include <stdlib.h>

#include "cfgparse/base/arena.h"
#include "cfgparse/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(const struct term *term, uint32_t begin, uint32_t end)
{
	if (term->begin < begin || term->end > end || term->begin > term->end)
		abort();
	if (term->kind != TERM_LIST && term->kind != TERM_MAP)
		return;
	if (term->kind == TERM_MAP && term->count % 2)
		abort();
	for (size_t i = 0; i < term->count; i++)
		check(&term->items[i], term->begin, term->end);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct findings *findings = findings_create("fuzz");
	struct str text = { (const char *)data, size };
	const struct source *source = findings_source(findings, "x.yml", text);
	struct arena arena = { 0 };
	struct term *root;
	bool aliases;
	bool good = yaml_parse(&arena, source, findings, &root);

	check(root, 0, (uint32_t)size);
	good = yaml_look(&arena, source, findings, root, &aliases) && good;

	if (good != (findings_count(findings, SEVERITY_ERROR) == 0) ||
	    root->kind != TERM_MAP)
		abort();
	findings_finish(findings);
	arena_fini(&arena);
	findings_destroy(&findings);
	return 0;
}
