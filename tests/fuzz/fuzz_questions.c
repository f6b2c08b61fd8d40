/*
 * The linter on arbitrary text for several targets, then every question that
 * can be asked of what came of it. The text's length says which target and
 * which format. Opens no file.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cfgparse/base/arena.h"
#include "cfgparse/cfg.h"
#include "cfgparse/findings.h"
#include "cfgparse/question.h"
#include "cfgparse/target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { RULES_MAX = 8 }; /* that are asked about, of a text */

static FILE *nowhere;

/* Only what isn't refused: that would be said on stderr each time. */
static bool
can_be_asked(struct lint *lint, struct str rule, const char *host)
{
	return !str_is(rule, "all") && !str_is(rule, "none") &&
	       !memchr(rule.ptr, '\0', rule.len) &&
	       policy_plan(lint->policy,
		   policy_host(lint->policy, str_of(host)), rule,
		   question_is_shaper(lint, rule))
		   .defined;
}

static void
ask_of_rule(struct lint *lint, struct str rule, const char *host, bool json)
{
	struct question question = {
		.rule = lint_text(lint, rule), .host = host, .json = json
	};

	if (!can_be_asked(lint, rule, host ? host : ""))
		return;
	question_who(lint, &question, nowhere);
	question.jid = "alice@example.org";
	question_access(lint, &question, nowhere);
	question.jid = "bob@b.example/home";
	question.ip = "192.0.2.1";
	question_access(lint, &question, nowhere);
}

static void
ask(void *context, struct lint *lint)
{
	const struct model *model = lint->model;
	struct question question = { .json = *(const bool *)context };
	struct map_walk walk = { 0 };
	const char *host = NULL;
	struct str name;
	void *value;

	policy_index(lint->policy);
	for (size_t i = 0; i < model->host_count && !host; i++) {
		if (model->hosts[i]->served)
			host = lint_text(lint, model->hosts[i]->name);
	}
	for (size_t i = 0;
	     i < RULES_MAX && map_next(&model->accesses, &walk, &name, &value);
	     i++) {
		ask_of_rule(lint, name, NULL, question.json);
		if (host)
			ask_of_rule(lint, name, host, question.json);
	}
	question_effective(lint, &question, nowhere);
	question.host = host;
	if (host)
		question_effective(lint, &question, nowhere);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = { "ejabberd-2.1", "ejabberd-26.07",
		"ejabberd-13.10", "ejabberd-19.05", "ejabberd-23.10" };
	struct findings *findings = findings_create("fuzz");
	struct findings_options shown = { .format = (enum findings_format)(
					      size % (FORMAT_GITHUB + 1)) };
	struct target target;
	const char *why;
	bool json = size % 2;
	struct cfg_load_options options = {
		.target = &target, .look = ask, .look_context = &json
	};

	if (!nowhere)
		nowhere = fopen("/dev/null", "w");
	if (!nowhere ||
	    !target_parse(
		str_of(names[size / 2 % (sizeof names / sizeof *names)]),
		&target, &why))
		abort();
	cfg_load_text("fuzz.cfg", (struct str){ (const char *)data, size },
	    &options, findings, NULL);
	findings_sort(findings);
	findings_render(findings, &shown, nowhere);
	findings_destroy(&findings);
	return 0;
}
