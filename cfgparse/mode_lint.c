#include "cfgparse/modes.h"
/*
 * The linter's ordinary work: every file in one run, all findings together.
 */
#include "cfgparse/base/file.h"
#include "cfgparse/cfg.h"
#include "cfgparse/cli.h"

int
mode_lint(const struct cli *cli, const struct request *request)
{
	struct cfg_load_options load = { .check_files = request->check_files,
		.target = &request->target };
	struct findings *findings = cli_findings(cli);
	char why[FILE_WHY_MAX];
	bool failed = false;

	for (size_t i = 0; request->untried[i]; i++)
		findings_untried(findings, request->untried[i]);
	for (size_t i = 0; i < request->file_count; i++) {
		failed |= !file_readable(request->files[i], why);
		cfg_load(request->files[i], &load, findings, NULL);
	}
	int status = cli_finish(cli, findings);
	findings_destroy(&findings);
	return failed ? EXIT_FAILED : status;
}
