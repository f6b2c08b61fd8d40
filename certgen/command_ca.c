/*
 * xmpp-certgen ca: an authority of one's own. init makes it, issue signs PEMs
 * for hosts, renew signs what it signed before, or itself, once more.
 */
#include "certgen/commands.h"

#include "certgen/authority.h"
#include "certgen/config_files.h"
#include "certgen/making.h"
#include "certgen/rules.h"
#include "cfgparse/cfg.h"

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <string.h>
#include <time.h>

enum { OWN_UNCONSTRAINED = MAKING_OWN };
/* A report names so many hosts at most. */
enum { HOSTS_TOLD = 20 };

static const struct rule *const tables[] = { certgen_rules, NULL };

#define CA_ROW                                                              \
	{                                                                   \
		"--ca", "FILE",                                             \
		    "its certificate (xmpp-ca.pem); the key beside it, in " \
		    ".key",                                                 \
		    MAKING_CA                                               \
	}

/* One run of a subcommand. */
struct run {
	struct making making;
	struct authority authority;
	bool unconstrained;
	const char **files; /* those to renew; the making's arena */
	size_t file_count;
};

static bool
options_read(struct run *run, bool takes_files)
{
	struct making *making = &run->making;
	const char *value;
	int id;

	while ((id = cli_next(&making->cli, &value)) != CLI_END) {
		if (id == CLI_EXIT)
			return false;
		if (id == OWN_UNCONSTRAINED)
			run->unconstrained = true;
		else if (id == CLI_ARGUMENT && takes_files)
			run->files[run->file_count++] = value;
		else if (!making_read(making, id, value))
			return false;
	}
	return true;
}

static bool
authority_opened(struct run *run, enum authority_use use)
{
	struct making *making = &run->making;
	const char *why;

	if (authority_open(&making->maker.arena, making->authority, use,
		&run->authority, &why)) {
		making->maker.order.authority = &run->authority;
		return true;
	}
	maker_fail(&making->maker, why);
	return making_leave(making, EXIT_FAILED);
}

/* --- init --- */

static const struct cli_option init_options[] = {
	CA_ROW,
	{ "--config", "FILE", "it may sign for all hosts of the configuration",
	    MAKING_CONFIG },
	{ "--host", "HOST", "it may sign for the host and all names below it",
	    MAKING_HOST },
	{ "--unconstrained", NULL, "it may sign for any name",
	    OWN_UNCONSTRAINED },
	MAKING_KEY_ROW,
	{ "--days", "N", "valid so long (3650)", MAKING_DAYS },
	{ 0 },
};

static const struct cli_program init_program = {
	.name = "xmpp-certgen ca init",
	.usage = "--config FILE | --host HOST... | --unconstrained [OPTION...]",
	.about = "Makes an authority: a certificate that clients and servers "
		 "can be told to trust,\nand its key in a file of its own.",
	.options = init_options,
	.rules = tables,
};

static bool
init_check(struct run *run)
{
	struct making *making = &run->making;
	int given = (making->config != NULL) + (making->hosts.count > 0) +
		    run->unconstrained;

	if (given == 1)
		return true;
	return making_leave(making,
	    cli_usage(&making->cli,
		given ? "--config, --host and --unconstrained don't go together"
		      : "for which --host, or for which --config, may it "
			"sign?"));
}

/* False where they are too many. */
static bool
init_hosts(struct run *run)
{
	struct making *making = &run->making;
	size_t i;

	for (i = 0; making->cfg && i < making->cfg->domain_count; i++)
		cert_hosts_add(&making->maker.arena, &making->hosts,
		    making->cfg->domains[i].name, making->cfg->domains[i].role);
	if (run->unconstrained ||
	    authority_constraints(&making->hosts) <= CERT_HOSTS_MAX)
		return true;
	maker_fail(&making->maker,
	    "these are more hosts than other programs compare a certificate "
	    "with: name the domains above them with --host, or take "
	    "--unconstrained");
	return making_leave(making, EXIT_FAILED);
}

static void
tell_permitted(FILE *out, const struct cert_hosts *hosts)
{
	size_t i, told = 0;

	fputs("  for", out);
	for (i = 0; i < hosts->count; i++) {
		if (cert_hosts_above(hosts, &hosts->items[i]))
			continue;
		if (told == HOSTS_TOLD) {
			fputs(" and others,", out);
			break;
		}
		fprintf(out, "%s %s", told++ ? "," : "", hosts->items[i].name);
	}
	fputs(" and all below\n", out);
}

static void
init_tell(struct run *run, const X509 *cert, const struct pem_output *outputs)
{
	FILE *out = run->making.maker.report;
	char name[128] = "";

	X509_NAME_get_text_by_NID(
	    X509_get_subject_name(cert), NID_commonName, name, sizeof(name));
	fprintf(out, "wrote %s: \"%s\", valid until %s\n", outputs[1].path,
	    name, make_day(&run->making.maker.arena, cert));
	if (run->unconstrained)
		fputs("  for any name\n", out);
	else
		tell_permitted(out, &run->making.hosts);
	fprintf(out,
	    "  give this file to those who are to trust it\n"
	    "wrote %s: its key\n"
	    "  keep it to yourself: who has it can stand in for %s\n",
	    outputs[0].path, run->unconstrained ? "any host" : "these hosts");
}

static bool
init_make(struct run *run)
{
	struct making *making = &run->making;
	struct arena *arena = &making->maker.arena;
	struct authority_request request = {
		run->unconstrained ? NULL : &making->hosts,
		making->maker.order.days, time(NULL)
	};
	struct pem_output outputs[2] = { 0 };
	EVP_PKEY *key = key_generate(&making->maker.order.kind);
	X509 *cert = key ? authority_make(&request, key) : NULL;
	const char *why = "OpenSSL could not make the certificate";
	bool done;

	outputs[0].path = authority_key_path(arena, making->authority);
	outputs[0].key = key;
	outputs[1].path = making->authority;
	outputs[1].cert = cert;
	done = cert && pem_write(arena, outputs, 2, &why);
	if (done)
		init_tell(run, cert, outputs);
	else
		maker_fail(&making->maker, why);
	X509_free(cert);
	EVP_PKEY_free(key);
	return done;
}

static int
init(struct run *run)
{
	if (!options_read(run, false) || !init_check(run) ||
	    !making_load(&run->making) || !init_hosts(run))
		return run->making.cli.status;
	return init_make(run) ? EXIT_CLEAN : EXIT_FAILED;
}

/* --- issue --- */

static const struct cli_option issue_options[] = {
	CA_ROW,
	{ "--config", "FILE", "make what this configuration names and lacks",
	    MAKING_CONFIG },
	MAKING_PEM_ROWS("365"),
	{ 0 },
};

static const struct cli_program issue_program = {
	.name = "xmpp-certgen ca issue",
	.usage = "--config FILE | --host HOST... [OPTION...]",
	.about = "Makes a combined PEM: a certificate that the authority "
		 "signs, then its key.",
	.options = issue_options,
	.rules = tables,
};

static int
issue(struct run *run)
{
	struct making *making = &run->making;

	if (!options_read(run, false) || !making_check(making) ||
	    !making_load(making) || !authority_opened(run, AUTHORITY_SIGNS))
		return making->cli.status;
	return making_run(making);
}

/* --- renew --- */

static const struct cli_option renew_options[] = {
	CA_ROW,
	MAKING_SEPARATE_ROW,
	MAKING_OWNER_ROWS,
	{ "--days", "N", "valid so long (365; the authority itself: 3650)",
	    MAKING_DAYS },
	{ "--rotate", NULL, "replace the keys of the files too",
	    MAKING_ROTATE },
	{ 0 },
};

static const struct cli_program renew_program = {
	.name = "xmpp-certgen ca renew",
	.usage = "[OPTION...] [FILE...]",
	.about =
	    "Signs what stands in each FILE once more, for the same hosts and "
	    "key. Without\na FILE, the authority's own certificate, with the "
	    "same key: who trusted it goes on.",
	.options = renew_options,
	.rules = tables,
};

static bool
renew_itself(struct run *run)
{
	struct making *making = &run->making;
	struct maker *maker = &making->maker;
	struct pem_output output = { .path = making->authority,
		.replace = true };
	const char *why = "OpenSSL could not renew the certificate";
	bool done;

	output.cert =
	    authority_renew(&run->authority, time(NULL), maker->order.days);
	done = output.cert && pem_write(&maker->arena, &output, 1, &why);
	if (done)
		fprintf(maker->report,
		    "wrote %s: the authority, valid until %s\n"
		    "  the old one is kept as %s\n"
		    "  give the new one to those who trust it before the old "
		    "one ends\n",
		    output.path, make_day(&maker->arena, output.cert),
		    output.backup);
	else
		maker_fail(maker, why);
	X509_free(output.cert);
	return done;
}

static int
renew(struct run *run)
{
	struct making *making = &run->making;
	struct make_order *order = &making->maker.order;
	size_t i;

	if (!options_read(run, true) || !making_load(making))
		return making->cli.status;
	if (!making->days_given && !run->file_count)
		order->days = AUTHORITY_DAYS_DEFAULT;
	if (!run->file_count && order->existing != MAKE_REFUSE)
		return cli_usage(&making->cli,
		    "a new key would be another authority: ca init makes one");
	if (!authority_opened(
		run, run->file_count ? AUTHORITY_SIGNS : AUTHORITY_IS_RENEWED))
		return making->cli.status;
	if (!run->file_count)
		return renew_itself(run) ? EXIT_CLEAN : EXIT_FAILED;
	if (order->existing == MAKE_REFUSE)
		order->existing = MAKE_RENEW;
	for (i = 0; i < run->file_count; i++) {
		struct config_file file = { .path = run->files[i] };

		maker_make(&making->maker, &file);
	}
	return making_finish(making);
}

/* --- all --- */

static const struct {
	const char *name;
	int (*run)(struct run *run);
	const struct cli_program *program;
	int days;
} subcommands[] = {
	{ "init", init, &init_program, AUTHORITY_DAYS_DEFAULT },
	{ "issue", issue, &issue_program, ISSUED_DAYS_DEFAULT },
	{ "renew", renew, &renew_program, ISSUED_DAYS_DEFAULT },
};

static const struct cli_option no_options[] = { { 0 } };

static const struct cli_program program = {
	.name = "xmpp-certgen ca",
	.usage = "init | issue | renew [OPTION...] ...",
	.about = "An authority of one's own, for servers and clients that can "
		 "be told to trust it.\ninit makes it, issue makes PEMs that "
		 "it signs, renew signs them once more.",
	.options = no_options,
	.rules = tables,
};

static int
no_subcommand(int argc, char **argv)
{
	const char *value;
	struct cli cli;

	cli_init(&cli, &program, argc, argv);
	switch (cli_next(&cli, &value)) {
	case CLI_EXIT: return cli.status;
	case CLI_ARGUMENT: return cli_usage(&cli, "there is no ca %s", value);
	default: return cli_usage(&cli, "init, issue or renew?");
	}
}

int
command_ca(int argc, char **argv)
{
	struct run run = { 0 };
	size_t count = sizeof(subcommands) / sizeof(subcommands[0]), i;
	int status;

	for (i = 0; argc > 1 && i < count; i++)
		if (strcmp(argv[1], subcommands[i].name) == 0)
			break;
	if (argc < 2 || i == count)
		return no_subcommand(argc, argv);
	making_start(&run.making, subcommands[i].program, argc - 1, argv + 1);
	run.making.maker.order.days = subcommands[i].days;
	run.files = arena_array(
	    &run.making.maker.arena, (size_t)argc, sizeof(*run.files));
	status = subcommands[i].run(&run);
	authority_close(&run.authority);
	making_end(&run.making);
	return status;
}
