/*
 * xmpp-certgen: chooses the command. What each does stands in command_*.c.
 */
#include "certgen/commands.h"
#include "certgen/live_rules.h"
#include "certgen/rules.h"
#include "certgen/wiping.h"
#include "cfgparse/cli.h"
#include "dnscheck/ask_tlsa.h"

#include <stddef.h>
#include <string.h>

/* Those that ask the DNS get the resolver from here: it stands above them. */
static int
run_check(int argc, char **argv)
{
	struct ask_tlsa ask = { .server_count = 0 };
	struct tlsa_dns dns = ask_tlsa_table(&ask);

	return command_check(argc, argv, &dns);
}

static int
run_tlsa(int argc, char **argv)
{
	struct ask_tlsa ask = { .server_count = 0 };
	struct tlsa_dns dns = ask_tlsa_table(&ask);

	return command_tlsa(argc, argv, &dns);
}

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
} commands[] = {
	{ "self-signed", command_self_signed },
	{ "ca", command_ca },
	{ "csr", command_csr },
	{ "check", run_check },
	{ "show", command_show },
	{ "fingerprint", command_fingerprint },
	{ "join", command_join },
	{ "split", command_split },
	{ "install", command_install },
	{ "tlsa", run_tlsa },
};

static const struct rule *const tables[] = { certgen_rules, live_rules, NULL };

static const struct cli_option no_options[] = { { 0 } };

static const struct cli_program program = {
	.name = "xmpp-certgen",
	.usage = "self-signed | ca | csr | check | show | fingerprint | join | "
		 "split | install | tlsa "
		 "[OPTION...] ...",
	.about = "Makes the certificates that an XMPP server needs and judges\n"
		 "those that exist. Each command explains itself with --help.",
	.options = no_options,
	.rules = tables,
};

static int
run(int argc, char **argv)
{
	const char *value;
	struct cli cli;
	size_t i;

	for (i = 0; argc > 1 && i < sizeof(commands) / sizeof(commands[0]); i++)
		if (strcmp(argv[1], commands[i].name) == 0)
			return commands[i].run(argc - 1, argv + 1);
	cli_init(&cli, &program, argc, argv);
	switch (cli_next(&cli, &value)) {
	case CLI_EXIT: return cli.status;
	case CLI_ARGUMENT:
		return cli_usage(&cli, "there is no command %s", value);
	default: return cli_usage(&cli, "which command?");
	}
}

int
main(int argc, char **argv)
{
	/* Where it can't, all else still works. */
	wiping_start();
	return cli_close(program.name, run(argc, argv));
}
