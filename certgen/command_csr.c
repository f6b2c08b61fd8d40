/*
 * xmpp-certgen csr: requests for an authority of somebody else, and the keys
 * that they are for.
 */
#include "certgen/commands.h"

#include "certgen/certificate.h"
#include "certgen/config_files.h"
#include "certgen/making.h"
#include "certgen/pem.h"
#include "certgen/per_host.h"
#include "certgen/progress.h"
#include "certgen/rules.h"
#include "cfgparse/cfg.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <string.h>

enum { OWN_KEY_FILE = MAKING_OWN, OWN_XMPP_NAMES };
/* Names that public authorities take at most, such as Let's Encrypt. */
enum { NAMES_COMMON = 100, FAILURES_MAX = 20 };

static const struct cli_option options[] = {
	{ "--config", "FILE", "for all hosts of this configuration",
	    MAKING_CONFIG },
	MAKING_HOST_ROWS,
	{ "--out", "FILE", "where to (default: the first host's name and .csr)",
	    MAKING_OUT },
	MAKING_OWNER_ROWS,
	MAKING_KEY_ROW,
	{ "--key-file", "FILE", "use the key in this file, and make none",
	    OWN_KEY_FILE },
	{ "--xmpp-names", NULL,
	    "XMPP's own names too, of an authority that isn't public",
	    OWN_XMPP_NAMES },
	{ 0 },
};

static const struct rule *const tables[] = { certgen_rules, NULL };

static const struct cli_program program = {
	.name = "xmpp-certgen csr",
	.usage = "--config FILE | --host HOST... [OPTION...]",
	.about = "Makes a request for a public authority, and a key beside "
		 "it. The names are DNS\nnames alone: public authorities may "
		 "not sign XMPP's own (otherName).",
	.options = options,
	.rules = tables,
};

/* One run of the command. */
struct run {
	struct making making;
	const char *key_file;
	bool xmpp_names;
	EVP_PKEY *key; /* of --key-file, or NULL */
	struct progress progress;
};

/* --- options --- */

static bool
refuse(struct run *run, const char *why)
{
	return making_leave(
	    &run->making, cli_usage(&run->making.cli, "%s", why));
}

static bool
options_read(struct run *run)
{
	struct making *making = &run->making;
	const char *value;
	int id;

	while ((id = cli_next(&making->cli, &value)) != CLI_END) {
		if (id == CLI_EXIT)
			return false;
		if (id == OWN_KEY_FILE)
			run->key_file = value;
		else if (id == OWN_XMPP_NAMES)
			run->xmpp_names = true;
		else if (!making_read(making, id, value))
			return false;
	}
	if (run->key_file && making->key_given)
		return refuse(run, "--key-file has a key: --key can't choose "
				   "another kind");
	if (run->key_file && making->directory)
		return refuse(run, "--per-host makes a key for each host: "
				   "--key-file doesn't go with it");
	if (!run->xmpp_names && making->maker.order.kind.type == KEY_ED25519)
		return refuse(run, "public authorities sign no Ed25519 keys: "
				   "take ecdsa-p256");
	return making_check(making);
}

static bool
key_read(struct run *run)
{
	struct maker *maker = &run->making.maker;
	const struct pem_block *block = NULL;
	struct pem *pem = NULL;

	if (!run->key_file)
		return true;
	if (pem_open(&maker->arena, run->key_file, &pem) == PEM_READ)
		block = pem_first(pem, PEM_KEY);
	if (block && block->key) {
		run->key = block->key;
		EVP_PKEY_up_ref(run->key);
	}
	pem_close(&pem);
	if (run->key)
		return true;
	maker_fail(maker,
	    arena_printf(&maker->arena,
		"%s holds no private key that can be read", run->key_file));
	return making_leave(&run->making, EXIT_FAILED);
}

/* --- one request --- */

/* An authority looks a name up in the public DNS. */
static const char *
not_public(const struct cert_hosts *hosts)
{
	size_t i;

	for (i = 0; i < hosts->count; i++)
		if (hosts->items[i].ascii &&
		    !strchr(hosts->items[i].ascii, '.'))
			return hosts->items[i].name;
	return NULL;
}

static bool
write_request(struct run *run, struct arena *arena, EVP_PKEY *key,
    X509_REQ *csr, const char *path, const char *key_path, const char **why)
{
	struct pem_output outputs[2] = { 0 };

	outputs[0].path = key_path;
	outputs[0].key = key;
	outputs[0].owner = run->making.maker.order.owner;
	outputs[1].path = path;
	outputs[1].request = csr;
	if (run->key)
		return pem_write(arena, &outputs[1], 1, why);
	return pem_write(arena, outputs, 2, why);
}

/* key_path is where a new key goes. */
static bool
make_request(struct run *run, struct arena *arena,
    const struct cert_hosts *hosts, const char *path, const char *key_path,
    const char **why)
{
	const struct make_order *order = &run->making.maker.order;
	struct cert_request request = { .hosts = hosts,
		.wildcard = order->wildcard };
	const char *unknown = run->xmpp_names ? NULL : not_public(hosts);
	EVP_PKEY *key = run->key;
	X509_REQ *csr;
	bool done;

	if (unknown) {
		*why = arena_printf(arena,
		    "no public authority signs for %s: leave it out, or make "
		    "it with xmpp-certgen self-signed",
		    unknown);
		return false;
	}
	if (!key)
		key = key_generate(&order->kind);
	csr = key ? certificate_request(&request, run->xmpp_names, key) : NULL;
	*why = "OpenSSL could not make the request";
	done = csr && write_request(run, arena, key, csr, path, key_path, why);
	X509_REQ_free(csr);
	if (!run->key)
		EVP_PKEY_free(key);
	ERR_clear_error();
	return done;
}

static void
tell_why(const struct run *run)
{
	if (run->xmpp_names)
		return;
	fputs("  left out: XMPP's own names (xmppAddr and SRVName), which "
	      "public authorities may not\n"
	      "  sign (CA/Browser Forum, Baseline Requirements, section "
	      "7.1.2.7.12); the DNS names do\n",
	    run->making.maker.report);
}

/* NAME.key for NAME.csr. */
static const char *
key_path_of(struct arena *arena, const char *path)
{
	size_t len = strlen(path);

	if (len > 4 && strcmp(path + len - 4, ".csr") == 0)
		len -= 4;
	return arena_printf(arena, "%.*s.key", (int)len, path);
}

static void
make_one(struct run *run)
{
	struct making *making = &run->making;
	struct maker *maker = &making->maker;
	struct config_file file = { .path = making->out,
		.hosts = making->hosts };
	const char *key_path, *why;
	size_t i, count;

	for (i = 0; making->cfg && i < making->cfg->domain_count; i++)
		cert_hosts_add(&maker->arena, &file.hosts,
		    making->cfg->domains[i].name, making->cfg->domains[i].role);
	if (!file.path)
		file.path = making_default_name(making, &file.hosts, ".csr");
	if (!maker_fits(maker, &file))
		return;
	key_path = key_path_of(&maker->arena, file.path);
	if (!make_request(
		run, &maker->arena, &file.hosts, file.path, key_path, &why)) {
		maker_fail(maker, why);
		return;
	}
	fprintf(maker->report, "wrote %s: a request for", file.path);
	for (i = 0; i < file.hosts.count && i < 20; i++)
		fprintf(maker->report, "%s %s", i ? "," : "",
		    file.hosts.items[i].name);
	if (i < file.hosts.count)
		fprintf(maker->report, " and %zu more", file.hosts.count - i);
	fputc('\n', maker->report);
	tell_why(run);
	if (!run->key)
		fprintf(maker->report,
		    "wrote %s: its key; keep it for the certificate\n",
		    key_path);
	count = cert_hosts_named(
	    &file.hosts, maker->order.wildcard ? CERT_NAMES_WILDCARD : 0);
	if (count > NAMES_COMMON)
		fprintf(maker->report,
		    "  many authorities take %d names at most: --per-host "
		    "makes one request a host\n",
		    NAMES_COMMON);
}

/* --- one for each host --- */

static bool
make_group(struct run *run, const struct host_group *group)
{
	const char *directory = run->making.directory, *path, *key_path, *why;
	struct cert_hosts hosts = { 0 };
	struct arena arena = { 0 };
	bool done;

	host_group_add(&arena, group, &hosts);
	path = maker_path(&arena, directory, &hosts.items[0], ".csr");
	key_path = key_path_of(&arena, path);
	done = make_request(run, &arena, &hosts, path, key_path, &why);
	if (!done) {
		progress_clear(&run->progress);
		maker_fail(&run->making.maker, why);
	}
	arena_fini(&arena);
	return done;
}

static void
make_groups(struct run *run)
{
	struct making *making = &run->making;
	struct host_groups groups;
	size_t i, made = 0;

	making_groups(making, &groups);
	progress_start(&run->progress, groups.count);
	for (i = 0; i < groups.count && i - made < FAILURES_MAX; i++) {
		made += make_group(run, &groups.items[i]);
		progress_step(&run->progress);
	}
	progress_clear(&run->progress);
	fprintf(making->maker.report,
	    "wrote %zu of %zu requests, with their keys, to %s\n", made,
	    groups.count, making->directory);
	tell_why(run);
}

int
command_csr(int argc, char **argv)
{
	struct run run = { 0 };
	int status;

	making_start(&run.making, &program, argc, argv);
	if (options_read(&run) && making_load(&run.making) && key_read(&run)) {
		if (run.making.directory)
			make_groups(&run);
		else
			make_one(&run);
		status = making_finish(&run.making);
	} else {
		status = run.making.cli.status;
	}
	EVP_PKEY_free(run.key);
	making_end(&run.making);
	return status;
}
