/* xmpp-certgen install: how a configuration comes to name a PEM. */
#include "certgen/commands.h"

#include "certgen/install.h"
#include "certgen/pem_check.h"
#include "certgen/rules.h"
#include "cfgparse/base/arena.h"
#include "cfgparse/base/file.h"
#include "cfgparse/cli.h"

#include <stdio.h>

enum {
	OPTION_CONFIG = 1,
	OPTION_DIALECT,
	OPTION_UPDATE,
	OPTION_DIFF,
	OPTION_KEY,
};

static const struct cli_option options[] = {
	{ "--config", "FILE", "the configuration that is to name it",
	    OPTION_CONFIG },
	{ "--update-config", NULL, "put the name where it names others",
	    OPTION_UPDATE },
	{ "--diff", NULL, "show what --update-config would change",
	    OPTION_DIFF },
	{ "--dialect", "terms|yaml", "without --config: the lines' language",
	    OPTION_DIALECT },
	{ "--key-file", "FILE", "the key, where it isn't in the PEM",
	    OPTION_KEY },
	{ 0 },
};

static const struct rule *const tables[] = { certgen_rules, NULL };

static const struct cli_program program = {
	.name = "xmpp-certgen install",
	.usage = "[OPTION...] PEM",
	.about = "Prints the lines by which a configuration names a PEM that "
		 "is there,\nor changes those that name others.",
	.options = options,
	.rules = tables,
};

struct wanted {
	struct install install;
	struct config_pem pem;
	const char *config;
};

static bool
refuse(struct cli *cli, int status)
{
	cli->status = status;
	return false;
}

static bool
check(struct cli *cli, struct wanted *wanted)
{
	struct install *install = &wanted->install;
	char why[FILE_WHY_MAX];

	if (!wanted->pem.path)
		return refuse(cli, cli_usage(cli, "which PEM?"));
	if ((install->update || install->diff) && !wanted->config)
		return refuse(cli, cli_usage(cli, "which --config?"));
	install->lines = !install->update && !install->diff;
	if (!file_readable(wanted->pem.path, why))
		return refuse(cli, cli_usage(cli, "%s can't be read: %s",
				       wanted->pem.path, why));
	return true;
}

static bool
options_read(struct cli *cli, struct wanted *wanted)
{
	const char *value;

	for (;;) {
		switch (cli_next(cli, &value)) {
		case CLI_EXIT: return false;
		case CLI_END: return check(cli, wanted);
		case CLI_ARGUMENT:
			if (wanted->pem.path)
				return refuse(
				    cli, cli_usage(cli, "one PEM at a time"));
			wanted->pem.path = value;
			break;
		case OPTION_CONFIG: wanted->config = value; break;
		case OPTION_UPDATE: wanted->install.update = true; break;
		case OPTION_DIFF: wanted->install.diff = true; break;
		case OPTION_KEY: wanted->pem.key = value; break;
		case OPTION_DIALECT:
			if (!install_dialect(value, &wanted->install.dialect))
				return refuse(cli,
				    cli_usage(cli,
					"--dialect knows terms and yaml, not "
					"%s",
					value));
			break;
		default: break;
		}
	}
}

/* What no server can load isn't put into a configuration: *status is then that
 * of its findings, which are shown. */
static bool
judge(struct cli *cli, struct arena *arena, const struct wanted *wanted,
    int *status)
{
	const struct pem_demand demand = { .starting = true };
	struct findings *findings = cli_findings(cli);
	bool good;

	good = wanted->pem.key
		   ? pem_check_pair(arena, wanted->pem.path, wanted->pem.key,
			 &demand, findings)
		   : pem_check(arena, wanted->pem.path, &demand, findings);
	if (!good)
		*status = cli_finish(cli, findings);
	findings_destroy(&findings);
	return good;
}

int
command_install(int argc, char **argv)
{
	struct wanted wanted = { 0 };
	struct arena arena = { 0 };
	struct cli cli;
	int status;

	cli_init(&cli, &program, argc, argv);
	if (!options_read(&cli, &wanted))
		return cli.status;
	if (judge(&cli, &arena, &wanted, &status))
		status = install_run(&arena, &wanted.install, wanted.config,
			     &wanted.pem, stdout)
			     ? EXIT_CLEAN
			     : EXIT_FAILED;
	arena_fini(&arena);
	return status;
}
