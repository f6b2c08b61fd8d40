#include "cfgparse/modes.h"
/*
 * The linter's ordinary work: every file in one run, all findings together.
 * With --syntax-only what they include and what their options say is not
 * looked at.
 */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cfgparse/base/file.h"
#include "cfgparse/cfg.h"
#include "cfgparse/cli.h"
#include "cfgparse/lint_files.h"

static bool
stdin_readable(void)
{
	struct stat st;

	return fstat(STDIN_FILENO, &st) == 0 && !S_ISDIR(st.st_mode);
}

/* False where the file can't be read, which is a finding. */
static bool
lint_file(
    const struct request *request, const char *path, struct findings *findings)
{
	bool from_stdin = strcmp(path, "-") == 0;
	struct cfg_load_options load = { .check_files = request->check_files,
		.target = &request->target,
		.dialect = request->dialect,
		.standard_input = from_stdin,
		.look = request->look,
		.look_context = request->look_context };
	char why[FILE_WHY_MAX];
	bool readable =
	    from_stdin ? stdin_readable() : file_readable(path, why);

	if (from_stdin)
		path = request->stdin_name;
	if (request->syntax_only)
		cfg_check_syntax(path, &load, findings);
	else
		cfg_load(path, &load, findings, NULL);
	return readable;
}

int
mode_lint(const struct cli *cli, const struct request *request)
{
	struct findings *findings = cli_findings(cli);
	struct file_list files = { 0 };
	bool failed = false;

	for (size_t i = 0; request->untried[i]; i++)
		findings_untried(findings, request->untried[i]);
	for (size_t i = 0; i < request->file_count; i++)
		failed |= !file_list_add(&files, request->files[i], findings);
	for (size_t i = 0; i < files.count; i++) {
		findings_next_part(findings);
		failed |= !lint_file(request, files.paths[i], findings);
	}
	int status = cli_finish(cli, findings);
	findings_destroy(&findings);
	file_list_fini(&files);
	return failed ? EXIT_FAILED : status;
}
