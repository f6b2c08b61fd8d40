/*
 * The whole loader over arbitrary text: dialect, terms, macros, catalogue and
 * freezing, then what the server asks of the result. Opens no file.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "cfgparse/cfg.h"
#include "cfgparse/findings.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
ask(const struct cfg *cfg)
{
	struct cfg_subject who = { STR("alice"), STR("example.org"),
		STR("home") };

	for (size_t i = 0; i < cfg->host_count; i++) {
		cfg_allowed(cfg, &cfg->hosts[i], "c2s", &who);
		cfg_shaper_rate(cfg, &cfg->hosts[i], "c2s_shaper", &who);
	}
	cfg_allowed(cfg, NULL, "c2s", &who);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static FILE *nowhere;
	struct findings *findings = findings_create("fuzz");
	struct findings_options options = { .format = (enum findings_format)(
						size % FORMATS) };
	/* Half of them are frozen in spite of what was found. */
	struct cfg_load_options how = { .anyway = size % 2 == 0 };
	struct cfg *cfg;

	if (!nowhere)
		nowhere = fopen("/dev/null", "w");
	if (cfg_load_text("fuzz.cfg", (struct str){ (const char *)data, size },
		&how, findings, &cfg))
		ask(cfg);
	findings_finish(findings);
	findings_render(findings, &options, nowhere);
	cfg_destroy(&cfg);
	findings_destroy(&findings);
	return 0;
}
