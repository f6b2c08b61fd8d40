/* xmpp-certgen show: what is in a PEM, without judging it. */
#include "certgen/commands.h"

#include "certgen/fingerprint.h"
#include "certgen/key.h"
#include "certgen/pem.h"
#include "certgen/pem_chain.h"
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
#include <strings.h>
#include <time.h>

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

/* Whom a name is for: others than these two don't ask for it. */
static const char *
service_of(const struct pem_names *names, const struct pem_identity *identity,
    struct str name)
{
	static const char client[] = "_xmpp-client.",
			  server[] = "_xmpp-server.";
	size_t len = sizeof(client) - 1;

	if (names == &identity->ip)
		return "";
	if (names != &identity->srv)
		return ", for clients and servers";
	if (name.len > len && strncasecmp(name.ptr, client, len) == 0)
		return ", for clients";
	if (name.len > len && strncasecmp(name.ptr, server, len) == 0)
		return ", for servers";
	return ", not for XMPP";
}

static void
line_names(const char *title, const struct pem_identity *identity,
    const struct pem_names *names)
{
	struct buf buf = { 0 };
	size_t i;

	for (i = 0; i < names->count; i++) {
		buf_clear(&buf);
		terminal_escape(&buf, names->items[i]);
		printf("  %-10s %s%s\n", i == 0 ? title : "", buf_text(&buf),
		    service_of(names, identity, names->items[i]));
	}
	buf_fini(&buf);
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

/* How long it is valid in all and from now on. */
static void
line_days(const X509 *cert)
{
	const ASN1_TIME *begin = X509_get0_notBefore(cert);
	const ASN1_TIME *end = X509_get0_notAfter(cert);
	int days, seconds, left, more;

	if (!ASN1_TIME_diff(&days, &seconds, begin, end) ||
	    !ASN1_TIME_diff(&left, &more, NULL, end))
		return;
	/* Both ends count (RFC 5280, section 4.1.2.5). */
	days += seconds == 86399;
	if (left < 0 || more < 0)
		printf("  %-10s %d days, expired\n", "valid", days);
	else
		printf(
		    "  %-10s %d days, %d of them left\n", "valid", days, left);
}

static void
line_fingerprint(const X509 *cert)
{
	struct buf text = { 0 }, hex = { 0 }, pin = { 0 };
	const EVP_PKEY *key = X509_get0_pubkey(cert);

	if (fingerprint_cert(cert, EVP_sha256(), &text))
		printf("  %-10s %s\n", "SHA-256", buf_text(&text));
	if (key && fingerprint_key(key, &hex, &pin))
		printf("  %-10s sha256//%s\n", "pin", buf_text(&pin));
	buf_fini(&text);
	buf_fini(&hex);
	buf_fini(&pin);
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
	line_days(cert);
	line_names("DNS", &identity, &identity.dns);
	line_names("XMPP", &identity, &identity.xmpp);
	line_names("SRV", &identity, &identity.srv);
	line_names("IP", &identity, &identity.ip);
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

/* What the certificate has to do with the others of the file. */
static void
show_role(const struct pem *pem, const struct chain *chain, size_t i)
{
	size_t j;

	switch (chain->roles[i]) {
	case CHAIN_LEAF:
		printf("  %-10s the server's certificate%s\n", "role",
		    chain->root[i] ? ", signed by itself" : "");
		break;
	case CHAIN_STEP:
	case CHAIN_OTHER_WAY:
		for (j = 0; j < chain->count; j++)
			if (j != i && chain->certs[j] &&
			    chain_issued((struct chain *)chain, i, j))
				printf("  %-10s an authority%s, which signed "
				       "the one in line %u\n",
				    "role", chain->root[i] ? "'s root" : "",
				    pem->blocks[j].line);
		break;
	case CHAIN_DUPLICATE:
		printf("  %-10s a second copy of the one in line %u\n", "role",
		    pem->blocks[chain->same[i]].line);
		break;
	default:
		printf(
		    "  %-10s foreign: it signed none of the others\n", "role");
	}
}

static void
show_block(struct arena *arena, const struct pem *pem,
    const struct chain *chain, const struct pem_block *block)
{
	struct buf label = { 0 };

	terminal_escape(&label, block->label);
	printf("%s:%u: %s%s\n", pem->source.name, block->line, buf_text(&label),
	    block->complete ? "" : " (has no END line)");
	buf_fini(&label);
	if (block->cert) {
		show_role(pem, chain, (size_t)(block - pem->blocks));
		show_cert(arena, block->cert);
	} else if (block->key) {
		show_key(pem, block->key);
	} else if (block->kind != PEM_OTHER) {
		printf("  %s\n", block->kind == PEM_KEY_ENCRYPTED
				     ? "encrypted"
				     : "can't be decoded");
	}
}

/* The one that the first key belongs to, or the first. */
static size_t
leaf_of(const struct pem *pem)
{
	const struct pem_block *key = pem_first(pem, PEM_KEY);
	size_t first = pem->count, i;

	for (i = pem->count; i-- > 0;)
		if (pem->blocks[i].cert)
			first = i;
	for (i = 0; key && key->key && i < pem->count; i++)
		if (pem->blocks[i].cert &&
		    X509_check_private_key(pem->blocks[i].cert, key->key))
			return i;
	ERR_clear_error();
	return first;
}

static void
show_blocks(struct arena *arena, const struct pem *pem)
{
	struct x509_st *certs[PEM_BLOCKS_MAX] = { 0 };
	size_t leaf = leaf_of(pem), i;
	struct chain chain = { 0 };

	for (i = 0; i < pem->count; i++)
		certs[i] = pem->blocks[i].cert;
	if (leaf < pem->count)
		chain_find(certs, pem->count, leaf, time(NULL), &chain);
	for (i = 0; i < pem->count; i++)
		show_block(arena, pem, &chain, &pem->blocks[i]);
}

static bool
show_file(const char *path)
{
	struct arena arena = { 0 };
	struct pem *pem;

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
	show_blocks(&arena, pem);
	if (pem->count == 0)
		printf("%s: no PEM block in it%s\n", path,
		    pem->binary ? "; it is DER or PKCS#12, which xmpp-certgen "
				  "check --fix converts"
				: "");
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
