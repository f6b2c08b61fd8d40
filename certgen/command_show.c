/* xmpp-certgen show: what is in a PEM, without judging it. */
#include "certgen/commands.h"

#include "certgen/key.h"
#include "certgen/pem.h"
#include "certgen/pem_identity.h"
#include "certgen/rules.h"
#include "cfgparse/base/arena.h"
#include "cfgparse/base/buf.h"
#include "cfgparse/base/terminal.h"
#include "cfgparse/cli.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const struct cli_option options[] = { { 0 } };

static const struct rule *const tables[] = { certgen_rules, NULL };

static const struct cli_program program = {
	.name = "xmpp-certgen show",
	.usage = "FILE...",
	.about = "Says what is in PEM files. The keys themselves aren't shown.",
	.options = options,
	.rules = tables,
};

static void
line_text(const char *title, struct str text)
{
	struct buf buf = { 0 };

	terminal_escape(&buf, text);
	printf("  %-10s %s\n", title, buf_text(&buf));
	buf_fini(&buf);
}

static void
line_names(const char *title, const struct pem_names *names)
{
	size_t i;

	for (i = 0; i < names->count; i++)
		line_text(i == 0 ? title : "", names->items[i]);
}

static void
line_name(const char *title, const X509_NAME *name)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *text;
	long len;

	if (!bio)
		return;
	X509_NAME_print_ex(
	    bio, name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
	len = BIO_get_mem_data(bio, &text);
	line_text(title, (struct str){ text, (size_t)len });
	BIO_free(bio);
}

static void
line_date(const char *title, const ASN1_TIME *time)
{
	struct tm tm;

	if (ASN1_TIME_to_tm(time, &tm))
		printf("  %-10s %04d-%02d-%02d %02d:%02d:%02d UTC\n", title,
		    tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
		    tm.tm_min, tm.tm_sec);
}

static void
line_fingerprint(const X509 *cert)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned int len, i;

	if (!X509_digest(cert, EVP_sha256(), digest, &len))
		return;
	printf("  %-10s ", "SHA-256");
	for (i = 0; i < len; i++)
		printf("%s%02X", i ? ":" : "", digest[i]);
	putchar('\n');
}

static void
line_key(const EVP_PKEY *key)
{
	char kind[64] = "can't be read";

	if (key)
		key_describe(key, sizeof(kind), kind);
	printf("  %-10s %s\n", "key", kind);
}

static void
show_cert(struct arena *arena, const X509 *cert)
{
	struct pem_identity identity;

	pem_identity_read(arena, cert, &identity);
	line_name("subject", X509_get_subject_name(cert));
	if (X509_NAME_cmp(
		X509_get_subject_name(cert), X509_get_issuer_name(cert)) == 0)
		printf("  %-10s itself\n", "signed by");
	else
		line_name("signed by", X509_get_issuer_name(cert));
	line_date("from", X509_get0_notBefore(cert));
	line_date("until", X509_get0_notAfter(cert));
	line_names("DNS", &identity.dns);
	line_names("XMPP", &identity.xmpp);
	line_names("SRV", &identity.srv);
	line_names("IP", &identity.ip);
	line_key(X509_get0_pubkey(cert));
	line_fingerprint(cert);
}

/* Says of which certificate it is the key. */
static void
show_key(const struct pem *pem, const EVP_PKEY *key)
{
	size_t i;

	line_key(key);
	for (i = 0; i < pem->count; i++)
		if (pem->blocks[i].cert &&
		    X509_check_private_key(pem->blocks[i].cert, key))
			printf("  %-10s the certificate in line %u\n",
			    "belongs to", pem->blocks[i].line);
	ERR_clear_error();
}

static void
show_block(
    struct arena *arena, const struct pem *pem, const struct pem_block *block)
{
	struct buf label = { 0 };

	terminal_escape(&label, block->label);
	printf("%s:%u: %s%s\n", pem->source.name, block->line, buf_text(&label),
	    block->complete ? "" : " (has no END line)");
	buf_fini(&label);
	if (block->cert)
		show_cert(arena, block->cert);
	else if (block->key)
		show_key(pem, block->key);
	else if (block->kind != PEM_OTHER)
		printf("  %s\n", block->kind == PEM_KEY_ENCRYPTED
				     ? "encrypted"
				     : "can't be decoded");
}

static bool
show_file(const char *path)
{
	struct arena arena = { 0 };
	struct pem *pem;
	size_t i;

	switch (pem_open(&arena, path, &pem)) {
	case PEM_READ: break;
	case PEM_UNREADABLE:
		fprintf(
		    stderr, "xmpp-certgen: %s: %s\n", path, strerror(errno));
		return false;
	default:
		fprintf(stderr, "xmpp-certgen: %s is no PEM file\n", path);
		return false;
	}
	for (i = 0; i < pem->count; i++)
		show_block(&arena, pem, &pem->blocks[i]);
	if (pem->count == 0)
		printf("%s: no PEM block in it\n", path);
	pem_close(&pem);
	arena_fini(&arena);
	return true;
}

int
command_show(int argc, char **argv)
{
	int status = EXIT_CLEAN;
	const char *value;
	struct cli cli;
	size_t files = 0;
	int id;

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
