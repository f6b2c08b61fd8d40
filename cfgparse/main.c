/*
 * xmpp-cfglint: checks configurations of ejabberd and of this server, or
 * prints a file's terms as Erlang would.
 */
#include <stdio.h>
#include <stdlib.h>
#include <errno.h>
#include <string.h>

#include "certgen/rules.h"
#include "cfgparse/base/buf.h"
#include "cfgparse/base/file.h"
#include "cfgparse/base/mem.h"
#include "cfgparse/catalogue.h"
#include "cfgparse/cfg.h"
#include "cfgparse/cfg_rules.h"
#include "cfgparse/cli.h"
#include "cfgparse/terms.h"
#include "cfgparse/terms_rules.h"
#include "dnscheck/rules.h"

enum { OPTION_DUMP = 1, OPTION_CHECK_FILES, OPTION_DOCS, OPTION_TARGET };

static const struct cli_option options[] = {
	{ "--check-files", NULL, "look at the certificate files named too",
	    OPTION_CHECK_FILES },
	{ "--dump", "FORM",
	    "print the file's terms: terms, or terms-w as ~w does",
	    OPTION_DUMP },
	{ "--target", "TARGET", "what the file is for: xmppd (default)",
	    OPTION_TARGET },
	{ "--docs", "PAGE", "print a page of the manual: rules or options",
	    OPTION_DOCS },
	{ 0 },
};

/* The syntax rules with the zero row that tables of rules end with. */
static struct rule syntax_rules[TERMS_RULES + 1];
static const struct rule *const rules[] = { syntax_rules, cfg_rules,
	certgen_rules, dnscheck_rules, NULL };

static const struct cli_program program = {
	.name = "xmpp-cfglint",
	.usage = "[OPTION...] FILE...",
	.about = "Checks configuration files in Erlang terms.",
	.options = options,
	.rules = rules,
	.explain = catalogue_explain,
};

/* What the command line asks for. */
struct request {
	bool check_files;
	const char *dump; /* or NULL */
	const char **files;
	size_t file_count;
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
	else
		return cli_usage(cli, "--docs knows no \"%s\"", page);
	return fflush(stdout) == 0 ? EXIT_CLEAN : EXIT_FAILED;
}

static int
dump(const struct cli *cli, const char *path, bool as_w)
{
	struct findings *findings = findings_create(program.name);
	struct buf text = { 0 }, out = { 0 };
	char why[FILE_WHY_MAX];
	struct span span;
	int status = EXIT_FAILED;

	bool ok = file_read(path, TERMS_BYTES_MAX, &text, why);
	bool huge = !ok && errno == EFBIG;
	span = (struct span){ .source = findings_source(
				  findings, path, buf_str(&text)) };
	if (ok) {
		status = terms_dump_file(span.source, as_w, findings, &out);
	} else if (huge) {
		terms_report_huge(span.source, findings);
		status = EXIT_FINDINGS;
	} else {
		finding_add(findings, &cfg_rules[CFG_UNREADABLE], &span,
		    "the file can't be read: %s", why);
	}
	fwrite(buf_text(&out), 1, out.len, stdout);
	if (fflush(stdout) != 0)
		status = EXIT_FAILED;
	findings_sort(findings);
	if (findings_count(findings, SEVERITY_INFO))
		findings_render(findings, &cli->findings, stderr);
	buf_fini(&text);
	buf_fini(&out);
	findings_destroy(&findings);
	return status;
}

static int
lint(const struct cli *cli, const struct request *request)
{
	struct cfg_load_options load = { .check_files = request->check_files };
	struct findings *findings = findings_create(program.name);
	char why[FILE_WHY_MAX];
	bool failed = false;

	for (size_t i = 0; i < request->file_count; i++) {
		struct cfg *cfg = NULL;
		failed |= !file_readable(request->files[i], why);
		cfg_load(request->files[i], &load, findings, &cfg);
		cfg_destroy(&cfg);
	}
	int status = cli_finish(cli, findings);
	findings_destroy(&findings);
	return failed ? EXIT_FAILED : status;
}

static int
run(const struct cli *cli, const struct request *request)
{
	if (request->file_count == 0)
		return cli_usage(cli, "which file?");
	if (!request->dump)
		return lint(cli, request);
	bool as_w = strcmp(request->dump, "terms-w") == 0;
	if (!as_w && strcmp(request->dump, "terms") != 0)
		return cli_usage(cli, "--dump knows terms and terms-w only");
	if (request->file_count > 1)
		return cli_usage(cli, "--dump takes one file");
	return dump(cli, request->files[0], as_w);
}

static int
take(struct cli *cli, struct request *request)
{
	const char *value;
	int id;

	while ((id = cli_next(cli, &value)) != CLI_END) {
		switch (id) {
		case OPTION_CHECK_FILES: request->check_files = true; break;
		case OPTION_DUMP: request->dump = value; break;
		case OPTION_DOCS: return print_page(cli, value);
		case OPTION_TARGET:
			if (strcmp(value, "xmppd") != 0)
				return cli_usage(cli,
				    "the target %s is not known yet, only "
				    "xmppd",
				    value);
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
	struct request request = { 0 };
	struct cli cli;

	memcpy(syntax_rules, terms_rules, sizeof terms_rules);
	cli_init(&cli, &program, argc, argv);
	/* Every argument may be a file. */
	request.files = mem_alloc((size_t)argc + 1, sizeof(const char *));
	int status = take(&cli, &request);
	free(request.files);
	return status;
}
