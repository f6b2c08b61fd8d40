/* xmpp-certgen check: judges PEM files for the hosts that are named. */
#include "certgen/commands.h"

#include "certgen/config_files.h"
#include "certgen/hosts.h"
#include "certgen/lint_pems.h"
#include "certgen/live_check.h"
#include "certgen/live_rules.h"
#include "certgen/passphrase.h"
#include "certgen/pem_check.h"
#include "certgen/pem_fix.h"
#include "certgen/pem_pairs.h"
#include "certgen/pem_reader.h"
#include "certgen/rules.h"
#include "certgen/several.h"
#include "certgen/tlsa_check.h"
#include "certgen/certificate.h"
#include "cfgparse/base/arena.h"
#include "cfgparse/base/file.h"
#include "cfgparse/base/mem.h"
#include "cfgparse/cfg.h"
#include "cfgparse/cli.h"

#include <stdlib.h>

enum {
	OPTION_HOST = 1,
	OPTION_CONFIG,
	OPTION_USER,
	OPTION_WARN_DAYS,
	OPTION_FAIL_DAYS,
	OPTION_FIX,
	OPTION_DIFF,
	OPTION_KEEP_ROOT,
	OPTION_PASSPHRASE_FILE,
	OPTION_ASK_PASSPHRASE,
	OPTION_CONNECT,
	OPTION_STARTTLS,
	OPTION_TLS,
	OPTION_TIMEOUT,
	OPTION_TLSA,
	OPTION_TARGET,
	OPTION_RESOLVER,
	OPTION_NEXT,
};

static const struct cli_option options[] = {
	{ "--host", "HOST",
	    "a domain that each PEM must cover; may be repeated", OPTION_HOST },
	{ "--config", "FILE",
	    "judge what this configuration names, for its hosts",
	    OPTION_CONFIG },
	{ "--user", "USER", "who has to be able to read the files",
	    OPTION_USER },
	{ "--warn-days", "N",
	    "warn so many days before it expires (default: 14)",
	    OPTION_WARN_DAYS },
	{ "--fail-days", "N", "an error from so many days before on",
	    OPTION_FAIL_DAYS },
	{ "--fix", NULL, "mend form, order and rights first, keep the old file",
	    OPTION_FIX },
	{ "--diff", NULL, "only say what --fix would do", OPTION_DIFF },
	{ "--keep-root", NULL, "for --fix: leave a root in the chain",
	    OPTION_KEEP_ROOT },
	{ "--passphrase-file", "FILE",
	    "for --fix: the passphrase of an encrypted key is in it",
	    OPTION_PASSPHRASE_FILE },
	{ "--ask-passphrase", NULL, "for --fix: ask for it on the terminal",
	    OPTION_ASK_PASSPHRASE },
	{ "--connect", "HOST[:PORT]", "judge what this server sends instead",
	    OPTION_CONNECT },
	{ "--starttls", "c2s|s2s", "for --connect: begin as a client or server",
	    OPTION_STARTTLS },
	{ "--tls", "c2s|s2s", "the same with TLS from the first byte on",
	    OPTION_TLS },
	{ "--timeout", "SECONDS", "for each address of --connect (default: 10)",
	    OPTION_TIMEOUT },
	{ "--tlsa", NULL, "compare with the TLSA records in the DNS too",
	    OPTION_TLSA },
	{ "--target", "HOST[:PORT]",
	    "for --tlsa: where they stand (default: where SRV records lead)",
	    OPTION_TARGET },
	{ "--resolver", "ADDR[@PORT]", "for --tlsa: ask this name server",
	    OPTION_RESOLVER },
	{ "--next", "FILE", "for --tlsa: the PEM that is to follow",
	    OPTION_NEXT },
	{ 0 },
};

static const struct rule *const tables[] = { certgen_rules, live_rules, NULL };

static const struct cli_program program = {
	.name = "xmpp-certgen check",
	.usage = "[OPTION...] FILE... | --config FILE | --connect HOST[:PORT]",
	.about = "Judges PEM files as a server would have to use them.",
	.options = options,
	.rules = tables,
};

/* What the command line asks for; never more than its arguments. */
struct wanted {
	const char **files;
	size_t file_count;
	struct cert_hosts hosts;
	const char *config;
	struct pem_reader reader;
	int warn_days;
	int fail_days;
	bool mend;
	struct pem_fix fix;
	struct passphrase_source source;
	struct live_wanted live;
	struct live_target target; /* where live.connect is set */
	const struct tlsa_dns *dns;
	struct tlsa_scope scope;
	const char *next;
	bool tlsa;
	bool resolver; /* one is named */
};

/* The end of the command line; false where that makes no sense. */
static bool
options_fit(struct cli *cli, struct arena *arena, struct wanted *wanted)
{
	const struct live_wanted *live = &wanted->live;
	const char *why = NULL;

	if (!live->connect && (live->starttls || live->tls || live->timeout))
		why = "--starttls, --tls and --timeout go with --connect";
	else if (!wanted->tlsa && (wanted->scope.target_count > 0 ||
				      wanted->resolver || wanted->next))
		why = "--target, --resolver and --next go with --tlsa";
	else if (wanted->tlsa && live->connect)
		why = "--tlsa compares the records with a file";
	else if (live->connect && wanted->reader.name)
		why = "--user asks who can read a file, and --connect none";
	else if (live->connect && wanted->file_count > 0)
		why = "--connect judges what a server sends, and no file";
	else if (wanted->config &&
		 (live->connect || wanted->file_count || wanted->hosts.count))
		why = "--config says itself which files and hosts: no FILE, "
		      "--host or --connect goes with it";
	else if (!live->connect && !wanted->config && wanted->file_count == 0)
		why = "which file?";
	else if (wanted->mend && wanted->file_count == 0)
		why = "--fix and --diff mend files that are named";
	else if (!wanted->mend &&
		 (wanted->fix.keep_root || wanted->source.file ||
		     wanted->source.ask))
		why = "--keep-root, --passphrase-file and --ask-passphrase go "
		      "with --fix";
	else if (live->connect &&
		 live_target_read(live, &wanted->target, &why) &&
		 wanted->hosts.count == 0)
		cert_hosts_add(arena, &wanted->hosts, wanted->target.domain,
		    CFG_ROLE_ACCOUNTS);
	if (why)
		cli->status = cli_usage(cli, "%s", why);
	return !why;
}

static bool
read_days(struct cli *cli, const char *option, const char *value, int *days)
{
	char *end;
	long number = strtol(value, &end, 10);

	if (*value >= '0' && *value <= '9' && !*end && number > 0 &&
	    number <= CERT_DAYS_MAX) {
		*days = (int)number;
		return true;
	}
	cli->status =
	    cli_usage(cli, "%s takes 1 to %d days", option, CERT_DAYS_MAX);
	return false;
}

static bool
read_host(struct cli *cli, struct arena *arena, struct wanted *wanted,
    const char *value)
{
	if (cert_hosts_add(arena, &wanted->hosts, value, CFG_ROLE_ACCOUNTS))
		return true;
	cli->status = cli_usage(cli, "%s is no host name", value);
	return false;
}

static bool
read_user(struct cli *cli, struct arena *arena, struct wanted *wanted,
    const char *value)
{
	if (pem_reader_find(arena, value, &wanted->reader))
		return true;
	cli->status = cli_usage(cli, "there is no user %s", value);
	return false;
}

static bool
read_resolver(struct cli *cli, struct wanted *wanted, const char *value)
{
	wanted->resolver = true;
	if (wanted->dns->add_server(wanted->dns->arg, value))
		return true;
	cli->status = cli_usage(
	    cli, "not a name server's address, or too many: %s", value);
	return false;
}

static bool
read_target(struct cli *cli, struct arena *arena, struct wanted *wanted,
    const char *value)
{
	if (tlsa_scope_target(&wanted->scope, arena, value))
		return true;
	cli->status =
	    cli_usage(cli, "--target takes HOST or HOST:PORT, not %s", value);
	return false;
}

/* False where the program is to leave with cli->status. */
static bool
options_read(struct cli *cli, struct arena *arena, struct wanted *wanted)
{
	const char *value;

	for (;;) {
		switch (cli_next(cli, &value)) {
		case CLI_EXIT: return false;
		case CLI_END: return options_fit(cli, arena, wanted);
		case OPTION_CONNECT: wanted->live.connect = value; break;
		case OPTION_STARTTLS: wanted->live.starttls = value; break;
		case OPTION_TLS: wanted->live.tls = value; break;
		case OPTION_TIMEOUT: wanted->live.timeout = value; break;
		case OPTION_TLSA: wanted->tlsa = true; break;
		case OPTION_NEXT: wanted->next = value; break;
		case OPTION_RESOLVER:
			if (!read_resolver(cli, wanted, value))
				return false;
			break;
		case OPTION_TARGET:
			if (!read_target(cli, arena, wanted, value))
				return false;
			break;
		case CLI_ARGUMENT:
			wanted->files[wanted->file_count++] = value;
			break;
		case OPTION_HOST:
			if (!read_host(cli, arena, wanted, value))
				return false;
			break;
		case OPTION_CONFIG: wanted->config = value; break;
		case OPTION_DIFF: wanted->mend = wanted->fix.dry = true; break;
		case OPTION_FIX: wanted->mend = true; break;
		case OPTION_KEEP_ROOT: wanted->fix.keep_root = true; break;
		case OPTION_PASSPHRASE_FILE: wanted->source.file = value; break;
		case OPTION_ASK_PASSPHRASE: wanted->source.ask = true; break;
		case OPTION_USER:
			if (!read_user(cli, arena, wanted, value))
				return false;
			break;
		case OPTION_WARN_DAYS:
			if (!read_days(
				cli, "--warn-days", value, &wanted->warn_days))
				return false;
			break;
		case OPTION_FAIL_DAYS:
			if (!read_days(
				cli, "--fail-days", value, &wanted->fail_days))
				return false;
			break;
		default: break;
		}
	}
}

/* Asks the server for each host: it may have a certificate for each. */
static bool
check_live(struct arena *arena, const struct wanted *wanted,
    const struct pem_demand *all, struct findings *findings)
{
	bool could = true;
	size_t i;

	for (i = 0; i < wanted->hosts.count; i++) {
		struct pem_demand demand = *all;

		demand.hosts = &wanted->hosts.items[i];
		demand.host_count = 1;
		if (!live_check(arena, &wanted->target, &demand, findings))
			could = false;
	}
	return could;
}

/* Whether the DNS answered, where it is to be asked. */
static bool
compare(struct arena *arena, const struct wanted *wanted, const char *path,
    const struct cert_hosts *hosts, struct findings *findings)
{
	struct tlsa_demand demand = {
		.scope = &wanted->scope, .hosts = hosts, .next = wanted->next
	};

	return !wanted->tlsa || tlsa_check(arena, path, &demand, findings);
}

/* Files that compete for a host, if one server is to have them all. */
static void
check_several(struct arena *arena, const struct wanted *wanted,
    const struct pem_pair *pairs, struct findings *findings)
{
	struct several several = { .arena = arena,
		.hosts = wanted->hosts.count ? &wanted->hosts : NULL,
		.unsure = true };
	size_t i;

	for (i = 0; wanted->file_count > 1 && i < wanted->file_count; i++)
		if (!pairs[i].spare)
			several_add(&several, pairs[i].path, NULL, findings);
	several_fini(&several);
}

/* Whether all could be read; that one couldn't is a finding already. */
static bool
check_files(struct arena *arena, const struct wanted *wanted,
    const struct pem_demand *demand, struct findings *findings)
{
	struct pem_pair *pairs =
	    arena_array(arena, wanted->file_count, sizeof(*pairs));
	char why[FILE_WHY_MAX];
	bool could = true;
	size_t i;

	for (i = 0; i < wanted->file_count; i++)
		pairs[i].path = wanted->files[i];
	if (wanted->file_count > 1)
		pem_pairs_find(arena, pairs, wanted->file_count);
	for (i = 0; i < wanted->file_count; i++) {
		if (pairs[i].spare) /* judged with its certificate */
			continue;
		if (pairs[i].key)
			pem_check_pair(arena, pairs[i].path, pairs[i].key,
			    demand, findings);
		else
			pem_check(arena, pairs[i].path, demand, findings);
		could = could && file_readable(pairs[i].path, why);
		if (!compare(
			arena, wanted, pairs[i].path, &wanted->hosts, findings))
			could = false;
	}
	check_several(arena, wanted, pairs, findings);
	return could;
}

/* For cfg_load to call. */
struct look {
	struct arena *arena;
	const struct pem_demand *demand;
	struct findings *findings;
	bool done;
};

static void
look_at_pems(void *context, struct lint *lint)
{
	struct look *look = context;

	lint_pems_alone(look->arena, lint, look->demand, look->findings);
	look->done = true;
}

/* What else is wrong with the configuration is the linter's to say, as long as
 * it can be read. Its findings hold the places of names. *could becomes false
 * where the DNS didn't answer. */
static bool
check_config(struct arena *arena, const struct wanted *wanted,
    const struct pem_demand *demand, struct findings *findings,
    struct findings *lint, bool *could)
{
	struct look look = {
		.arena = arena, .demand = demand, .findings = findings
	};
	const struct cfg_load_options how = { .look = look_at_pems,
		.look_context = &look };
	struct config_files files;
	struct cfg *cfg;
	size_t i;

	if (!cfg_load(wanted->config, &how, lint, &cfg))
		return look.done;
	config_files_list_all(arena, cfg, &files);
	for (i = 0; i < files.count; i++)
		if (!compare(arena, wanted, files.items[i].path,
			&files.items[i].hosts, findings))
			*could = false;
	cfg_destroy(&cfg);
	return true;
}

/* True where all files are as they should be, or nothing was asked for. */
static bool
mend_files(struct cli *cli, struct arena *arena, const struct wanted *wanted)
{
	char passphrase[PASSPHRASE_MAX + 1], why[FILE_WHY_MAX];
	struct pem_fix fix = wanted->fix;
	bool read, done;
	size_t i;

	if (!wanted->mend)
		return true;
	read = done = passphrase_read(&wanted->source, passphrase, why);
	if (!read)
		fprintf(stderr, "%s: the passphrase can't be read: %s\n",
		    program.name, why);
	fix.passphrase = *passphrase ? passphrase : NULL;
	/* What was done goes where it doesn't get into JSON. */
	fix.report = cli->findings.format == FORMAT_TEXT ? stdout : stderr;
	for (i = 0; read && i < wanted->file_count; i++)
		done = pem_fix(arena, &fix, wanted->files[i]) && done;
	passphrase_wipe(passphrase);
	return done;
}

static int
check_all(struct cli *cli, struct arena *arena, const struct wanted *wanted)
{
	struct pem_demand demand = { .hosts = wanted->hosts.items,
		.host_count = wanted->hosts.count,
		.warn_days = wanted->warn_days,
		.fail_days = wanted->fail_days,
		.reader = wanted->reader.name ? &wanted->reader : NULL };
	struct findings *findings = cli_findings(cli);
	struct findings *lint = findings_create(program.name);
	char why[FILE_WHY_MAX];
	bool could = mend_files(cli, arena, wanted);
	int status;

	if (wanted->live.connect)
		could = check_live(arena, wanted, &demand, findings) && could;
	if (wanted->config &&
	    !check_config(arena, wanted, &demand, findings, lint, &could)) {
		could = file_readable(wanted->config, why);
		status = cli_finish(cli, lint);
	} else {
		could = check_files(arena, wanted, &demand, findings) && could;
		status = cli_finish(cli, findings);
	}
	findings_destroy(&findings);
	findings_destroy(&lint);
	return could ? status : EXIT_FAILED;
}

int
command_check(int argc, char **argv, const struct tlsa_dns *dns)
{
	struct wanted wanted = { .dns = dns, .scope.dns = dns };
	struct arena arena = { 0 };
	struct cli cli;
	int status;

	wanted.files = mem_alloc((size_t)argc, sizeof(*wanted.files));
	cli_init(&cli, &program, argc, argv);
	status = options_read(&cli, &arena, &wanted)
		     ? check_all(&cli, &arena, &wanted)
		     : cli.status;
	free(wanted.files);
	arena_fini(&arena);
	return status;
}
