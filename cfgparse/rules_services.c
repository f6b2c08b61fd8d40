#include "cfgparse/rules_hosts.h"
/*
 * Addresses of modules and external components: "conference.@HOST@" and the
 * like, given or by default. One that is a prefix of its host's name, or of all
 * hosts' names, stays the prefix that it is, so that many hosts cost no more
 * than a step each.
 */
#include <strings.h>

#include "cfgparse/base/arena.h"
#include "cfgparse/domains.h"
#include "cfgparse/hostname_why.h"
#include "cfgparse/listener.h"
#include "cfgparse/rules_words.h"
#include "cfgparse/target.h"

static const char host_mark[] = "@HOST@";
enum {
	MARK_LEN = sizeof host_mark - 1,
	PREFIX_DOTS_MAX = 4,
	PLAIN_MAX = 253, /* bytes of a name, and of a label: RFC 1035, 2.3.4 */
	LABEL_MAX = 63,
	KINDS = 64 /* a power of two */
};

/* What stands before names of hosts, with its dot. */
struct prefix {
	struct str text;
	struct service_host *all;   /* of all hosts, or NULL */
	struct service_host *first; /* of single ones, the latest first */
	struct prefix *next;
};

/* One address: a whole name, or a prefix of its host's. */
struct service_host {
	struct str name;
	const struct prefix *prefix;	/* or NULL: then name is whole */
	const struct model_host *below; /* what it's a prefix of; NULL: all */
	const struct term *at;
	struct str what;		   /* the module's name */
	const struct model_module *module; /* NULL: a component */
	/* Whole names in the order of the file; others of one prefix. */
	struct service_host *next;
	struct service_host *next_of_host;
};

/* What holds for all modules of one name. */
struct kind {
	const struct model_modules *all;
	struct str usual; /* prefix; empty: they have no addresses */
	bool may_be_silent;
};

struct services {
	struct lint *lint;
	struct kind kinds[KINDS]; /* that were looked up last */
	struct map names;	  /* whole ones -> struct service_host */
	struct map prefixes;	  /* -> struct prefix */
	uint64_t prefix_lengths;  /* a bit for each, the last for all longer */
	struct prefix *first_prefix, *known; /* the one looked up last */
	struct service_host *first, *last;   /* whole names */
	struct service_host **own; /* by host: below it, by next_of_host */
	size_t own_count;
};

static const char *
whole_name(const struct services *services, const struct service_host *service)
{
	struct lint *lint = services->lint;

	if (!service->prefix)
		return lint_text(lint, service->name);
	return arena_printf(lint->arena, "%.*s%.*s",
	    STR_ARG(service->prefix->text), STR_ARG(service->below->name));
}

/* --- who has it already --- */

/* What the host has below it with the prefix, or NULL. */
static const struct service_host *
below_host(const struct services *services, const struct prefix *prefix,
    const struct model_host *host)
{
	const struct service_host *own = host->index < services->own_count
					     ? services->own[host->index]
					     : NULL;

	while (own && own->prefix != prefix)
		own = own->next_of_host;
	return own;
}

/* The address of all hosts with the prefix, if the host has it too. */
static const struct service_host *
of_all_hosts(const struct services *services, const struct prefix *prefix,
    const struct model_host *host)
{
	const struct service_host *found = prefix->all;
	char module[64];

	if (!found || !host->served || found->what.len >= sizeof module)
		return NULL;
	memcpy(module, found->what.ptr, found->what.len);
	module[found->what.len] = '\0';
	/* Its own host_config may give it another address. */
	if (model_module(services->lint->model, module, host) == found->module)
		return found;
	return NULL;
}

static uint64_t
length_bit(size_t length)
{
	return (uint64_t)1 << (length < 63 ? length : 63);
}

/* Who has the name, as a prefix of some host. */
static const struct service_host *
pattern_of(const struct services *services, struct str name)
{
	const struct service_host *found = NULL;
	size_t dots = 0;

	for (size_t i = 0; i < name.len && dots < PREFIX_DOTS_MAX && !found;
	     i++) {
		if (name.ptr[i] != '.')
			continue;
		dots++;
		if (!(services->prefix_lengths & length_bit(i + 1)))
			continue;
		const struct prefix *prefix = map_get(
		    &services->prefixes, (struct str){ name.ptr, i + 1 });
		const struct model_host *host =
		    prefix ? model_host(services->lint->model,
				 (struct str){
				     name.ptr + i + 1, name.len - i - 1 })
			   : NULL;
		if (host)
			found = below_host(services, prefix, host);
		if (host && !found)
			found = of_all_hosts(services, prefix, host);
	}
	return found;
}

/* Two kinds of vCards at once: that is another rule's. */
static bool
are_vcards(struct str a, struct str b)
{
	static const struct str vcard = { "mod_vcard", 9 };

	return a.len >= vcard.len && b.len >= vcard.len &&
	       memcmp(a.ptr, vcard.ptr, vcard.len) == 0 &&
	       memcmp(b.ptr, vcard.ptr, vcard.len) == 0;
}

/* In the order of the file. */
static bool
comes_before(const struct service_host *a, const struct service_host *b)
{
	const struct model_setting *first, *second;

	if (!a->module || !b->module)
		return false;
	first = a->module->setting;
	second = b->module->setting;
	return first->order < second->order ||
	       (first == second &&
		   a->module->key->file == b->module->key->file &&
		   a->module->key->begin < b->module->key->begin);
}

static void
report_twice(struct services *services, const struct service_host *now,
    const struct service_host *before, const char *name)
{
	/* Components that share a domain balance it among them. */
	if ((!now->module && !before->module) ||
	    are_vcards(now->what, before->what))
		return;
	/* One module twice in a list is another rule's, and that of one host
	 * stands in for that of all. */
	if (now->module && before->module && str_eq(now->what, before->what) &&
	    (!now->module->setting->host || !before->module->setting->host ||
		now->module->setting->host == before->module->setting->host))
		return;
	if (comes_before(now, before) && before->module->setting->host) {
		const struct service_host *later = before;

		before = now;
		now = later;
	}
	struct finding *finding = lint_report(services->lint,
	    &host_rules[SERVICE_HOST_TWICE], now->at,
	    "%s is the address of %.*s already", name, STR_ARG(before->what));
	finding_subject(finding, name);
	lint_related(finding, before->at, "the other one");
	finding_hint(finding, "give one of them another name");
}

static struct service_host *
keep(struct services *services, const struct service_host *service)
{
	struct service_host *copy =
	    arena_alloc(services->lint->arena, sizeof *copy);

	*copy = *service;
	return copy;
}

static void
add_name(struct services *services, const struct service_host *service)
{
	struct service_host *copy = keep(services, service);

	if (services->last)
		services->last->next = copy;
	else
		services->first = copy;
	services->last = copy;
}

static struct prefix *
prefix_of(struct services *services, struct str text)
{
	struct prefix *prefix = services->known;

	if (prefix && str_eq(prefix->text, text))
		return prefix;
	prefix = map_get(&services->prefixes, text);
	if (!prefix) {
		prefix = arena_alloc(services->lint->arena, sizeof *prefix);
		prefix->text = text;
		prefix->next = services->first_prefix;
		services->first_prefix = prefix;
		map_put(&services->prefixes, text, prefix);
		services->prefix_lengths |= length_bit(text.len);
	}
	services->known = prefix;
	return prefix;
}

static void
add_prefix(struct services *services, const struct service_host *service,
    struct str text)
{
	struct service_host *copy = keep(services, service);
	struct prefix *prefix = prefix_of(services, text);

	copy->prefix = prefix;
	if (prefix->all)
		report_twice(services, copy, prefix->all,
		    arena_printf(
			services->lint->arena, "%.*s@HOST@", STR_ARG(text)));
	else
		prefix->all = copy;
}

static void
add_below(struct services *services, const struct service_host *service,
    struct str text, const struct model_host *host)
{
	struct prefix *prefix = prefix_of(services, text);
	const struct service_host *other = below_host(services, prefix, host);
	struct service_host *copy = keep(services, service);

	copy->prefix = prefix;
	copy->below = host;
	if (other) {
		report_twice(services, copy, other, whole_name(services, copy));
		return;
	}
	copy->next = prefix->first;
	prefix->first = copy;
	copy->next_of_host = services->own[host->index];
	services->own[host->index] = copy;
}

/* Once all prefixes are known. */
static void
compare_names(struct services *services)
{
	const struct prefix *prefix = services->first_prefix;
	struct service_host *now;
	const struct service_host *other;

	for (now = services->first; now; now = now->next) {
		other = map_get(&services->names, now->name);
		if (!other)
			other = pattern_of(services, now->name);
		if (other)
			report_twice(services, now, other,
			    lint_text(services->lint, now->name));
		else
			map_add(&services->names, now->name, now);
	}
	for (; prefix; prefix = prefix->next) {
		for (now = prefix->all ? prefix->first : NULL; now;
		     now = now->next) {
			other = of_all_hosts(services, prefix, now->below);
			if (other)
				report_twice(services, now, other,
				    whole_name(services, now));
		}
	}
}

/* --- one address --- */

/* Where the mark stands, or the text's length. */
static size_t
mark_at(struct str text)
{
	for (size_t i = 0; i + MARK_LEN <= text.len; i++) {
		if (memcmp(text.ptr + i, host_mark, MARK_LEN) == 0)
			return i;
	}
	return text.len;
}

/* "@host@" and the like. */
static bool
has_other_mark(struct str text)
{
	for (size_t i = 0; i + 5 <= text.len; i++) {
		if (text.ptr[i] == '@' && (i == 0 || text.ptr[i - 1] == '.') &&
		    strncasecmp(text.ptr + i + 1, "host", 4) == 0)
			return true;
	}
	return false;
}

static void
report_invalid(struct lint *lint, const struct service_host *service,
    struct str text, struct str filled)
{
	struct finding *finding =
	    lint_report(lint, &host_rules[SERVICE_HOST_INVALID], service->at,
		"%s is no address for %.*s: %s", lint_shown(lint, service->at),
		STR_ARG(service->what),
		has_other_mark(text) ? "it is not @HOST@ that stands in it"
				     : hostname_why(filled));
	char meant[HOSTNAME_MAX + 1];

	if (has_other_mark(text))
		finding_hint(finding,
		    "write @HOST@ in capital letters for the host's name");
	else if (hostname_mend(filled, meant) && mark_at(text) == text.len)
		finding_hint(finding, "write \"%s\"", meant);
	else
		finding_hint(
		    finding, "write a domain, such as \"conference.@HOST@\"");
}

/* Rooms and nodes of one host would be the next one's. */
static bool
keeps_content(struct str module)
{
	return str_is(module, "mod_muc") || str_is(module, "mod_muc_odbc") ||
	       str_is(module, "mod_pubsub") ||
	       str_is(module, "mod_pubsub_odbc") || str_is(module, "mod_mix");
}

static void
check_fixed(struct lint *lint, const struct service_host *service)
{
	const struct model *model = lint->model;
	const char *name = lint_text(lint, service->name);

	if (!service->module->setting->host && model->served_count > 1) {
		const char *dot = memchr(name, '.', strlen(name));
		struct finding *finding = lint_report(lint,
		    &host_rules[SERVICE_HOST_SHARED], service->at,
		    "%.*s of all %zu hosts gets the address "
		    "%s",
		    STR_ARG(service->what), model->served_count, name);
		if (!keeps_content(service->what))
			finding_severity(finding, SEVERITY_INFO);
		finding_subject(finding, name);
		if (model->hosts_at)
			lint_related(finding, model->hosts_at, "the hosts");
		finding_hint(finding, "write \"%.*s@HOST@\"",
		    dot ? (int)(dot + 1 - name) : 0, name);
		return;
	}
	if (lint->incomplete || !model->served_count ||
	    model_host_above(model, service->name))
		return;
	struct finding *finding =
	    lint_report(lint, &host_rules[SERVICE_HOST_OUTSIDE], service->at,
		"%s is not below a host that is served", name);
	finding_hint(finding,
	    "publish its records in the DNS and have it in the certificate");
}

/* What stands before the host's name, with its dot, where both are written as
 * they are compared; empty for all else. */
static struct str
plain_prefix(struct str text, struct str host)
{
	struct str prefix = { text.ptr, 0 };
	size_t label = 0;

	if (text.len <= host.len + 1 || text.len > PLAIN_MAX ||
	    memcmp(text.ptr + text.len - host.len, host.ptr, host.len) != 0)
		return prefix;
	for (size_t i = 0; i < text.len - host.len; i++) {
		char c = text.ptr[i];

		if (c == '.'
			? label == 0 || text.ptr[i - 1] == '-'
			: !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') &&
			      (c != '-' || !label || text.ptr[i - 1] == '-'))
			return prefix;
		label = c == '.' ? 0 : label + 1;
		if (label > LABEL_MAX)
			return prefix;
	}
	if (label == 0)
		prefix.len = text.len - host.len;
	return prefix;
}

/* An address as written, of a module for one host or for all. */
static void
add_written(struct services *services, struct service_host *service)
{
	static const char sample[] = "a.example";
	struct lint *lint = services->lint;
	char prepared[HOSTNAME_MAX + 1];
	struct str text, filled;

	if (!model_word(service->at, &text) || text.len == 0)
		return; /* of the wrong kind, which is said elsewhere */
	const struct model_host *host =
	    service->module ? service->module->setting->host : NULL;
	if (host && host->served) {
		struct str prefix = plain_prefix(text, host->name);

		if (prefix.len) {
			add_below(services, service, prefix, host);
			return;
		}
	}
	size_t mark = mark_at(text);
	bool marked = mark < text.len;
	struct str own = host ? host->name : str_of(sample);
	const char *whole = arena_printf(lint->arena, "%.*s%.*s%.*s", (int)mark,
	    text.ptr, marked ? (int)own.len : 0, own.ptr,
	    marked ? (int)(text.len - mark - MARK_LEN) : 0,
	    marked ? text.ptr + mark + MARK_LEN : "");
	filled = str_of(whole);
	if (!hostname_prepare(filled, prepared)) {
		/* In YAML the option's type says it. */
		if (!service->at->file->yaml || !service->module)
			report_invalid(lint, service, text, filled);
		return;
	}
	service->name = arena_str(lint->arena, str_of(prepared));
	if (marked && !host) {
		service->name.len -= sizeof sample - 1;
		/* "@HOST@" alone is the host itself. */
		if (mark + MARK_LEN == text.len && mark)
			add_prefix(services, service, service->name);
		else if (text.len == MARK_LEN && service->module)
			finding_hint(
			    lint_report(lint, &host_rules[HOST_OF_SERVICE],
				service->at,
				"%.*s gets the address of the host itself",
				STR_ARG(service->what)),
			    "write a name below it, such as "
			    "\"conference.@HOST@\"");
		return;
	}
	if (!marked && service->module)
		check_fixed(lint, service);
	add_name(services, service);
}

static void
add_each(struct services *services, struct service_host *service,
    const struct term *value)
{
	if (value->kind != TERM_LIST) {
		service->at = value;
		add_written(services, service);
		return;
	}
	for (size_t i = 0; i < value->count; i++) {
		service->at = &value->items[i];
		add_written(services, service);
	}
}

/* usual: where it is by default, in front of its host's name. */
static void
add_module(struct services *services, const struct model_module *module,
    struct str usual)
{
	struct service_host service = {
		.what = module->name, .module = module, .at = module->key
	};
	const struct model_option *hosts =
	    model_option(&module->options, "hosts");
	const struct model_host *host = module->setting->host;

	if (!hosts)
		hosts = model_option(&module->options, "host");
	if (hosts && hosts->value)
		add_each(services, &service, hosts->value);
	else if (!host)
		add_prefix(services, &service, usual);
	else if (host->served)
		add_below(services, &service, usual, host);
}

static const struct kind *
kind_of(struct services *services, const struct model_modules *all)
{
	size_t slot = (uintptr_t)all / sizeof *all % KINDS;
	struct kind *kind = &services->kinds[slot];

	if (kind->all == all)
		return kind;
	kind->all = all;
	kind->usual = domain_usual_prefix(services->lint->model, all);
	kind->may_be_silent =
	    all->row && catalogue_service_option(all->row, STR("search"));
	return kind;
}

/* Served hosts are known before any module is added. */
static struct services *
services_of(struct lint *lint)
{
	struct services *services = lint->services;

	if (services)
		return services;
	services = arena_alloc(lint->arena, sizeof *services);
	services->lint = lint;
	services->own_count = lint->model->host_count;
	services->own = arena_array(
	    lint->arena, services->own_count, sizeof *services->own);
	lint->services = services;
	return services;
}

void
rules_service_host(struct lint *lint, const struct model_module *module)
{
	struct services *services = services_of(lint);
	const struct kind *kind = kind_of(services, module->all);

	/* Third parties' options may mean something else by host. */
	if (kind->usual.len &&
	    (!kind->may_be_silent || domain_prefix(lint->model, module).len))
		add_module(services, module, kind->usual);
}

/* {hosts, [Host, ...], [...]}, {host, Host, [...]}; in YAML a mapping. */
static void
add_component(struct services *services, const struct model_listener *listener)
{
	struct service_host service = { .what = STR("a component") };
	static const char *const names[] = { "hosts", "host" };

	for (size_t i = 0; i < 2; i++) {
		const struct model_option *option =
		    model_option(&listener->options, names[i]);
		if (!option || !option->value)
			continue;
		const struct term *value = option->value;
		if (value->kind != TERM_MAP) {
			add_each(services, &service, value);
			continue;
		}
		for (size_t j = 0; j + 1 < value->count; j += 2) {
			service.at = &value->items[j];
			add_written(services, &service);
		}
	}
}

static void
report_host(struct lint *lint, const struct model_host *host,
    const struct service_host *service)
{
	bool written = !service->module || service->at != service->module->key;
	struct finding *finding = lint_report(lint,
	    &host_rules[HOST_OF_SERVICE], written ? service->at : host->at,
	    "%.*s is the address of %.*s and one of the hosts",
	    STR_ARG(host->name), STR_ARG(service->what));

	finding_subject(finding, lint_text(lint, host->name));
	if (written)
		lint_related(finding, host->at, "the host");
	else
		lint_related(finding, service->at, "the module");
	finding_hint(finding, "give it a name below the host, or take the "
			      "name out of hosts, which is for accounts");
}

static void
check_hosts(const struct services *services)
{
	struct lint *lint = services->lint;
	const struct model *model = lint->model;

	for (size_t i = 0; i < model->host_count; i++) {
		const struct model_host *host = model->hosts[i];
		if (!host->served)
			continue;
		const struct service_host *service =
		    map_get(&services->names, host->name);
		if (!service)
			service = pattern_of(services, host->name);
		if (!service)
			continue;
		report_host(lint, host, service);
	}
}

void
rules_service_hosts(struct lint *lint)
{
	struct services *services = services_of(lint);
	const struct model *model = lint->model;

	for (size_t i = 0; i < model->listener_count; i++) {
		if (listener_is(&model->listeners[i], "ejabberd_service"))
			add_component(services, &model->listeners[i]);
	}
	compare_names(services);
	check_hosts(services);
	map_fini(&services->names);
	map_fini(&services->prefixes);
	lint->services = NULL;
}
