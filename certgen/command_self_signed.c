/* xmpp-certgen self-signed: options, what is made, and what is said of it. */
#include "certgen/commands.h"

#include "certgen/config_files.h"
#include "certgen/maker.h"
#include "certgen/rules.h"
#include "certgen/self_signed.h"
#include "cfgparse/base/file.h"
#include "cfgparse/cfg.h"
#include "cfgparse/cli.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum {
	OPTION_HOST = 1,
	OPTION_CONFIG,
	OPTION_OUT,
	OPTION_OWNER,
	OPTION_GROUP,
	OPTION_KEY,
	OPTION_DAYS,
	OPTION_RENEW,
	OPTION_ROTATE,
	OPTION_IF_MISSING,
};

static const struct cli_option options[] = {
	{ "--config", "FILE", "make what this configuration names and lacks",
	    OPTION_CONFIG },
	{ "--host", "HOST", "a domain to make it for; may be repeated",
	    OPTION_HOST },
	{ "--out", "FILE", "where to (default: the first host's name and .pem)",
	    OPTION_OUT },
	{ "--owner", "USER[:GROUP]",
	    "give it to the user, for the group to "
	    "read",
	    OPTION_OWNER },
	{ "--group", "GROUP", "let the group read it, with mode 0640",
	    OPTION_GROUP },
	{ "--key", "KIND", "ecdsa-p256 (default) or another, see the manual",
	    OPTION_KEY },
	{ "--days", "N", "how long it is valid (default: 730)", OPTION_DAYS },
	{ "--renew", NULL, "replace the certificate, keep its key",
	    OPTION_RENEW },
	{ "--rotate", NULL, "replace the certificate and its key",
	    OPTION_ROTATE },
	{ "--if-missing", NULL, "a file that is there is judged and left alone",
	    OPTION_IF_MISSING },
	{ 0 },
};

static const struct rule *const tables[] = { certgen_rules, NULL };

static const struct cli_program program = {
	.name = "xmpp-certgen self-signed",
	.usage = "--config FILE | --host HOST... [OPTION...]",
	.about = "Makes a combined PEM: a certificate that signs itself, then "
		 "its key.",
	.options = options,
	.rules = tables,
};

/* One run of the command. */
struct run {
	struct cli cli;
	struct maker maker;
	struct cert_hosts hosts; /* of --host */
	struct findings *lint;	 /* of --config; findings may point into it */
	const char *config;
	const char *out;
	bool key_given;
};

/* False, with the status to leave with. */
static bool
leave(struct run *run, int status)
{
	run->cli.status = status;
	return false;
}

static bool
host_read(struct run *run, const char *value)
{
	if (cert_hosts_add(
		&run->maker.arena, &run->hosts, value, CFG_ROLE_ACCOUNTS))
		return true;
	return leave(
	    run, cli_usage(&run->cli, "%s is no name of a host", value));
}

static bool
days_read(struct run *run, const char *value)
{
	char *end;
	long days;

	errno = 0;
	days = strtol(value, &end, 10);
	if (errno || end == value || *end || days < 1 || days > CERT_DAYS_MAX)
		return leave(run, cli_usage(&run->cli, "--days takes 1 to %d",
				      CERT_DAYS_MAX));
	run->maker.order.days = (int)days;
	return true;
}

static bool
existing_read(struct run *run, enum make_existing existing)
{
	if (run->maker.order.existing != MAKE_REFUSE &&
	    run->maker.order.existing != existing)
		return leave(
		    run, cli_usage(&run->cli,
			     "--renew keeps the key and --rotate replaces it: "
			     "which?"));
	run->maker.order.existing = existing;
	return true;
}

static bool
option_read(struct run *run, int id, const char *value)
{
	switch (id) {
	case OPTION_HOST: return host_read(run, value);
	case OPTION_CONFIG: run->config = value; return true;
	case OPTION_OUT: run->out = value; return true;
	case OPTION_OWNER:
		if (pem_owner_parse(value, &run->maker.order.owner))
			return true;
		return leave(
		    run, cli_usage(&run->cli,
			     "there is no such user or group: %s", value));
	case OPTION_GROUP:
		if (pem_group_parse(value, &run->maker.order.owner))
			return true;
		return leave(run,
		    cli_usage(&run->cli, "there is no such group: %s", value));
	case OPTION_KEY:
		run->key_given = true;
		if (key_kind_parse(value, &run->maker.order.kind))
			return true;
		return leave(run,
		    cli_usage(&run->cli, "--key takes one of %s", key_kinds));
	case OPTION_DAYS: return days_read(run, value);
	case OPTION_RENEW: return existing_read(run, MAKE_RENEW);
	case OPTION_ROTATE: return existing_read(run, MAKE_ROTATE);
	case OPTION_IF_MISSING: run->maker.if_missing = true; return true;
	default:
		return leave(
		    run, cli_usage(&run->cli, "%s isn't expected here", value));
	}
}

static bool
options_read(struct run *run)
{
	const char *value;
	int id;

	while ((id = cli_next(&run->cli, &value)) != CLI_END) {
		if (id == CLI_EXIT)
			return false;
		if (!option_read(run, id, value))
			return false;
	}
	if (!run->config && run->hosts.count == 0)
		return leave(
		    run, cli_usage(&run->cli,
			     "for which --host, or for which --config?"));
	if (run->config && (run->hosts.count > 0 || run->out))
		return leave(run,
		    cli_usage(&run->cli,
			"--config says itself which hosts and files: --host "
			"and --out don't go with it"));
	if (run->maker.if_missing && run->maker.order.existing != MAKE_REFUSE)
		return leave(run,
		    cli_usage(&run->cli,
			"--if-missing leaves existing files alone: --renew and "
			"--rotate don't go with it"));
	if (run->maker.order.existing == MAKE_RENEW && run->key_given)
		return leave(run,
		    cli_usage(&run->cli,
			"--renew keeps the key, so --key can't choose one: "
			"use --rotate"));
	return true;
}

static void
make_hosts(struct run *run)
{
	const struct cert_host *first = &run->hosts.items[0];
	struct config_file file = { .hosts = run->hosts };

	file.path = run->out;
	if (!file.path)
		file.path = arena_printf(&run->maker.arena, "%s.pem",
		    first->ascii ? first->ascii : first->name);
	maker_make(&run->maker, &file);
}

/* Loads the configuration; what is wrong with it otherwise is the linter's to
 * say, as long as it can be used. */
static bool
make_config(struct run *run)
{
	const struct cfg_load_options how = { 0 };
	char why[FILE_WHY_MAX];
	struct cfg *cfg;
	int status;

	run->lint = findings_create("xmpp-certgen");
	if (cfg_load(run->config, &how, run->lint, &cfg)) {
		maker_make_config(&run->maker, cfg);
		cfg_destroy(&cfg);
		return true;
	}
	status = cli_finish(&run->cli, run->lint);
	return leave(
	    run, file_readable(run->config, why) ? status : EXIT_FAILED);
}

static int
perform(struct run *run)
{
	struct maker *maker = &run->maker;
	int status = EXIT_CLEAN;

	/* What was done goes where it doesn't get into JSON. */
	maker->report =
	    run->cli.findings.format == FORMAT_TEXT ? stdout : stderr;
	if (!run->config)
		make_hosts(run);
	else if (!make_config(run))
		return run->cli.status;
	if (run->cli.findings.format != FORMAT_TEXT ||
	    findings_count(maker->findings, SEVERITY_INFO) > 0)
		status = cli_finish(&run->cli, maker->findings);
	return maker->failed ? EXIT_FAILED : status;
}

int
command_self_signed(int argc, char **argv)
{
	struct run run = { 0 };
	int status;

	run.maker.order.kind = key_default;
	run.maker.order.days = CERT_DAYS_DEFAULT;
	cli_init(&run.cli, &program, argc, argv);
	if (options_read(&run)) {
		run.maker.findings = cli_findings(&run.cli);
		status = perform(&run);
	} else {
		status = run.cli.status;
	}
	findings_destroy(&run.maker.findings);
	findings_destroy(&run.lint);
	arena_fini(&run.maker.arena);
	return status;
}
