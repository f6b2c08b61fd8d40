/*
 * xmpp-dnscheck: the command line. Gathers the domains to look at, runs the
 * questions on one poll loop, and prints the verdicts in the order in which
 * the domains were given.
 */
#include <stdlib.h>
#include <string.h>

#include "cfgparse/cfg.h"
#include "cfgparse/cli.h"
#include "dnscheck/host_probe.h"
#include "dnscheck/poll_loop.h"
#include "dnscheck/resolver.h"
#include "dnscheck/rules.h"
#include "dnscheck/survey.h"

enum {
	OPTION_CONFIG = 1,
	OPTION_RESOLVER,
	OPTION_HOSTNAME,
	OPTION_HOSTS,
	OPTION_NSSWITCH,
	OPTION_RESOLV_CONF,
	OPTION_NAME,
};

static const struct cli_option options[] = {
	{ "--config", "FILE", "check the hosts that this configuration serves",
	    OPTION_CONFIG },
	{ "--resolver", "ADDR[@PORT]",
	    "ask this name server (repeatable) instead of resolv.conf's",
	    OPTION_RESOLVER },
	{ "--hostname", NULL, "look at this machine's own names",
	    OPTION_HOSTNAME },
	{ "--hosts", "FILE", "instead of /etc/hosts", OPTION_HOSTS },
	{ "--nsswitch", "FILE", "instead of /etc/nsswitch.conf",
	    OPTION_NSSWITCH },
	{ "--resolv-conf", "FILE", "instead of /etc/resolv.conf",
	    OPTION_RESOLV_CONF },
	{ "--name", "NAME", "for --hostname: instead of this machine's name",
	    OPTION_NAME },
	{ 0 },
};

static const struct rule *const rules[] = { dnscheck_rules, NULL };

static const struct cli_program program = {
	.name = "xmpp-dnscheck",
	.usage = "[OPTION...] --config FILE | DOMAIN... | --hostname",
	.about =
	    "Checks whether clients and servers can find an XMPP domain by "
	    "its DNS records,\nand names the record to publish where they "
	    "can't.",
	.options = options,
	.rules = rules,
};

enum { PROBE_TIMEOUT_MS = 1000 };

struct run {
	struct cli cli;
	const char *config_path;
	const char *resolv_conf;
	struct host_paths paths;
	bool hostname;
	struct dns_server servers[RESOLVER_SERVERS_MAX];
	size_t server_count;
	struct survey survey;
	struct expect expect; /* of the configuration */
	struct findings *findings;
	struct poll_loop *loop;
	struct resolver *resolver;
	struct host_probe probe;
	char search[sizeof(((struct resolver_options *)0)->search)];
};

static const struct expect unknown;

/* --- asking --- */

static void
on_probe(void *arg)
{
	(void)arg; /* its findings are there: nothing waits for it */
}

static void
open_resolver(struct run *run)
{
	struct resolver_options resolver;

	resolver_options_init(&resolver);
	/* Without the file, the server is the one on this machine. */
	if (!resolver_options_read(&resolver, run->resolv_conf))
		resolver_options_parse(&resolver, STR(""));
	if (run->server_count) {
		memcpy(resolver.servers, run->servers, sizeof(run->servers));
		resolver.server_count = run->server_count;
		run->survey.own_server = true;
	}
	/* Whether the own name is known shall not hold up anyone for long on
	 * a machine without network. */
	if (run->survey.count == 0) {
		resolver.attempts = 1;
		if (resolver.timeout_ms > PROBE_TIMEOUT_MS)
			resolver.timeout_ms = PROBE_TIMEOUT_MS;
	}
	memcpy(run->search, resolver.search, sizeof(run->search));
	run->resolver = resolver_create(poll_loop_io(run->loop), &resolver);
}

static void
ask_all(struct run *run)
{
	run->loop = poll_loop_create();
	open_resolver(run);
	if (run->hostname)
		host_probe_start(&run->probe, &run->paths, run->resolver,
		    run->search, run->findings, on_probe, run);
	survey_start(&run->survey, run->resolver);
	poll_loop_run(run->loop);
	resolver_destroy(&run->resolver);
	poll_loop_destroy(&run->loop);
}

/* --- command line --- */

/* Hosts and listeners of the configuration; false (said on stdout) where it
 * has errors: what it serves isn't known then. */
static bool
take_config(struct run *run)
{
	static const struct cfg_load_options none;
	struct findings *findings = findings_create(program.name);
	struct cfg *cfg = NULL;
	bool loaded = cfg_load(run->config_path, &none, findings, &cfg);

	if (loaded) {
		expect_from_cfg(cfg, &run->expect);
		for (size_t i = 0; i < cfg->host_count; i++)
			survey_add(&run->survey, cfg->hosts[i].name, true,
			    &run->expect);
		cfg_destroy(&cfg);
	} else {
		cli_finish(&run->cli, findings);
	}
	findings_destroy(&findings);
	return loaded;
}

static bool
take_option(struct run *run, int id, const char *value)
{
	switch (id) {
	case OPTION_CONFIG: run->config_path = value; return true;
	case OPTION_HOSTNAME: run->hostname = true; return true;
	case OPTION_HOSTS: run->paths.hosts = value; return true;
	case OPTION_NSSWITCH: run->paths.nsswitch = value; return true;
	case OPTION_RESOLV_CONF: run->resolv_conf = value; return true;
	case OPTION_NAME: run->paths.hostname = value; return true;
	case CLI_ARGUMENT:
		survey_add(&run->survey, value, false, &unknown);
		return true;
	default: break;
	}
	if (run->server_count < RESOLVER_SERVERS_MAX &&
	    dns_server_parse(value, &run->servers[run->server_count])) {
		run->server_count++;
		return true;
	}
	run->cli.status = cli_usage(
	    &run->cli, "not a name server's address, or too many: %s", value);
	return false;
}

static bool
read_arguments(struct run *run, int argc, char **argv)
{
	const char *value;
	int id;

	cli_init(&run->cli, &program, argc, argv);
	while ((id = cli_next(&run->cli, &value)) != CLI_END)
		if (id == CLI_EXIT || !take_option(run, id, value))
			return false;
	if (run->config_path || run->survey.count || run->hostname)
		return true;
	run->cli.status =
	    cli_usage(&run->cli, "nothing to check: name a domain, a "
				 "configuration or --hostname");
	return false;
}

static int
run_checks(struct run *run)
{
	bool whole;
	int status;

	if (run->config_path && !take_config(run))
		return EXIT_FAILED;
	run->findings = cli_findings(&run->cli);
	ask_all(run);
	whole = survey_judge(&run->survey, run->findings);
	status = cli_finish(&run->cli, run->findings);
	findings_destroy(&run->findings);
	return whole ? status : EXIT_FAILED;
}

int
main(int argc, char **argv)
{
	struct run run = { .resolv_conf = "/etc/resolv.conf" };
	int status;

	status = read_arguments(&run, argc, argv) ? run_checks(&run)
						  : run.cli.status;
	host_probe_fini(&run.probe);
	survey_fini(&run.survey);
	return cli_close(program.name, status);
}
