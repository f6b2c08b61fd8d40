#include "cfgparse/modes.h"
/*
 * Questions about one configuration: it is read and judged as ever, and
 * answered from what came of that. Faults are counted, not shown.
 */
#include <stdio.h>
#include <string.h>

#include "cfgparse/base/file.h"
#include "cfgparse/cfg.h"
#include "cfgparse/cli.h"
#include "cfgparse/question.h"

struct asking {
	struct question question;
	bool effective;
	int status;
	bool asked;
};

static void
answer(void *context, struct lint *lint)
{
	struct asking *asking = context;
	const struct question *question = &asking->question;

	asking->asked = true;
	policy_index(lint->policy);
	if (asking->effective)
		asking->status = question_effective(lint, question, stdout);
	else if (question->jid)
		asking->status = question_access(lint, question, stdout);
	else
		asking->status = question_who(lint, question, stdout);
}

int
mode_question(const struct cli *cli, const struct request *request)
{
	struct findings *findings = cli_findings(cli);
	char why[FILE_WHY_MAX];
	struct asking asking = { .question = request->question,
		.effective = request->effective,
		.status = EXIT_FAILED };
	struct cfg_load_options load = { .target = &request->target,
		.dialect = request->dialect,
		.standard_input = strcmp(request->files[0], "-") == 0,
		.look = answer,
		.look_context = &asking };

	if (request->file_count != 1)
		return cli_usage(cli, "a question is about one file");
	asking.question.json = cli->findings.format == FORMAT_JSON;
	const char *path =
	    load.standard_input ? request->stdin_name : request->files[0];
	cfg_load(path, &load, findings, NULL);
	size_t errors = findings_count(findings, SEVERITY_ERROR);
	if (!load.standard_input && !file_readable(path, why))
		question_refuse("%s can't be read: %s", path, why);
	else if (!asking.asked)
		question_refuse("%s can't be understood: lint it first", path);
	else if (errors)
		fprintf(stderr,
		    "xmpp-cfglint: %s has %zu error%s; this is what the rest "
		    "says\n",
		    path, errors, errors == 1 ? "" : "s");
	findings_destroy(&findings);
	return asking.status;
}
