/* xmpp-certgen self-signed: options, what is made, and what is said of it. */
#include "certgen/commands.h"

#include "certgen/hosts.h"
#include "certgen/make.h"
#include "certgen/pem_check.h"
#include "certgen/rules.h"
#include "certgen/self_signed.h"
#include "cfgparse/base/arena.h"
#include "cfgparse/base/buf.h"
#include "cfgparse/base/mem.h"
#include "cfgparse/cli.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	OPTION_HOST = 1,
	OPTION_OUT,
	OPTION_OWNER,
	OPTION_KEY,
	OPTION_DAYS,
	OPTION_RENEW,
	OPTION_ROTATE,
};

static const struct cli_option options[] = {
	{ "--host", "HOST", "a domain to make it for; may be repeated",
	    OPTION_HOST },
	{ "--out", "FILE", "where to (default: the first host's name and .pem)",
	    OPTION_OUT },
	{ "--owner", "USER[:GROUP]", "give it to them, with mode 0640",
	    OPTION_OWNER },
	{ "--key", "KIND", "ecdsa-p256 (default) or another, see the manual",
	    OPTION_KEY },
	{ "--days", "N", "how long it is valid (default: 730)", OPTION_DAYS },
	{ "--renew", NULL, "replace the certificate, keep its key",
	    OPTION_RENEW },
	{ "--rotate", NULL, "replace the certificate and its key",
	    OPTION_ROTATE },
	{ 0 },
};

static const struct rule *const tables[] = { certgen_rules, NULL };

static const struct cli_program program = {
	.name = "xmpp-certgen self-signed",
	.usage = "--host HOST... [OPTION...]",
	.about = "Makes a combined PEM: a certificate that signs itself, then "
		 "its key.",
	.options = options,
	.rules = tables,
};

/* One run of the command. */
struct run {
	struct cli cli;
	struct arena arena;
	struct findings *findings;
	struct cert_hosts hosts;
	struct make_order order;
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
	switch (cert_hosts_add(&run->arena, &run->hosts, value, PEM_FOR_BOTH)) {
	case HOST_ADDED: return true;
	case HOST_TOO_MANY:
		return leave(run,
		    cli_usage(&run->cli,
			"at most %d hosts fit into one certificate that every "
			"peer takes",
			CERT_HOSTS_MAX));
	default:
		return leave(run,
		    cli_usage(&run->cli, "%s is no name of a host", value));
	}
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
	run->order.days = (int)days;
	return true;
}

static bool
existing_read(struct run *run, enum make_existing existing)
{
	if (run->order.existing != MAKE_REFUSE &&
	    run->order.existing != existing)
		return leave(
		    run, cli_usage(&run->cli,
			     "--renew keeps the key and --rotate replaces it: "
			     "which?"));
	run->order.existing = existing;
	return true;
}

static bool
option_read(struct run *run, int id, const char *value)
{
	switch (id) {
	case OPTION_HOST: return host_read(run, value);
	case OPTION_OUT: run->out = value; return true;
	case OPTION_OWNER:
		if (pem_owner_parse(value, &run->order.owner))
			return true;
		return leave(
		    run, cli_usage(&run->cli,
			     "there is no such user or group: %s", value));
	case OPTION_KEY:
		run->key_given = true;
		if (key_kind_parse(value, &run->order.kind))
			return true;
		return leave(run,
		    cli_usage(&run->cli, "--key takes one of %s", key_kinds));
	case OPTION_DAYS: return days_read(run, value);
	case OPTION_RENEW: return existing_read(run, MAKE_RENEW);
	case OPTION_ROTATE: return existing_read(run, MAKE_ROTATE);
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
	if (run->hosts.count == 0)
		return leave(run, cli_usage(&run->cli, "for which host?"));
	if (run->order.existing == MAKE_RENEW && run->key_given)
		return leave(run,
		    cli_usage(&run->cli,
			"--renew keeps the key, so --key can't choose one: "
			"use --rotate"));
	return true;
}

/* What was done goes where it doesn't get into JSON. */
static FILE *
report(const struct run *run)
{
	return run->cli.findings.format == FORMAT_TEXT ? stdout : stderr;
}

static void
tell(struct run *run, const struct made_pem *made,
    const struct cert_hosts *hosts)
{
	FILE *out = report(run);
	size_t i;

	fprintf(out, "wrote %s: %s, self-signed, valid until %s\n  for",
	    made->path, made->key, made->until);
	for (i = 0; i < hosts->count; i++)
		fprintf(out, "%s %s", i ? "," : "", hosts->items[i].name);
	fputc('\n', out);
	if (made->backup)
		fprintf(out, "  the old one is kept as %s\n", made->backup);
}

/* Judges what was written as a server will. */
static void
judge(struct run *run, const char *path, const struct cert_hosts *hosts)
{
	struct pem_demand demand = { .host_count = hosts->count };
	const char **names =
	    arena_array(&run->arena, hosts->count, sizeof(*names));
	size_t i;

	for (i = 0; i < hosts->count; i++)
		names[i] = hosts->items[i].name;
	demand.hosts = names;
	pem_check(&run->arena, path, &demand, run->findings);
}

static int
make_one(struct run *run)
{
	struct made_pem made;
	const char *why;

	run->order.hosts = &run->hosts;
	if (!make_pem(&run->arena, run->out, &run->order, &made, &why)) {
		fprintf(stderr, "xmpp-certgen: %s\n", why);
		return EXIT_FAILED;
	}
	tell(run, &made, &run->hosts);
	judge(run, made.path, &run->hosts);
	if (run->cli.findings.format == FORMAT_TEXT &&
	    findings_count(run->findings, SEVERITY_INFO) == 0)
		return EXIT_CLEAN;
	return cli_finish(&run->cli, run->findings);
}

static int
perform(struct run *run)
{
	const struct cert_host *first = &run->hosts.items[0];

	if (!run->out)
		run->out = arena_printf(&run->arena, "%s.pem",
		    first->ascii ? first->ascii : first->name);
	return make_one(run);
}

int
command_self_signed(int argc, char **argv)
{
	struct run run = {
		.findings = findings_create("xmpp-certgen"),
		.order = { .kind = key_default, .days = CERT_DAYS_DEFAULT },
	};
	int status;

	cli_init(&run.cli, &program, argc, argv);
	status = options_read(&run) ? perform(&run) : run.cli.status;
	findings_destroy(&run.findings);
	arena_fini(&run.arena);
	return status;
}
