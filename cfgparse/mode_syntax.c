#include "cfgparse/modes.h"
/*
 * --syntax-only: whether the files can be read in their dialects. What they
 * include and what their options say is not looked at.
 */
#include "cfgparse/base/file.h"
#include "cfgparse/cfg.h"
#include "cfgparse/cli.h"

int
mode_syntax(const struct cli *cli, const struct request *request)
{
	struct findings *findings = cli_findings(cli);
	char why[FILE_WHY_MAX];
	bool failed = false;

	for (size_t i = 0; i < request->file_count; i++) {
		failed |= !file_readable(request->files[i], why);
		cfg_check_syntax(request->files[i], findings);
	}
	int status = cli_finish(cli, findings);
	findings_destroy(&findings);
	return failed ? EXIT_FAILED : status;
}
