#include "cfgparse/modes.h"
/*
 * --dump: the terms of a file as Erlang prints them, on the standard output;
 * findings go to the standard error output.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cfgparse/base/buf.h"
#include "cfgparse/base/file.h"
#include "cfgparse/cfg_rules.h"
#include "cfgparse/cli.h"
#include "cfgparse/terms.h"
#include "cfgparse/yaml.h"
#include "cfgparse/yaml_dump.h"

/* By what the user says, or else by the name, as ejabberd goes. */
static bool
is_yaml(const struct request *request)
{
	if (request->dialect)
		return request->dialect == CFG_DIALECT_YAML;
	return cfg_is_named_yaml(strcmp(request->files[0], "-") == 0
				     ? request->stdin_name
				     : request->files[0]);
}

static int
dump(const struct cli *cli, const struct request *request, bool as_w)
{
	const char *path = request->files[0];
	bool yaml = is_yaml(request);
	size_t most = yaml ? YAML_BYTES_MAX : TERMS_BYTES_MAX;
	struct findings *findings = cli_findings(cli);
	struct buf text = { 0 }, out = { 0 };
	char why[FILE_WHY_MAX];
	struct span span;
	int status = EXIT_FAILED;

	bool from_stdin = strcmp(path, "-") == 0;
	bool ok = from_stdin ? file_read_fd(STDIN_FILENO, most, &text, why)
			     : file_read(path, most, &text, why);
	bool huge = !ok && errno == EFBIG;
	span = (struct span){ .source = findings_source_take(findings,
				  from_stdin ? request->stdin_name : path,
				  &text) };
	if (ok) {
		status =
		    yaml ? yaml_dump_file(span.source, as_w, findings, &out)
			 : terms_dump_file(span.source, as_w, findings, &out);
	} else if (huge) {
		(yaml ? yaml_report_huge : terms_report_huge)(
		    span.source, findings);
		status = EXIT_FINDINGS;
	} else {
		finding_add(findings, &cfg_rules[CFG_UNREADABLE], &span,
		    "the file can't be read: %s", why);
	}
	fwrite(buf_text(&out), 1, out.len, stdout);
	findings_finish(findings);
	findings_sort(findings);
	if (findings_shown(findings, SEVERITY_INFO))
		findings_render(findings, &cli->findings, stderr);
	buf_fini(&out);
	findings_destroy(&findings);
	return status;
}

int
mode_dump(const struct cli *cli, const struct request *request)
{
	bool as_w = strcmp(request->dump, "terms-w") == 0;

	if (!as_w && strcmp(request->dump, "terms") != 0)
		return cli_usage(cli, "--dump knows terms and terms-w only");
	if (request->file_count > 1)
		return cli_usage(cli, "--dump takes one file");
	return dump(cli, request, as_w);
}
