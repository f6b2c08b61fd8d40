#include "certgen/lint_pems.h"
/*
 * A certfile of a listener is for the hosts that have none of their own, a
 * domain_certfile for its host. Of certfiles ejabberd takes for each host what
 * fits; there certificate and key may stand in two files, which are judged
 * together as the one file that they could be. Addresses of components may be
 * in any of the files.
 */
#include "certgen/hosts.h"
#include "certgen/pem.h"
#include "certgen/pem_check.h"
#include "certgen/pem_identity.h"
#include "certgen/rules.h"
#include "certgen/several.h"
#include "cfgparse/base/arena.h"
#include "cfgparse/base/buf.h"
#include "cfgparse/base/file.h"
#include "cfgparse/base/map.h"
#include "cfgparse/domains.h"
#include "cfgparse/lint.h"
#include "cfgparse/listener.h"

#include <openssl/x509.h>

#include <glob.h>
#include <stdint.h>
#include <string.h>

/* More files are not looked at, and more hosts are not complained about: it is
 * a lint, not an inventory. */
enum { FILES_MAX = 1000, REPORTS_MAX = 500 };

struct file {
	const char *path;
	struct span named;
	bool shared; /* one of certfiles and the like */
	bool has_certificate;
	bool has_key;
	bool spare;	      /* the key of a certificate in another file */
	const char *key_path; /* where its key stands, if in another file */
	struct pem_identity identity; /* of its certificate, or empty */
	struct cert_hosts hosts;
};

struct pems {
	struct arena *arena;
	struct lint *lint;
	const struct pem_demand *base; /* what to judge for beside hosts */
	bool alone; /* no linter tells of files that can't be read */
	struct file *files;
	size_t count;
	struct map by_path; /* path -> struct file */
	struct map own;	    /* hosts that have a file of their own */
	struct map keys;    /* public half -> file of the key alone */
	struct domains domains;
	struct cert_hosts rest;	 /* hosts without a file of their own */
	struct pem_identity all; /* whom they speak for together */
	size_t certificates;	 /* files that hold one */
	size_t shared_certificates;
};

/* --- which --- */

/* Once for each place that names it. */
static void
judge_unreadable(struct pems *pems, const struct term *named, const char *path)
{
	struct span span = term_span(named);
	struct pem_demand demand = { .named = &span };

	pem_check(pems->arena, path, &demand, pems->lint->findings);
}

static struct file *
add_path(struct pems *pems, const struct term *named, const char *path)
{
	char why[FILE_WHY_MAX];
	struct file *file = map_get(&pems->by_path, str_of(path));

	if (file || pems->count == FILES_MAX)
		return file;
	if (!file_readable(path, why)) {
		if (pems->alone)
			judge_unreadable(pems, named, path);
		return NULL;
	}
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
add_host(struct pems *pems, struct cert_hosts *hosts, struct str name,
    enum cfg_role role)
{
	cert_hosts_add(pems->arena, hosts, lint_text(pems->lint, name), role);
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
		struct str name = { 0 };

		if (whole->kind == TERM_TUPLE && whole->count == 3 &&
		    model_word(&whole->items[1], &name))
			host = model_host(model, name);
		if (!file)
			continue;
		if (host) {
			map_put(&pems->own, host->name, file);
			add_host(
			    pems, &file->hosts, host->name, CFG_ROLE_ACCOUNTS);
		} else if (whole->kind == TERM_TUPLE) {
			/* ejabberd 2.1 takes any domain here. */
			add_host(pems, &file->hosts, name, CFG_ROLE_SERVICE);
		}
	}
}

static void
list_rest(struct pems *pems)
{
	const struct model *model = pems->lint->model;

	for (size_t i = 0; i < model->host_count; i++)
		if (model->hosts[i]->served &&
		    !map_get(&pems->own, model->hosts[i]->name))
			add_host(pems, &pems->rest, model->hosts[i]->name,
			    CFG_ROLE_ACCOUNTS);
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

		if (file && !file->hosts.count &&
		    listener_is(listener, "ejabberd_c2s"))
			file->hosts = pems->rest;
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
		*half = public_half(pems, X509_get0_pubkey(certificate->cert));
		pem_identity_read(
		    pems->arena, certificate->cert, &file->identity);
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

		look(pems, file, &halves[i]);
		pems->certificates += file->has_certificate;
		pems->shared_certificates +=
		    file->shared && file->has_certificate;
		if (file->shared && !file->has_certificate && halves[i].len)
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

static void
append(struct pem_names *names, const struct pem_names *more)
{
	struct str *items = (struct str *)(uintptr_t)names->items;

	if (more->count)
		memcpy(items + names->count, more->items,
		    more->count * sizeof(*items));
	names->count += more->count;
}

/* Whom all certificates speak for, whichever of them it is. */
static void
join_names(struct pems *pems)
{
	struct pem_identity *all = &pems->all;
	size_t dns = 0, xmpp = 0, srv = 0, ip = 0;

	for (size_t i = 0; i < pems->count; i++) {
		dns += pems->files[i].identity.dns.count;
		xmpp += pems->files[i].identity.xmpp.count;
		srv += pems->files[i].identity.srv.count;
		ip += pems->files[i].identity.ip.count;
	}
	all->dns.items = arena_array(pems->arena, dns, sizeof(struct str));
	all->xmpp.items = arena_array(pems->arena, xmpp, sizeof(struct str));
	all->srv.items = arena_array(pems->arena, srv, sizeof(struct str));
	all->ip.items = arena_array(pems->arena, ip, sizeof(struct str));
	for (size_t i = 0; i < pems->count; i++) {
		append(&all->dns, &pems->files[i].identity.dns);
		append(&all->xmpp, &pems->files[i].identity.xmpp);
		append(&all->srv, &pems->files[i].identity.srv);
		append(&all->ip, &pems->files[i].identity.ip);
	}
	pem_identity_index(pems->arena, all);
}

/* --- judging --- */

/* What else others ask the only certificate for. The list may be shared. */
static void
add_addresses(struct pems *pems, struct file *file)
{
	struct cert_hosts all = { 0 };

	for (size_t i = 0; i < file->hosts.count; i++)
		cert_hosts_add_as(pems->arena, &all, &file->hosts.items[i]);
	for (size_t i = 0; i < pems->domains.count; i++) {
		const struct domain *domain = &pems->domains.items[i];

		const struct cert_host host = {
			.name = domain->name.ptr,
			.role = domain->role,
			.maker = domain->maker.len
				     ? lint_text(pems->lint, domain->maker)
				     : NULL,
		};

		if (domain->role != CFG_ROLE_ACCOUNTS && domain->shown)
			cert_hosts_add_as(pems->arena, &all, &host);
	}
	file->hosts = all;
}

static void
judge(struct pems *pems, struct file *file)
{
	struct pem_demand demand = *pems->base;

	demand.named = &file->named;
	if (file->spare) /* judged with its certificate */
		return;
	/* One certificate has to be for all hosts; of several each is for
	 * some. */
	if (file->shared && pems->shared_certificates == 1)
		file->hosts = pems->rest;
	if (pems->certificates == 1)
		add_addresses(pems, file);
	demand.hosts = file->hosts.items;
	demand.host_count = file->hosts.count;
	if (file->key_path)
		pem_check_pair(pems->arena, file->path, file->key_path, &demand,
		    pems->lint->findings);
	else
		pem_check(
		    pems->arena, file->path, &demand, pems->lint->findings);
}

/* Of several certificates some one has to be for each host. */
static void
report_host(struct pems *pems, const struct domain *host)
{
	struct finding *finding = lint_report(pems->lint,
	    &certgen_rules[CERT_HOST_NOT_COVERED], host->at,
	    "no certificate that is named covers %s", host->name.ptr);

	finding_subject(finding, host->name.ptr);
	finding_hint(finding,
	    "name one that does, or make it: xmpp-certgen "
	    "self-signed --host %s",
	    host->name.ptr);
}

/* One finding for what a host lacks, however many modules it runs. */
static void
report_addresses(struct pems *pems, const struct domain *first, size_t count)
{
	const char *more = "";
	struct finding *finding;

	if (count == 2)
		more = " and one other address of the same host";
	else if (count > 2)
		more = arena_printf(pems->lint->arena,
		    " and %zu other addresses of the same host", count - 1);
	finding = lint_report(pems->lint,
	    &certgen_rules[CERT_SERVICE_NOT_COVERED], first->at,
	    "no certificate that is named covers %s, the address of %.*s%s",
	    first->name.ptr, STR_ARG(first->maker), more);
	finding_subject(finding, first->name.ptr);
	finding_hint(finding, "have it in the certificate of its host, or name "
			      "one that covers it");
}

static bool
is_missing(const struct pems *pems, const struct domain *domain)
{
	if (!domain->shown || (domain->role == CFG_ROLE_ACCOUNTS &&
				  (pems->shared_certificates < 2 ||
				      map_get(&pems->own, domain->name))))
		return false;
	return !pem_identity_covers(&pems->all, domain->name.ptr);
}

/* What belongs to one host, from first on; returns how many findings. */
static size_t
judge_group(struct pems *pems, const struct domain *first, size_t count)
{
	const struct domain *missing = NULL;
	size_t reports = 0, others = 0;

	for (size_t i = 0; i < count; i++) {
		if (!is_missing(pems, &first[i]))
			continue;
		if (first[i].role == CFG_ROLE_ACCOUNTS) {
			report_host(pems, &first[i]);
			reports++;
		} else if (!others++) {
			missing = &first[i];
		}
	}
	if (missing)
		report_addresses(pems, missing, others);
	return reports + (missing != NULL);
}

static void
judge_domains(struct pems *pems)
{
	const struct domain *items = pems->domains.items;
	size_t reports = 0, count;

	if (pems->certificates < 2)
		return;
	for (size_t i = 0; i < pems->domains.count && reports < REPORTS_MAX;
	     i += count) {
		for (count = 1; i + count < pems->domains.count &&
				items[i + count].host == items[i].host;
		     count++)
			;
		reports += judge_group(pems, &items[i], count);
	}
}

/* Of certfiles and the like a server takes whichever fits a host. */
static void
judge_several(struct pems *pems)
{
	struct several several = { .arena = pems->arena, .hosts = &pems->rest };

	for (size_t i = 0; i < pems->count; i++)
		if (pems->files[i].shared && pems->files[i].has_certificate)
			several_add(&several, pems->files[i].path,
			    &pems->files[i].named, pems->lint->findings);
	several_fini(&several);
}

static void
judge_all(struct pems *pems)
{
	pems->files = arena_array(pems->arena, FILES_MAX, sizeof(*pems->files));
	domains_list(pems->lint, &pems->domains);
	add_own(pems);
	list_rest(pems);
	add_listeners(pems);
	add_globals(pems);
	pair(pems);
	join_names(pems);
	for (size_t i = 0; i < pems->count; i++)
		judge(pems, &pems->files[i]);
	judge_domains(pems);
	judge_several(pems);
	map_fini(&pems->by_path);
	map_fini(&pems->own);
	map_fini(&pems->keys);
}

void
lint_pems(struct arena *arena, struct lint *lint)
{
	static const struct pem_demand base = { 0 };
	struct pems pems = { .arena = arena, .lint = lint, .base = &base };

	judge_all(&pems);
}

void
lint_pems_alone(struct arena *arena, struct lint *lint,
    const struct pem_demand *demand, struct findings *findings)
{
	struct pems pems = {
		.arena = arena, .lint = lint, .base = demand, .alone = true
	};
	struct findings *theirs = lint->findings;

	lint->findings = findings;
	judge_all(&pems);
	lint->findings = theirs;
}
