#include "cfgparse/cfg_private.h"
/*
 * Freezing what belongs to one host (accounts, mechanisms, certificates,
 * modules) and what belongs to all.
 */
#include <stdio.h>

#include "cfgparse/hostname.h"

enum {
	LOGLEVEL_DEFAULT = 4,
	REGISTRATION_TIMEOUT_DEFAULT = 600,
	CERTFILES_MAX = 10000
};

/* --- accounts --- */

static void
check_method(struct loader *loader, const struct term *method)
{
	if (method->kind == TERM_ATOM && !term_is_atom(method, "internal"))
		finding_at(loader, CFG_OTHER_AUTH, method,
		    "accounts are looked up internally only; %s is left out",
		    term_shown(loader, method));
}

/* What internal accounts need: no method at all means them too. */
static bool
has_internal(const struct term *value)
{
	if (!value || term_is_atom(value, "internal"))
		return true;
	if (value->kind != TERM_LIST)
		return false;
	for (size_t i = 0; i < value->count; i++) {
		if (term_is_atom(&value->items[i], "internal"))
			return true;
	}
	return false;
}

static bool
some_host_has_internal(struct loader *loader)
{
	const struct cfg *cfg = &loader->frozen->cfg;

	for (size_t i = 0; i < cfg->host_count; i++) {
		if (has_internal(setting_value(
			loader, "auth_method", cfg->hosts[i].name)))
			return true;
	}
	return false;
}

static void
check_methods(struct loader *loader, const struct setting *setting, bool others)
{
	const struct term *value = setting->value;

	if (has_internal(value)) {
		for (size_t i = 0; value->kind == TERM_LIST && i < value->count;
		     i++)
			check_method(loader, &value->items[i]);
		return;
	}
	struct finding *finding = finding_at(loader, CFG_NO_INTERNAL_AUTH,
	    value,
	    "nobody could log in: this version knows internal accounts only");
	finding_hint(finding, "write {auth_method, internal}.");
	if (others)
		finding_severity(finding, SEVERITY_WARNING);
	if (setting->host)
		finding_subject(finding, setting->host);
}

struct mechanism {
	const char *name;
	unsigned bit; /* enum cfg_mechanism, or 0: not known by this server */
};

static const struct mechanism mechanisms[] = {
	{ "PLAIN", CFG_PLAIN },
	{ "SCRAM-SHA-1", CFG_SCRAM_SHA_1 },
	{ "SCRAM-SHA-256", CFG_SCRAM_SHA_256 },
	{ "SCRAM-SHA-1-PLUS", CFG_SCRAM_SHA_1_PLUS },
	{ "SCRAM-SHA-256-PLUS", CFG_SCRAM_SHA_256_PLUS },
	{ "SCRAM-SHA-512", 0 },
	{ "SCRAM-SHA-512-PLUS", 0 },
	{ "DIGEST-MD5", 0 },
	{ "X-OAUTH2", 0 },
	{ "EXTERNAL", 0 },
	{ "ANONYMOUS", 0 },
};

static bool
same_name(struct str given, const char *name)
{
	if (given.len != strlen(name))
		return false;
	for (size_t i = 0; i < given.len; i++) {
		char c = given.ptr[i];
		if ((c >= 'a' && c <= 'z' ? c - 32 : c) != name[i])
			return false;
	}
	return true;
}

/* The table's row, or NULL. */
static const struct mechanism *
find_mechanism(struct loader *loader, const struct term *term)
{
	struct str text;

	if (!term_word(loader, term, &text))
		return NULL;
	for (size_t i = 0; i < sizeof mechanisms / sizeof *mechanisms; i++) {
		if (same_name(text, mechanisms[i].name))
			return &mechanisms[i];
	}
	return NULL;
}

static void
disable_all(
    struct loader *loader, const struct term *value, struct cfg_host *host)
{
	bool list = value->kind == TERM_LIST;
	size_t count = list ? value->count : 1;

	for (size_t i = 0; i < count; i++) {
		const struct term *item = list ? &value->items[i] : value;
		const struct mechanism *row = find_mechanism(loader, item);
		if (row)
			host->disabled_mechanisms |= row->bit;
	}
	unsigned left = CFG_MECHANISMS_ALL & ~host->disabled_mechanisms;
	if (left == 0) {
		struct finding *finding = finding_at(loader, CFG_NO_MECHANISM,
		    value, "no login mechanism is left for %s", host->name);
		finding_subject(finding, host->name);
	} else if (!(left & ~(unsigned)CFG_MECHANISMS_PLUS)) {
		struct finding *finding = finding_at(loader, CFG_NO_MECHANISM,
		    value,
		    "only -PLUS mechanisms are left for %s, which many clients "
		    "do not have",
		    host->name);
		finding_subject(finding, host->name);
		finding_severity(finding, SEVERITY_WARNING);
	}
}

static void
check_mechanisms(struct loader *loader, const struct term *value)
{
	bool list = value->kind == TERM_LIST;
	size_t count = list ? value->count : 1;
	struct str text;

	for (size_t i = 0; i < count; i++) {
		const struct term *item = list ? &value->items[i] : value;
		if (find_mechanism(loader, item) ||
		    !term_word(loader, item, &text))
			continue;
		struct finding *finding = finding_at(loader,
		    CFG_MECHANISM_UNKNOWN, item,
		    "there is no login mechanism %s", term_shown(loader, item));
		finding_hint(finding, "write \"PLAIN\", \"SCRAM-SHA-1\", "
				      "\"SCRAM-SHA-256\" or one of these "
				      "with -PLUS");
	}
}

/* --- certificates --- */

static void
check_certfile(struct loader *loader, const struct term *name, const char *path,
    const char *subject)
{
	char why[FILE_WHY_MAX];

	if (!loader->options->check_files || file_readable(path, why))
		return;
	struct finding *finding = finding_at(loader, CFG_CERTIFICATE_UNREADABLE,
	    name, "the certificate file %s can't be read: %s", path, why);
	finding_subject(finding, subject);
	finding_hint(finding,
	    "make one with 'xmpp-certgen self-signed --config %s'",
	    loader->path);
}

const char *
cfg_certfile(
    struct loader *loader, const struct term *name, const char *subject)
{
	struct cfg *cfg = &loader->frozen->cfg;
	const char **files = (const char **)(uintptr_t)cfg->certfiles;
	struct span *spans = (struct span *)(uintptr_t)cfg->certfile_spans;
	struct str text;

	if (!term_text(&loader->arena, name, &text) || text.len == 0 ||
	    memchr(text.ptr, '\0', text.len))
		return NULL; /* reported by its type */
	const char *path = path_of(loader, text);
	for (size_t i = 0; i < cfg->certfile_count; i++) {
		if (strcmp(files[i], path) == 0)
			return files[i];
	}
	check_certfile(loader, name, path, subject);
	/* Room for all was made by cfg_freeze_globals. */
	if (cfg->certfile_count < CERTFILES_MAX) {
		files[cfg->certfile_count] = path;
		spans[cfg->certfile_count++] = term_span(name);
	}
	return path;
}

/* {domain_certfile, Host, File}: for the host, and reports unknown ones. */
static void
freeze_domain_certfiles(struct loader *loader)
{
	struct setting *setting = setting_first(loader, "domain_certfile");
	char name[HOSTNAME_MAX + 1];
	struct str text;

	for (; setting; setting = setting->next) {
		const struct term *whole = setting->whole;
		if (whole->count != 3) {
			finding_at(loader, CFG_VALUE, whole,
			    "domain_certfile is written {domain_certfile, "
			    "\"HOST\", \"FILE.pem\"}");
			continue;
		}
		if (!term_text(&loader->arena, &whole->items[1], &text) ||
		    !hostname_prepare(text, name)) {
			finding_at(loader, CFG_HOST_INVALID, &whole->items[1],
			    "%s is no host name",
			    term_shown(loader, &whole->items[1]));
			continue;
		}
		struct cfg_host *host =
		    map_get(&loader->frozen->hosts, str_of(name));
		if (host)
			host->certfile =
			    cfg_certfile(loader, &whole->items[2], name);
		else
			finding_subject(
			    finding_at(loader, CFG_HOST_UNSERVED,
				&whole->items[1],
				"the host %s is not among the hosts", name),
			    name);
	}
}

/* --- hosts --- */

static void
freeze_conflict(struct loader *loader, struct cfg_host *host)
{
	const struct term *value =
	    setting_value(loader, "resource_conflict", host->name);

	if (!value)
		return;
	host->resource_conflict_closenew = term_is_atom(value, "closenew");
	host->resource_conflict_setresource =
	    term_is_atom(value, "setresource");
}

struct module_cache {
	const struct term *list;
	const struct cfg_module *const *modules;
	size_t count;
};

/* Hosts without modules of their own share one list. */
static void
freeze_modules(
    struct loader *loader, struct cfg_host *host, struct module_cache *cache)
{
	const struct term *list = setting_value(loader, "modules", host->name);

	if (list != cache->list) {
		cache->list = list;
		cache->modules =
		    cfg_freeze_modules(loader, list, &cache->count);
	}
	host->modules = cache->modules;
	host->module_count = cache->count;
}

void
cfg_freeze_hosts(struct loader *loader)
{
	struct cfg *cfg = &loader->frozen->cfg;
	struct module_cache cache = { 0 };

	bool others = some_host_has_internal(loader);
	for (struct setting *s = setting_first(loader, "auth_method"); s;
	     s = s->next)
		check_methods(loader, s, others);
	for (struct setting *s =
		 setting_first(loader, "disable_sasl_mechanisms");
	     s; s = s->next)
		check_mechanisms(loader, s->value);
	cfg_check_modules(loader);
	for (size_t i = 0; i < cfg->host_count; i++) {
		struct cfg_host *host =
		    map_get(&loader->frozen->hosts, str_of(cfg->hosts[i].name));
		const struct term *off = setting_value(
		    loader, "disable_sasl_mechanisms", host->name);
		host->auth_method = "internal";
		if (off)
			disable_all(loader, off, host);
		freeze_conflict(loader, host);
		freeze_modules(loader, host, &cache);
	}
	freeze_domain_certfiles(loader);
}

/* --- all --- */

static int
read_loglevel(const struct term *value)
{
	static const char *const names[] = { "no_log", "critical", "error",
		"warning", "info", "debug" };
	int64_t number;

	/* {Level, [{Module, Level}]}: the modules are the old code's. */
	if (value && value->kind == TERM_TUPLE && value->count == 2)
		value = &value->items[0];
	if (!value)
		return LOGLEVEL_DEFAULT;
	if (term_int(value, &number) && number >= 0 && number <= 5)
		return (int)number;
	for (int i = 0; i < 6; i++) {
		if (term_is_atom(value, names[i]))
			return i;
	}
	return LOGLEVEL_DEFAULT;
}

static int64_t
read_number(struct loader *loader, const char *name, int64_t fallback)
{
	const struct term *value = setting_value(loader, name, NULL);
	int64_t number;

	if (value && term_int(value, &number) && number >= 0 &&
	    number <= INT32_MAX)
		return number;
	return fallback;
}

static void
make_room_for_certfiles(struct loader *loader)
{
	struct cfg *cfg = &loader->frozen->cfg;
	const struct term *listen = setting_value(loader, "listen", NULL);
	size_t most =
	    1 + (listen && listen->kind == TERM_LIST ? listen->count : 0);

	for (struct setting *s = setting_first(loader, "domain_certfile"); s;
	     s = s->next)
		most++;
	if (most > CERTFILES_MAX)
		most = CERTFILES_MAX;
	cfg->certfiles =
	    arena_array(&loader->frozen->arena, most, sizeof(const char *));
	cfg->certfile_spans =
	    arena_array(&loader->frozen->arena, most, sizeof(struct span));
}

void
cfg_freeze_globals(struct loader *loader)
{
	struct cfg *cfg = &loader->frozen->cfg;
	const struct term *timeout =
	    setting_value(loader, "registration_timeout", NULL);
	const struct term *language = setting_value(loader, "language", NULL);
	struct str text;

	make_room_for_certfiles(loader);
	cfg->loglevel = read_loglevel(setting_value(loader, "loglevel", NULL));
	cfg->language = "en";
	if (language && term_text(&loader->arena, language, &text) && text.len)
		cfg->language =
		    arena_memdup(&loader->frozen->arena, text.ptr, text.len);
	cfg->registration_timeout_s =
	    timeout && term_is_atom(timeout, "infinity")
		? 0
		: (unsigned)read_number(loader, "registration_timeout",
		      REGISTRATION_TIMEOUT_DEFAULT);
}
