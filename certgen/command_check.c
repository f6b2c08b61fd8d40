/* xmpp-certgen check: judges PEM files for the hosts that are named. */
#include "certgen/commands.h"

#include "certgen/hosts.h"
#include "certgen/pem_check.h"
#include "certgen/rules.h"
#include "cfgparse/base/arena.h"
#include "cfgparse/base/file.h"
#include "cfgparse/base/mem.h"
#include "cfgparse/cli.h"

#include <stdlib.h>

enum { OPTION_HOST = 1 };

static const struct cli_option options[] = {
	{ "--host", "HOST",
	    "a domain that each PEM must cover; may be repeated", OPTION_HOST },
	{ 0 },
};

static const struct rule *const tables[] = { certgen_rules, NULL };

static const struct cli_program program = {
	.name = "xmpp-certgen check",
	.usage = "[OPTION...] FILE...",
	.about = "Judges PEM files as a server would have to use them.",
	.options = options,
	.rules = tables,
};

/* What the command line asks for; never more than its arguments. */
struct wanted {
	const char **files;
	size_t file_count;
	struct cert_hosts hosts;
};

/* False where the program is to leave with cli->status. */
static bool
options_read(struct cli *cli, struct arena *arena, struct wanted *wanted)
{
	const char *value;

	for (;;) {
		switch (cli_next(cli, &value)) {
		case CLI_EXIT: return false;
		case CLI_END:
			if (wanted->file_count > 0)
				return true;
			cli->status = cli_usage(cli, "which file?");
			return false;
		case CLI_ARGUMENT:
			wanted->files[wanted->file_count++] = value;
			break;
		case OPTION_HOST:
			if (cert_hosts_add(arena, &wanted->hosts, value,
				CFG_ROLE_ACCOUNTS))
				break;
			cli->status =
			    cli_usage(cli, "%s is no host name", value);
			return false;
		default: break;
		}
	}
}

static int
check_all(struct cli *cli, struct arena *arena, const struct wanted *wanted)
{
	struct pem_demand demand = { .hosts = wanted->hosts.items,
		.host_count = wanted->hosts.count };
	struct findings *findings = cli_findings(cli);
	char why[FILE_WHY_MAX]; /* said as a finding already */
	bool could = true;
	size_t i;
	int status;

	for (i = 0; i < wanted->file_count; i++) {
		pem_check(arena, wanted->files[i], &demand, findings);
		could = could && file_readable(wanted->files[i], why);
	}
	status = cli_finish(cli, findings);
	findings_destroy(&findings);
	return could ? status : EXIT_FAILED;
}

int
command_check(int argc, char **argv)
{
	struct wanted wanted = { 0 };
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
