#include "certgen/lint_pems.h"
/*
 * A certfile of a listener is for the hosts that have none of their own, a
 * domain_certfile for its host. Of certfiles ejabberd takes for each host what
 * fits; there certificate and key may stand in two files, which are judged
 * together as the one file that they could be.
 */
#include "certgen/pem.h"
#include "certgen/pem_check.h"
#include "certgen/pem_identity.h"
#include "certgen/rules.h"
#include "cfgparse/base/arena.h"
#include "cfgparse/base/buf.h"
#include "cfgparse/base/file.h"
#include "cfgparse/base/map.h"
#include "cfgparse/lint.h"
#include "cfgparse/listener.h"

#include <openssl/x509.h>

#include <glob.h>
#include <stdint.h>
#include <string.h>

/* More files or hosts are not looked at: it is a lint, not an inventory. */
enum { FILES_MAX = 1000, HOSTS_MAX = 500 };

struct file {
	const char *path;
	struct span named;
	bool shared; /* one of certfiles and the like */
	bool has_certificate;
	bool has_key;
	bool spare;	      /* the key of a certificate in another file */
	const char *key_path; /* where its key stands, if in another file */
	const struct pem_identity *identity; /* of a shared certificate */
	const char **hosts;
	size_t host_count;
};

struct pems {
	struct arena *arena;
	struct lint *lint;
	struct file *files;
	size_t count;
	struct map by_path; /* path -> struct file */
	struct map own;	    /* hosts that have a file of their own */
	struct map keys;    /* public half -> file of the key alone */
	size_t shared_certificates;
};

/* --- which --- */

static struct file *
add_path(struct pems *pems, const struct term *named, const char *path)
{
	char why[FILE_WHY_MAX];
	struct file *file = map_get(&pems->by_path, str_of(path));

	if (file || pems->count == FILES_MAX || !file_readable(path, why))
		return file;
	file = &pems->files[pems->count++];
	file->path = arena_strdup(pems->arena, path);
	file->named = term_span(named);
	map_put(&pems->by_path, str_of(path), file);
	return file;
}

/* NULL where there is nothing to judge. */
static struct file *
add(struct pems *pems, const struct term *named)
{
	struct str directory = pems->lint->directory, text;

	if (!named || !model_word(named, &text) || !text.len ||
	    memchr(text.ptr, '\0', text.len) || memchr(text.ptr, '@', text.len))
		return NULL;
	if (text.ptr[0] == '/')
		directory.len = 0;
	return add_path(pems, named,
	    arena_printf(
		pems->arena, "%.*s%.*s", STR_ARG(directory), STR_ARG(text)));
}

static void
add_shared(struct pems *pems, const struct term *named)
{
	struct file *file;
	struct str text;
	glob_t found;

	if (!model_word(named, &text) || !text.len)
		return;
	if (text.ptr[0] != '/' || memchr(text.ptr, '\0', text.len) ||
	    (!memchr(text.ptr, '*', text.len) &&
		!memchr(text.ptr, '?', text.len))) {
		file = add(pems, named);
		if (file)
			file->shared = true;
		return;
	}
	if (glob(lint_text(pems->lint, text), 0, NULL, &found) != 0)
		return;
	for (size_t i = 0; i < found.gl_pathc; i++) {
		file = add_path(pems, named, found.gl_pathv[i]);
		if (file)
			file->shared = true;
	}
	globfree(&found);
}

static void
add_host(struct pems *pems, struct file *file, const struct model_host *host)
{
	if (!file->hosts)
		file->hosts =
		    arena_array(pems->arena, HOSTS_MAX, sizeof(*file->hosts));
	if (file->host_count < HOSTS_MAX)
		file->hosts[file->host_count++] =
		    arena_memdup(pems->arena, host->name.ptr, host->name.len);
}

/* domain_certfile: {domain_certfile, Host, File}, in YAML of the host. */
static void
add_own(struct pems *pems)
{
	const struct model *model = pems->lint->model;
	const struct model_settings *all =
	    model_settings(model, "domain_certfile");
	const struct model_setting *setting = all ? all->first : NULL;

	for (; setting; setting = setting->next) {
		const struct term *whole = setting->option.whole;
		const struct model_host *host = setting->host;
		struct file *file = add(pems, setting->option.value);
		struct str name;

		if (whole->kind == TERM_TUPLE && whole->count == 3 &&
		    model_word(&whole->items[1], &name))
			host = model_host(model, name);
		if (!file || !host)
			continue;
		map_put(&pems->own, host->name, file);
		add_host(pems, file, host);
	}
}

/* The hosts without a file of their own. */
static void
add_rest(struct pems *pems, struct file *file)
{
	const struct model *model = pems->lint->model;

	for (size_t i = 0; i < model->host_count; i++)
		if (model->hosts[i]->served &&
		    !map_get(&pems->own, model->hosts[i]->name))
			add_host(pems, file, model->hosts[i]);
}

static void
add_listeners(struct pems *pems)
{
	const struct model *model = pems->lint->model;

	for (size_t i = 0; i < model->listener_count; i++) {
		const struct model_listener *listener = &model->listeners[i];
		const struct model_option *option =
		    model_option(&listener->options, "certfile");
		struct file *file = option ? add(pems, option->value) : NULL;

		if (file && !file->host_count &&
		    listener_is(listener, "ejabberd_c2s"))
			add_rest(pems, file);
	}
}

static void
add_globals(struct pems *pems)
{
	static const char *const names[] = { "certfiles", "c2s_certfile",
		"s2s_certfile" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const struct model_settings *all =
		    model_settings(pems->lint->model, names[i]);
		const struct model_setting *setting = all ? all->first : NULL;

		for (; setting; setting = setting->next) {
			const struct term *value = setting->option.value;
			size_t count = value && value->kind == TERM_LIST
					   ? value->count
					   : 0;
			if (value && value->kind != TERM_LIST)
				add_shared(pems, value);
			for (size_t j = 0; j < count; j++)
				add_shared(pems, &value->items[j]);
		}
	}
}

/* --- what is in them --- */

/* The public half as bytes, in the arena; empty where OpenSSL can't. */
static struct str
public_half(struct pems *pems, EVP_PKEY *key)
{
	unsigned char *bytes = NULL;
	int len = key ? i2d_PUBKEY(key, &bytes) : 0;
	struct str half = { 0 };

	if (len > 0)
		half =
		    (struct str){ arena_memdup(pems->arena, bytes, (size_t)len),
			    (size_t)len };
	OPENSSL_free(bytes);
	return half;
}

static void
look(struct pems *pems, struct file *file, struct str *half)
{
	const struct pem_block *certificate, *key;
	struct pem *pem;

	*half = (struct str){ 0 };
	if (pem_open(pems->arena, file->path, &pem) != PEM_READ)
		return;
	certificate = pem_first(pem, PEM_CERTIFICATE);
	key = pem_first(pem, PEM_KEY);
	file->has_certificate = certificate != NULL;
	file->has_key = key != NULL;
	if (certificate && certificate->cert) {
		struct pem_identity *identity =
		    arena_alloc(pems->arena, sizeof(*identity));
		*half = public_half(pems, X509_get0_pubkey(certificate->cert));
		pem_identity_read(pems->arena, certificate->cert, identity);
		file->identity = identity;
	} else if (key)
		*half = public_half(pems, key->key);
	pem_close(&pem);
}

/* Finds the key of each certificate that stands without one. */
static void
pair(struct pems *pems)
{
	struct str *halves =
	    arena_array(pems->arena, pems->count + 1, sizeof(*halves));

	for (size_t i = 0; i < pems->count; i++) {
		struct file *file = &pems->files[i];

		if (!file->shared)
			continue;
		look(pems, file, &halves[i]);
		pems->shared_certificates += file->has_certificate;
		if (!file->has_certificate && halves[i].len)
			map_put(&pems->keys, halves[i], file);
	}
	for (size_t i = 0; i < pems->count; i++) {
		struct file *file = &pems->files[i];
		struct file *key = NULL;

		if (file->shared && file->has_certificate && halves[i].len)
			key = map_get(&pems->keys, halves[i]);
		if (!key)
			continue;
		key->spare = true;
		if (!file->has_key)
			file->key_path = key->path;
	}
}

/* --- judging --- */

static void
judge_pair(
    struct pems *pems, struct file *file, const struct pem_demand *demand)
{
	char why[FILE_WHY_MAX];
	struct buf both = { 0 };

	bool read = file_read(file->path, PEM_SIZE_MAX / 2, &both, why);

	buf_putc(&both, '\n');
	if (read && file_read(file->key_path, PEM_SIZE_MAX / 2, &both, why))
		pem_check_bytes(pems->arena, file->path, buf_str(&both), demand,
		    pems->lint->findings);
	buf_wipe(&both);
	buf_fini(&both);
}

static void
judge(struct pems *pems, struct file *file)
{
	struct pem_demand demand = { .named = &file->named };

	if (file->spare)
		return;
	/* One certificate has to be for all hosts; of several each is for
	 * some. */
	if (file->shared && pems->shared_certificates == 1)
		add_rest(pems, file);
	demand.hosts = file->hosts;
	demand.host_count = file->host_count;
	if (file->key_path)
		judge_pair(pems, file, &demand);
	else
		pem_check(
		    pems->arena, file->path, &demand, pems->lint->findings);
}

/* Of several certificates some one has to be for each host. */
static void
judge_covered(struct pems *pems, const struct model_host *host)
{
	const char *name = lint_text(pems->lint, host->name);

	for (size_t i = 0; i < pems->count; i++)
		if (pems->files[i].identity &&
		    pem_identity_covers(pems->files[i].identity, name))
			return;
	struct finding *finding =
	    lint_report(pems->lint, &certgen_rules[CERT_HOST_NOT_COVERED],
		host->at, "no certificate that is named covers %s", name);
	finding_subject(finding, name);
	finding_hint(finding,
	    "name one that does, or make it: xmpp-certgen "
	    "self-signed --host %s",
	    name);
}

static void
judge_hosts(struct pems *pems)
{
	const struct model *model = pems->lint->model;

	if (pems->shared_certificates < 2)
		return;
	for (size_t i = 0; i < model->host_count && i < HOSTS_MAX; i++)
		if (model->hosts[i]->served &&
		    !map_get(&pems->own, model->hosts[i]->name))
			judge_covered(pems, model->hosts[i]);
}

void
lint_pems(struct arena *arena, struct lint *lint)
{
	struct pems pems = { .arena = arena, .lint = lint };

	pems.files = arena_array(arena, FILES_MAX, sizeof(*pems.files));
	add_own(&pems);
	add_listeners(&pems);
	add_globals(&pems);
	pair(&pems);
	for (size_t i = 0; i < pems.count; i++)
		judge(&pems, &pems.files[i]);
	judge_hosts(&pems);
	map_fini(&pems.by_path);
	map_fini(&pems.own);
	map_fini(&pems.keys);
}
