/* xmpp-certgen split: a file for each part of a PEM, all or none. */
#include "certgen/commands.h"

#include "certgen/passphrase.h"
#include "certgen/pem_parts.h"
#include "certgen/pem_write.h"
#include "certgen/rules.h"
#include "cfgparse/base/arena.h"
#include "cfgparse/cli.h"

#include <string.h>

enum {
	OPTION_OUT = 1,
	OPTION_REPLACE,
	OPTION_KEEP_ROOT,
	OPTION_PASSPHRASE_FILE,
	OPTION_ASK_PASSPHRASE,
};

static const struct cli_option options[] = {
	{ "--out", "NAME",
	    "write NAME-key.pem, NAME-cert.pem and NAME-chain.pem (default: "
	    "FILE without .pem)",
	    OPTION_OUT },
	{ "--replace", NULL, "also where files are there; these are kept",
	    OPTION_REPLACE },
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
	.name = "xmpp-certgen split",
	.usage = "[OPTION...] FILE",
	.about = "Writes the key, the certificate and its chain of a PEM into "
		 "files of their own.",
	.options = options,
	.rules = tables,
};

struct wanted {
	const char *file;
	const char *out;
	struct passphrase_source source;
	bool replace;
	bool keep_root;
};

/* False where the program is to leave with cli->status. */
static bool
options_read(struct cli *cli, struct wanted *wanted)
{
	const char *value;

	for (;;) {
		switch (cli_next(cli, &value)) {
		case CLI_EXIT: return false;
		case CLI_END:
			if (wanted->file)
				return true;
			cli->status = cli_usage(cli, "which file?");
			return false;
		case CLI_ARGUMENT:
			if (wanted->file) {
				cli->status =
				    cli_usage(cli, "one file at a time");
				return false;
			}
			wanted->file = value;
			break;
		case OPTION_OUT: wanted->out = value; break;
		case OPTION_REPLACE: wanted->replace = true; break;
		case OPTION_KEEP_ROOT: wanted->keep_root = true; break;
		case OPTION_PASSPHRASE_FILE: wanted->source.file = value; break;
		case OPTION_ASK_PASSPHRASE: wanted->source.ask = true; break;
		default: break;
		}
	}
}

static int
fail(const char *why)
{
	fprintf(stderr, "%s: %s\n", program.name, why);
	return EXIT_FAILED;
}

static bool
read_parts(struct arena *arena, const struct wanted *wanted,
    struct pem_parts *parts, const char **why)
{
	char passphrase[PASSPHRASE_MAX + 1], reason[FILE_WHY_MAX];
	bool done = passphrase_read(&wanted->source, passphrase, reason);

	if (!done)
		*why = arena_printf(
		    arena, "the passphrase can't be read: %s", reason);
	done = done && pem_parts_add(arena, parts, wanted->file,
			   *passphrase ? passphrase : NULL, why);
	passphrase_wipe(passphrase);
	return done;
}

static const char *
base_of(struct arena *arena, const struct wanted *wanted)
{
	size_t len = strlen(wanted->file);

	if (wanted->out)
		return wanted->out;
	if (len > 4 && strcmp(wanted->file + len - 4, ".pem") == 0)
		len -= 4;
	return arena_memdup(arena, wanted->file, len);
}

static int
split(struct arena *arena, const struct wanted *wanted, struct pem_parts *parts)
{
	struct pem_output outputs[3] = { { 0 } };
	struct pem_order order;
	const char *base = base_of(arena, wanted), *why;
	size_t count = 0, i;

	if (!read_parts(arena, wanted, parts, &why) ||
	    !pem_parts_arrange(
		parts, time(NULL), wanted->keep_root, &order, &why))
		return fail(why);
	if (!order.cert)
		return fail("there is nothing but a key in the file");
	/* The key comes first, see pem_write. */
	if (order.key) {
		outputs[count].path = arena_printf(arena, "%s-key.pem", base);
		outputs[count++].key = order.key;
	}
	outputs[count].path = arena_printf(arena, "%s-cert.pem", base);
	outputs[count++].cert = order.cert;
	if (order.chain_count > 0) {
		outputs[count].path = arena_printf(arena, "%s-chain.pem", base);
		outputs[count].chain = order.chain;
		outputs[count++].chain_count = order.chain_count;
	}
	for (i = 0; i < count; i++)
		outputs[i].replace = wanted->replace;
	if (!pem_write(arena, outputs, count, &why))
		return fail(why);
	for (i = 0; i < count; i++)
		printf("wrote %s\n", outputs[i].path);
	return EXIT_CLEAN;
}

int
command_split(int argc, char **argv)
{
	struct pem_parts parts = { 0 };
	struct wanted wanted = { 0 };
	struct arena arena = { 0 };
	struct cli cli;
	int status;

	cli_init(&cli, &program, argc, argv);
	status = options_read(&cli, &wanted) ? split(&arena, &wanted, &parts)
					     : cli.status;
	pem_parts_fini(&parts);
	arena_fini(&arena);
	return status;
}
