/*
 * xmpp-cfglint: what its command line knows. A new option is a row of the
 * table and a case of take(); a new mode is a file mode_x.c (modes.h).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "certgen/lint_pems.h"
#include "certgen/live_rules.h"
#include "certgen/rules.h"
#include "cfgparse/base/arena.h"
#include "cfgparse/base/mem.h"
#include "cfgparse/catalogue.h"
#include "cfgparse/cfg_rules.h"
#include "cfgparse/cli.h"
#include "cfgparse/findings_rules.h"
#include "cfgparse/lint.h"
#include "cfgparse/modes.h"
#include "cfgparse/terms_rules.h"
#include "cfgparse/yaml_rules.h"
#include "dnscheck/lint_dns.h"
#include "dnscheck/rules.h"

enum {
	OPTION_DUMP = 1,
	OPTION_CHECK_FILES,
	OPTION_CHECK_DNS,
	OPTION_OFFLINE,
	OPTION_RESOLVER,
	OPTION_SYNTAX_ONLY,
	OPTION_DOCS,
	OPTION_STDIN_NAME,
	OPTION_TARGET,
	OPTION_DIALECT,
	OPTION_WHO_CAN,
	OPTION_ACCESS,
	OPTION_JID,
	OPTION_IP,
	OPTION_HOST,
	OPTION_EFFECTIVE,
};

static const struct cli_option options[] = {
	{ "--check-files", NULL,
	    "look at certificates and other files that options name too",
	    OPTION_CHECK_FILES },
	{ "--check-dns", NULL,
	    "ask the DNS about the hosts and components served too",
	    OPTION_CHECK_DNS },
	{ "--resolver", "ADDR[@PORT]",
	    "ask this name server with --check-dns (repeatable)",
	    OPTION_RESOLVER },
	{ "--offline", NULL,
	    "do neither: only the files and what they include (default)",
	    OPTION_OFFLINE },
	{ "--dump", "FORM",
	    "print the file's terms: terms, or terms-w as ~w does",
	    OPTION_DUMP },
	{ "--syntax-only", NULL,
	    "say only whether the files can be read; much faster",
	    OPTION_SYNTAX_ONLY },
	{ "--target", "TARGET",
	    "check for xmppd (default), ejabberd-2.1, or such as "
	    "ejabberd-24.02",
	    OPTION_TARGET },
	{ "--who-can", "RULE", "say whom an access rule admits, line by line",
	    OPTION_WHO_CAN },
	{ "--access", "RULE", "say what a rule gives to --jid, and why",
	    OPTION_ACCESS },
	{ "--jid", "JID",
	    "name the account, or its session, that --access is about",
	    OPTION_JID },
	{ "--ip", "ADDRESS", "name the address that it connects from",
	    OPTION_IP },
	{ "--host", "HOST",
	    "name the host whose rules are asked, or what is printed",
	    OPTION_HOST },
	{ "--effective", NULL, "print the configuration as it holds",
	    OPTION_EFFECTIVE },
	{ "--stdin-name", "NAME", "call the file read from - so",
	    OPTION_STDIN_NAME },
	{ "--dialect", "NAME",
	    "read terms (Erlang's) or yaml, where the text doesn't tell",
	    OPTION_DIALECT },
	{ "--docs", "PAGE",
	    "print a page of the manual: rules, options, or man, a part of "
	    "this one",
	    OPTION_DOCS },
	{ 0 },
};

/* The syntax rules with the zero row that tables of rules end with. */
static struct rule syntax_rules[TERMS_RULES + 1];
static const struct rule *const rules[] = { syntax_rules, cfg_rules,
	access_rules, host_rules, listener_rules, tls_rules, target_rules,
	yaml_rules, module_rules, security_rules, migration_rules,
	findings_rules, certgen_rules, live_rules, dnscheck_rules, NULL };

/* What the other checkers are to do; this program stands on top of them. */
struct checks {
	struct arena arena; /* outlives the findings' rendering */
	struct lint_dns dns;
	const struct rule *untried[4];
	bool check_dns;
	bool open; /* questions that weren't answered */
};

static void
look(void *context, struct lint *lint)
{
	struct checks *checks = context;

	if (lint->check_files)
		lint_pems(&checks->arena, lint);
	if (checks->check_dns && !lint_dns(lint, &checks->dns))
		checks->open = true;
}

static bool
take_resolver(struct checks *checks, const char *value)
{
	struct lint_dns *dns = &checks->dns;

	if (dns->server_count == RESOLVER_SERVERS_MAX ||
	    !dns_server_parse(value, &dns->servers[dns->server_count]))
		return false;
	dns->server_count++;
	return true;
}

/* What --syntax-only leaves out. */
static const struct rule *const semantic[] = { cfg_rules, access_rules,
	host_rules, listener_rules, tls_rules, module_rules, security_rules,
	migration_rules, certgen_rules, live_rules, dnscheck_rules, NULL };

static const struct cli_program program = {
	.name = "xmpp-cfglint",
	.usage = "[OPTION...] FILE|FOLDER|-...",
	.about =
	    "Checks configurations of ejabberd and xmppd, in Erlang terms or "
	    "YAML.",
	.options = options,
	.rules = rules,
	.explain = catalogue_explain,
};

static void
print_rules(void)
{
	puts("# Rules\n\nWhat the checkers report, by rule. This page is "
	     "generated: `xmpp-cfglint --docs rules`.\n`xmpp-cfglint "
	     "--explain RULE` shows one of them.");
	rules_document(rules, stdout);
}

static int
print_page(const struct cli *cli, const char *page)
{
	if (strcmp(page, "rules") == 0)
		print_rules();
	else if (strcmp(page, "options") == 0)
		catalogue_document(stdout);
	else if (strcmp(page, "man") == 0)
		cli_manual(cli->program, stdout);
	else
		return cli_usage(cli, "--docs knows no \"%s\"", page);
	return EXIT_CLEAN;
}

static bool
asks_badly(const struct request *request)
{
	const struct question *question = &request->question;

	if (request->asks_access != (question->jid != NULL))
		return true;
	if (question->ip && !question->jid)
		return true;
	return question->host && !question->rule && !request->effective;
}

static int
run(const struct cli *cli, const struct request *request)
{
	if (request->file_count == 0)
		return cli_usage(cli, "which file?");
	if (request->dump)
		return mode_dump(cli, request);
	if (asks_badly(request))
		return cli_usage(cli,
		    "--access and --jid go together; --host and --ip go with "
		    "them");
	if (request->effective || request->question.rule)
		return mode_question(cli, request);
	struct checks *checks = request->look_context;
	size_t untried = 0;
	/* No server is connected to. */
	checks->untried[untried++] = live_rules;
	if (!request->check_files)
		checks->untried[untried++] = certgen_rules;
	if (!checks->check_dns)
		checks->untried[untried++] = dnscheck_rules;
	int status = mode_lint(cli, request);
	return checks->open ? EXIT_FAILED : status;
}

static bool
dialect_parse(const char *text, enum cfg_dialect *dialect)
{
	bool yaml = strcmp(text, "yaml") == 0;

	*dialect = yaml ? CFG_DIALECT_YAML : CFG_DIALECT_TERMS;
	return yaml || strcmp(text, "terms") == 0;
}

static int
take(struct cli *cli, struct request *request)
{
	struct checks *checks = request->look_context;
	const char *value, *why;
	int id;

	while ((id = cli_next(cli, &value)) != CLI_END) {
		switch (id) {
		case OPTION_CHECK_FILES: request->check_files = true; break;
		case OPTION_CHECK_DNS: checks->check_dns = true; break;
		case OPTION_RESOLVER:
			if (!take_resolver(checks, value))
				return cli_usage(cli,
				    "not a name server's address, or too "
				    "many: %s",
				    value);
			break;
		case OPTION_OFFLINE:
			request->check_files = checks->check_dns = false;
			break;
		case OPTION_SYNTAX_ONLY:
			request->syntax_only = true;
			request->untried = semantic;
			break;
		case OPTION_DUMP: request->dump = value; break;
		case OPTION_WHO_CAN: request->question.rule = value; break;
		case OPTION_ACCESS:
			request->question.rule = value;
			request->asks_access = true;
			break;
		case OPTION_JID: request->question.jid = value; break;
		case OPTION_IP: request->question.ip = value; break;
		case OPTION_HOST: request->question.host = value; break;
		case OPTION_EFFECTIVE: request->effective = true; break;
		case OPTION_STDIN_NAME: request->stdin_name = value; break;
		case OPTION_DOCS: return print_page(cli, value);
		case OPTION_DIALECT:
			if (!dialect_parse(value, &request->dialect))
				return cli_usage(cli,
				    "--dialect knows terms and yaml, not %s",
				    value);
			break;
		case OPTION_TARGET:
			if (!target_parse(
				str_of(value), &request->target, &why))
				return cli_usage(cli, "%s", why);
			break;
		case CLI_ARGUMENT:
			request->files[request->file_count++] = value;
			break;
		default: return cli->status;
		}
	}
	return run(cli, request);
}

int
main(int argc, char **argv)
{
	struct checks checks = { 0 };
	struct request request = { .stdin_name = "<stdin>",
		.untried = checks.untried,
		.look = look,
		.look_context = &checks,
		.target = target_default };
	struct cli cli;

	memcpy(syntax_rules, terms_rules, sizeof terms_rules);
	cli_init(&cli, &program, argc, argv);
	/* Every argument may be a file. */
	request.files = mem_alloc((size_t)argc + 1, sizeof(const char *));
	int status = take(&cli, &request);
	free(request.files);
	arena_fini(&checks.arena);
	return cli_close(program.name, status);
}
