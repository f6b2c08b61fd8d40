/* xmpp-certgen tlsa: the TLSA records of PEM files, and how to change keys. */
#include "certgen/commands.h"

#include "certgen/config_files.h"
#include "certgen/pem.h"
#include "certgen/rules.h"
#include "certgen/tlsa_zone.h"
#include "cfgparse/base/arena.h"
#include "cfgparse/cfg.h"
#include "cfgparse/cli.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	OPTION_CONFIG = 1,
	OPTION_HOST,
	OPTION_TARGET,
	OPTION_ASK,
	OPTION_RESOLVER,
	OPTION_NEXT,
	OPTION_TTL,
};

static const struct cli_option options[] = {
	{ "--config", "FILE", "the PEMs, hosts and ports of this configuration",
	    OPTION_CONFIG },
	{ "--host", "HOST", "a domain (default: those in the certificate)",
	    OPTION_HOST },
	{ "--target", "HOST[:PORT]", "where the server is met; may be repeated",
	    OPTION_TARGET },
	{ "--ask", NULL, "take the targets from the SRV records in the DNS",
	    OPTION_ASK },
	{ "--resolver", "ADDR[@PORT]", "the same, asking this name server",
	    OPTION_RESOLVER },
	{ "--next", "FILE", "the PEM that is to follow: print a plan too",
	    OPTION_NEXT },
	{ "--ttl", "SECONDS", "of the records (default: 3600)", OPTION_TTL },
	{ 0 },
};

static const struct rule *const tables[] = { certgen_rules, NULL };

static const struct cli_program program = {
	.name = "xmpp-certgen tlsa",
	.usage = "[OPTION...] FILE... | --config FILE",
	.about = "Prints the TLSA records of PEM files as lines of a zone.",
	.options = options,
	.rules = tables,
};

/* One run of the command. */
struct run {
	struct cli cli;
	struct arena arena;
	const struct tlsa_dns *dns;
	struct tlsa_scope scope;
	struct cert_hosts hosts; /* of --host */
	const char **files;
	size_t file_count;
	const char *config;
	const char *next;
	struct pem *next_pem;
	uint32_t ttl;
	bool failed;
};

static bool
leave(struct run *run, int status)
{
	run->cli.status = status;
	return false;
}

/* --- one PEM --- */

/* The PEM and its certificate; false (said on stderr) where there is none.
 * Close it where *pem is set. */
static bool
served_open(struct run *run, const char *path, struct pem **pem,
    struct tlsa_served *served)
{
	const struct pem_block *leaf;
	enum pem_status status;

	*pem = NULL;
	status = pem_open_unloaded(&run->arena, path, pem);
	if (status != PEM_READ) {
		fprintf(stderr, "xmpp-certgen: %s: %s\n", path,
		    status == PEM_UNREADABLE ? strerror(errno) : "no PEM file");
		return false;
	}
	leaf = pem_first(*pem, PEM_CERTIFICATE);
	if (!leaf || !leaf->cert) {
		fprintf(stderr, "xmpp-certgen: %s has no certificate\n", path);
		return false;
	}
	*served = (struct tlsa_served){ path, leaf->cert };
	return true;
}

/* The longest time for which caches may keep what the DNS has today. */
static uint32_t
longest_ttl(struct run *run, const struct tlsa_places *places)
{
	struct tlsa_question *questions =
	    arena_array(&run->arena, places->count, sizeof(*questions));
	uint32_t longest = run->ttl;

	for (size_t i = 0; i < places->count; i++)
		questions[i].place = &places->items[i];
	run->dns->find_records(
	    run->dns->arg, &run->arena, questions, places->count);
	for (size_t i = 0; i < places->count; i++)
		if (questions[i].ttl > longest)
			longest = questions[i].ttl;
	return longest;
}

/* A plan for a PEM that is for other domains would end badly. */
static bool
next_covers(struct run *run, const struct cert_hosts *hosts)
{
	struct cert_hosts covered;

	tlsa_scope_hosts(&run->arena, run->next_pem, hosts, &covered);
	for (size_t i = 0; i < hosts->count; i++) {
		if (cert_hosts_find(&covered, hosts->items[i].name))
			continue;
		fprintf(stderr, "xmpp-certgen: %s doesn't cover %s\n",
		    run->next, hosts->items[i].name);
		return false;
	}
	return true;
}

static bool
print_plan(struct run *run, const struct tlsa_served *served,
    const struct cert_hosts *hosts, const struct tlsa_places *places)
{
	struct tlsa_plan plan = { .old = *served,
		.places = places,
		.ttl = run->ttl,
		.wait = run->ttl,
		.now = time(NULL) };

	if (!served_open(run, run->next, &run->next_pem, &plan.next) ||
	    !next_covers(run, hosts))
		return false;
	if (run->scope.dns)
		plan.wait = longest_ttl(run, places);
	return tlsa_plan_print(&plan, stdout);
}

static bool
print_records(struct run *run, const struct tlsa_served *served,
    const struct pem *pem, const struct cert_hosts *hosts)
{
	struct cert_hosts covered;
	struct tlsa_places places;

	tlsa_scope_hosts(&run->arena, pem, hosts, &covered);
	tlsa_scope_places(&run->scope, &run->arena, &covered, &places);
	if (places.unknown) {
		fprintf(stderr,
		    "xmpp-certgen: no answer about the SRV records of %s: %s\n",
		    places.unknown, places.why);
		return false;
	}
	if (places.count == 0) {
		fprintf(stderr, "xmpp-certgen: %s: %s\n", served->path,
		    covered.count > 0
			? "its domains are served nowhere, as their SRV "
			  "records say"
			: "no domain of its certificate is wanted: name a "
			  "--host that it covers, or a --target");
		return false;
	}
	if (run->next)
		return print_plan(run, served, &covered, &places);
	return tlsa_zone_print(served, &places, run->ttl, stdout);
}

static void
print_file(struct run *run, const char *path, const struct cert_hosts *hosts)
{
	struct tlsa_served served;
	struct pem *pem;

	if (!served_open(run, path, &pem, &served) ||
	    !print_records(run, &served, pem, hosts))
		run->failed = true;
	if (pem)
		pem_close(&pem);
	if (run->next_pem)
		pem_close(&run->next_pem);
}

/* --- the command line --- */

static bool
ttl_read(struct run *run, const char *value)
{
	char *end;
	unsigned long ttl = strtoul(value, &end, 10);

	run->ttl = (uint32_t)ttl;
	if (*value >= '0' && *value <= '9' && !*end && ttl <= TLSA_TTL_MAX)
		return true;
	return leave(run,
	    cli_usage(&run->cli, "--ttl takes 0 to %d seconds", TLSA_TTL_MAX));
}

static bool
option_read(struct run *run, int id, const char *value)
{
	switch (id) {
	case OPTION_CONFIG: run->config = value; return true;
	case OPTION_NEXT: run->next = value; return true;
	case OPTION_TTL: return ttl_read(run, value);
	case OPTION_ASK: run->scope.dns = run->dns; return true;
	case OPTION_RESOLVER:
		run->scope.dns = run->dns;
		return run->dns->add_server(run->dns->arg, value) ||
		       leave(run, cli_usage(&run->cli,
				      "not a name server's address, or too "
				      "many: %s",
				      value));
	case OPTION_HOST:
		return cert_hosts_add(&run->arena, &run->hosts, value,
			   CFG_ROLE_ACCOUNTS) ||
		       leave(run, cli_usage(&run->cli,
				      "%s is no name of a host", value));
	case OPTION_TARGET:
		return tlsa_scope_target(&run->scope, &run->arena, value) ||
		       leave(run, cli_usage(&run->cli,
				      "--target takes HOST or HOST:PORT, not "
				      "%s",
				      value));
	default: run->files[run->file_count++] = value; return true;
	}
}

static bool
options_read(struct run *run)
{
	const char *value;
	int id;

	while ((id = cli_next(&run->cli, &value)) != CLI_END)
		if (id == CLI_EXIT || !option_read(run, id, value))
			return false;
	if (run->config && (run->file_count > 0 || run->hosts.count > 0))
		return leave(run,
		    cli_usage(&run->cli,
			"--config says itself which hosts and files: --host "
			"and FILE don't go with it"));
	if (!run->config && run->file_count == 0)
		return leave(run, cli_usage(&run->cli, "which file?"));
	if (run->next && (run->config || run->file_count > 1))
		return leave(
		    run, cli_usage(&run->cli, "--next follows one FILE"));
	return true;
}

/* What is wrong with the configuration otherwise is the linter's to say. */
static int
print_config(struct run *run)
{
	const struct cfg_load_options how = { .anyway = true };
	struct findings *lint = findings_create("xmpp-certgen");
	struct config_files files;
	int status = EXIT_CLEAN;
	struct cfg *cfg;

	if (cfg_load(run->config, &how, lint, &cfg)) {
		tlsa_scope_ports(&run->scope, cfg);
		config_files_list_all(&run->arena, cfg, &files);
		for (size_t i = 0; i < files.count; i++)
			print_file(
			    run, files.items[i].path, &files.items[i].hosts);
		cfg_destroy(&cfg);
	} else {
		cli_finish(&run->cli, lint);
		status = EXIT_FAILED;
	}
	findings_destroy(&lint);
	return status;
}

int
command_tlsa(int argc, char **argv, const struct tlsa_dns *dns)
{
	struct run run = { .dns = dns, .ttl = TLSA_TTL_DEFAULT };
	int status = EXIT_CLEAN;

	cli_init(&run.cli, &program, argc, argv);
	run.files = arena_array(&run.arena, (size_t)argc, sizeof(*run.files));
	if (!options_read(&run))
		status = run.cli.status;
	else if (run.config)
		status = print_config(&run);
	else
		for (size_t i = 0; i < run.file_count; i++)
			print_file(&run, run.files[i], &run.hosts);
	arena_fini(&run.arena);
	return run.failed ? EXIT_FAILED : status;
}
