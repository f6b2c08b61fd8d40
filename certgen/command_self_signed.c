/* xmpp-certgen self-signed: PEMs whose certificates sign themselves. */
#include "certgen/commands.h"

#include "certgen/making.h"
#include "certgen/rules.h"

static const struct cli_option options[] = {
	{ "--config", "FILE", "make what this configuration names and lacks",
	    MAKING_CONFIG },
	MAKING_PEM_ROWS("730"),
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

static bool
options_read(struct making *making)
{
	const char *value;
	int id;

	while ((id = cli_next(&making->cli, &value)) != CLI_END)
		if (id == CLI_EXIT || !making_read(making, id, value))
			return false;
	return making_check(making);
}

int
command_self_signed(int argc, char **argv)
{
	struct making making;
	int status;

	making_start(&making, &program, argc, argv);
	status = options_read(&making) && making_load(&making)
		     ? making_run(&making)
		     : making.cli.status;
	making_end(&making);
	return status;
}
