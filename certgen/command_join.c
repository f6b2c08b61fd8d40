/* xmpp-certgen join: one PEM out of any files, in the order servers want. */
#include "certgen/commands.h"

#include "certgen/passphrase.h"
#include "certgen/pem_check.h"
#include "certgen/pem_parts.h"
#include "certgen/pem_write.h"
#include "certgen/rules.h"
#include "cfgparse/base/arena.h"
#include "cfgparse/base/mem.h"
#include "cfgparse/cli.h"

#include <stdlib.h>
#include <string.h>

enum {
	OPTION_OUT = 1,
	OPTION_OWNER,
	OPTION_GROUP,
	OPTION_REPLACE,
	OPTION_KEEP_ROOT,
	OPTION_PASSPHRASE_FILE,
	OPTION_ASK_PASSPHRASE,
};

static const struct cli_option options[] = {
	{ "--out", "FILE", "where to", OPTION_OUT },
	{ "--replace", NULL, "also where a file is there; that one is kept",
	    OPTION_REPLACE },
	{ "--owner", "USER[:GROUP]",
	    "give it to the user, for the group to "
	    "read",
	    OPTION_OWNER },
	{ "--group", "GROUP", "let the group read it, with mode 0640",
	    OPTION_GROUP },
	{ "--keep-root", NULL, "leave a root in the chain", OPTION_KEEP_ROOT },
	{ "--passphrase-file", "FILE",
	    "the passphrase of an encrypted key is in it",
	    OPTION_PASSPHRASE_FILE },
	{ "--ask-passphrase", NULL, "ask for it on the terminal",
	    OPTION_ASK_PASSPHRASE },
	{ 0 },
};

static const struct rule *const tables[] = { certgen_rules, NULL };

static const struct cli_program program = {
	.name = "xmpp-certgen join",
	.usage = "[OPTION...] --out FILE FILE...",
	.about = "Makes one PEM of certificates and a key that stand in any "
		 "files, in any\norder and form, and judges it.",
	.options = options,
	.rules = tables,
};

struct wanted {
	const char **files;
	size_t count;
	struct pem_output output;
	struct passphrase_source source;
	bool keep_root;
};

/* False where the program is to leave with cli->status. */
static bool
option_read(struct cli *cli, struct wanted *wanted, int id, const char *value)
{
	switch (id) {
	case CLI_ARGUMENT: wanted->files[wanted->count++] = value; break;
	case OPTION_OUT: wanted->output.path = value; break;
	case OPTION_REPLACE: wanted->output.replace = true; break;
	case OPTION_KEEP_ROOT: wanted->keep_root = true; break;
	case OPTION_PASSPHRASE_FILE: wanted->source.file = value; break;
	case OPTION_ASK_PASSPHRASE: wanted->source.ask = true; break;
	case OPTION_OWNER:
		if (pem_owner_parse(value, &wanted->output.owner))
			break;
		cli->status =
		    cli_usage(cli, "there is no such user or group: %s", value);
		return false;
	case OPTION_GROUP:
		if (pem_group_parse(value, &wanted->output.owner))
			break;
		cli->status =
		    cli_usage(cli, "there is no such group: %s", value);
		return false;
	default: break;
	}
	return true;
}

static bool
options_read(struct cli *cli, struct wanted *wanted)
{
	const char *value;
	int id;

	while ((id = cli_next(cli, &value)) != CLI_END) {
		if (id == CLI_EXIT || !option_read(cli, wanted, id, value))
			return false;
	}
	if (wanted->count > 0 && wanted->output.path)
		return true;
	cli->status = cli_usage(
	    cli, wanted->count ? "--out says where to" : "which files?");
	return false;
}

static int
fail(const char *why)
{
	fprintf(stderr, "%s: %s\n", program.name, why);
	return EXIT_FAILED;
}

static bool
collect(struct arena *arena, const struct wanted *wanted,
    struct pem_parts *parts, const char **why)
{
	char passphrase[PASSPHRASE_MAX + 1], reason[FILE_WHY_MAX];
	bool done = passphrase_read(&wanted->source, passphrase, reason);
	size_t i;

	if (!done)
		*why = arena_printf(
		    arena, "the passphrase can't be read: %s", reason);
	for (i = 0; done && i < wanted->count; i++)
		done = pem_parts_add(arena, parts, wanted->files[i],
		    *passphrase ? passphrase : NULL, why);
	passphrase_wipe(passphrase);
	return done;
}

static void
report(const struct pem_output *output, const struct pem_parts *parts, FILE *to)
{
	const char *rest = buf_text(&parts->notes);

	fprintf(to, "wrote %s: the certificate, %zu of its chain, the key\n",
	    output->path, output->chain_count);
	for (; *rest; rest += strcspn(rest, "\n") + 1)
		fprintf(to, "  %.*s\n", (int)strcspn(rest, "\n"), rest);
	if (output->backup)
		fprintf(to, "  the old one is kept as %s\n", output->backup);
}

static int
judge(struct cli *cli, struct arena *arena, const char *path)
{
	struct findings *findings = cli_findings(cli);
	struct pem_demand demand = { 0 };
	int status = EXIT_CLEAN;

	pem_check(arena, path, &demand, findings);
	if (cli->findings.format != FORMAT_TEXT ||
	    findings_count(findings, SEVERITY_INFO) > 0)
		status = cli_finish(cli, findings);
	findings_destroy(&findings);
	return status;
}

static int
join(struct cli *cli, struct arena *arena, struct wanted *wanted,
    struct pem_parts *parts)
{
	struct pem_output *output = &wanted->output;
	struct pem_order order;
	const char *why;

	if (!collect(arena, wanted, parts, &why) ||
	    !pem_parts_arrange(
		parts, time(NULL), wanted->keep_root, &order, &why))
		return fail(why);
	if (!order.cert)
		return fail("there is no certificate among the files");
	if (!order.key)
		return fail("there is no private key among the files");
	output->cert = order.cert;
	output->chain = order.chain;
	output->chain_count = order.chain_count;
	output->key = order.key;
	if (!pem_write(arena, output, 1, &why))
		return fail(why);
	report(output, parts,
	    cli->findings.format == FORMAT_TEXT ? stdout : stderr);
	return judge(cli, arena, output->path);
}

int
command_join(int argc, char **argv)
{
	struct pem_parts parts = { 0 };
	struct wanted wanted = { 0 };
	struct arena arena = { 0 };
	struct cli cli;
	int status;

	wanted.files = mem_alloc((size_t)argc, sizeof(*wanted.files));
	cli_init(&cli, &program, argc, argv);
	status = options_read(&cli, &wanted)
		     ? join(&cli, &arena, &wanted, &parts)
		     : cli.status;
	pem_parts_fini(&parts);
	free(wanted.files);
	arena_fini(&arena);
	return status;
}
