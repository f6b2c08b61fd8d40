/* xmpp-certgen fingerprint: what people compare and paste. */
#include "certgen/commands.h"

#include "certgen/fingerprint.h"
#include "certgen/pem.h"
#include "certgen/rules.h"
#include "cfgparse/base/arena.h"
#include "cfgparse/base/terminal.h"
#include "cfgparse/cli.h"

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <errno.h>
#include <string.h>

static const struct cli_option options[] = { { 0 } };

static const struct rule *const tables[] = { certgen_rules, NULL };

static const struct cli_program program = {
	.name = "xmpp-certgen fingerprint",
	.usage = "FILE...",
	.about = "Prints the digests of each certificate and of its key.",
	.options = options,
	.rules = tables,
};

static void
line_cert(const char *title, const X509 *cert, const EVP_MD *digest)
{
	struct buf text = { 0 };

	if (fingerprint_cert(cert, digest, &text))
		printf("  %-12s %s\n", title, buf_text(&text));
	buf_fini(&text);
}

static void
lines_key(const EVP_PKEY *key)
{
	struct buf hex = { 0 }, base64 = { 0 };

	if (key && fingerprint_key(key, &hex, &base64)) {
		printf("  %-12s %s\n", "key", buf_text(&hex));
		printf("  %-12s sha256//%s\n", "pin", buf_text(&base64));
	}
	buf_fini(&hex);
	buf_fini(&base64);
}

static void
title(const struct pem *pem, const struct pem_block *block)
{
	struct buf text = { 0 };
	char *name;

	terminal_escape(&text, str_of(pem->source.name));
	printf("%s:%u: ", buf_text(&text), block->line);
	buf_clear(&text);
	if (block->cert) {
		name = X509_NAME_oneline(
		    X509_get_subject_name(block->cert), NULL, 0);
		terminal_escape(&text, str_of(name));
		OPENSSL_free(name);
	} else {
		terminal_escape(&text, block->label);
	}
	printf("%s\n", buf_text(&text));
	buf_fini(&text);
}

static void
show_block(const struct pem *pem, const struct pem_block *block)
{
	if (!block->cert && !block->key)
		return;
	title(pem, block);
	if (block->cert) {
		line_cert("SHA-256", block->cert, EVP_sha256());
		line_cert("SHA-1", block->cert, EVP_sha1());
	}
	lines_key(block->cert ? X509_get0_pubkey(block->cert) : block->key);
}

static bool
show_file(const char *path)
{
	struct arena arena = { 0 };
	bool found = false;
	struct pem *pem;
	size_t i;

	if (pem_open(&arena, path, &pem) == PEM_READ) {
		for (i = 0; i < pem->count; i++) {
			show_block(pem, &pem->blocks[i]);
			found =
			    found || pem->blocks[i].cert || pem->blocks[i].key;
		}
		pem_close(&pem);
		if (!found)
			fprintf(stderr,
			    "%s: there is no certificate and no key in %s\n",
			    program.name, path);
	} else {
		fprintf(stderr, "%s: %s can't be read as PEM\n", program.name,
		    path);
	}
	arena_fini(&arena);
	return found;
}

int
command_fingerprint(int argc, char **argv)
{
	int status = EXIT_CLEAN, id;
	const char *value;
	struct cli cli;
	size_t files = 0;

	cli_init(&cli, &program, argc, argv);
	while ((id = cli_next(&cli, &value)) == CLI_ARGUMENT) {
		files++;
		if (!show_file(value))
			status = EXIT_FAILED;
	}
	if (id == CLI_EXIT)
		return cli.status;
	return files > 0 ? status : cli_usage(&cli, "which file?");
}
