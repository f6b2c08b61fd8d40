#include "cfgparse/domains.h"

#include "cfgparse/base/arena.h"
#include "cfgparse/base/map.h"
#include "cfgparse/hostname.h"
#include "cfgparse/lint.h"
#include "cfgparse/listener.h"
#include "cfgparse/tls_link.h"

static const char host_mark[] = "@HOST@";
enum {
	MARK_LEN = sizeof host_mark - 1,
	MAKERS_MAX = 64, /* more than there are modules with addresses */
	PORTS = 65536
};

struct node {
	struct domain domain;
	struct node *next;
};

/* The walk through a configuration. */
struct lister {
	const struct lint *lint;
	const struct model *model;
	struct arena *arena;
	struct map by_name; /* -> struct domain, in a node */
	struct node *first, *last;
	size_t count;
	size_t budget; /* of names that may still be looked at */
	bool federates, direct_tls;
	/* The modules with addresses of the host that is looked at. Hosts
	 * without modules of their own share a setting. */
	const struct model_setting *setting;
	const struct model_module *makers[MAKERS_MAX];
	size_t maker_count;
	uint8_t *https; /* a bit for each port that ejabberd_http encrypts */
};

/* --- what modules have --- */

/* The fallback without the quotes that Erlang strings have. */
static struct str
default_host(const struct service *row, bool yaml)
{
	const struct option *option =
	    row ? catalogue_service_option(row, STR("host")) : NULL;
	const char *text = option ? option_fallback(option, yaml) : NULL;
	struct str value = str_of(text);

	if (value.len >= 2 && value.ptr[0] == '"') {
		value.ptr++;
		value.len -= 2;
	}
	return value;
}

static bool
ends_with(struct str text, struct str end)
{
	return text.len >= end.len &&
	       memcmp(text.ptr + text.len - end.len, end.ptr, end.len) == 0;
}

/* The directory of users has an address where it can be searched. */
static bool
is_silent(const struct model *model, const struct model_module *module)
{
	const struct option *search =
	    catalogue_service_option(module->row, STR("search"));
	const char *usual =
	    search ? option_fallback(search, model->yaml) : NULL;

	return search && !model_flag(&module->options, "search",
			     usual && strncmp(usual, "true", 4) == 0);
}

struct str
domain_usual_prefix(const struct model *model, const struct model_modules *all)
{
	static const struct str odbc = { "_odbc", 5 };
	struct str name = all->name, none = { 0 };

	if (!all->row)
		return none;
	struct str host = default_host(all->row, model->yaml);
	if (!host.len && ends_with(name, odbc)) {
		name.len -= odbc.len;
		host = default_host(catalogue_module(name), model->yaml);
	}
	if (!ends_with(host, STR("@HOST@")))
		return none;
	host.len -= MARK_LEN;
	return host;
}

struct str
domain_prefix(const struct model *model, const struct model_module *module)
{
	if (!module->row || is_silent(model, module))
		return (struct str){ 0 };
	return domain_usual_prefix(model, module->all);
}

/* --- adding --- */

static bool
spend(struct lister *lister)
{
	if (!lister->budget)
		return false;
	lister->budget--;
	return true;
}

static void
add(struct lister *lister, const struct domain *domain)
{
	struct domain *known = map_get(&lister->by_name, domain->name);
	struct node *node;

	if (known) {
		known->shown |= domain->shown;
		return;
	}
	node = arena_alloc(lister->arena, sizeof *node);
	node->domain = *domain;
	node->domain.name = arena_str(lister->arena, domain->name);
	if (lister->last)
		lister->last->next = node;
	else
		lister->first = node;
	lister->last = node;
	lister->count++;
	map_put(&lister->by_name, node->domain.name, &node->domain);
}

/* The name with the host's in place of each mark; false where that is none.
 * name is a buffer of the caller's. */
static bool
fill(struct str text, const struct model_host *host, char *name)
{
	char filled[HOSTNAME_MAX + 1];
	size_t len = 0;

	while (text.len) {
		struct str part = { text.ptr, 1 };
		size_t skip = 1;

		if (host && text.len >= MARK_LEN &&
		    memcmp(text.ptr, host_mark, MARK_LEN) == 0) {
			part = host->name;
			skip = MARK_LEN;
		}
		if (part.len > HOSTNAME_MAX - len)
			return false;
		memcpy(filled + len, part.ptr, part.len);
		len += part.len;
		text.ptr += skip;
		text.len -= skip;
	}
	return hostname_prepare((struct str){ filled, len }, name);
}

static void
add_name(struct lister *lister, struct domain *domain, struct str text)
{
	char name[HOSTNAME_MAX + 1];

	if (!spend(lister) || !fill(text, domain->host, name))
		return;
	domain->name = str_of(name);
	add(lister, domain);
}

/* --- addresses of modules --- */

static bool
encrypts_federation(const struct lister *lister, const struct model_host *host)
{
	const struct model_setting *setting =
	    model_setting(lister->model, "s2s_use_starttls", host);
	struct str value;

	if (!lister->federates)
		return false;
	return lister->direct_tls ||
	       (setting && setting->option.value &&
		   model_word(setting->option.value, &value) &&
		   !str_is(value, "false"));
}

/* One address or a list of them. */
static void
add_written(
    struct lister *lister, struct domain *domain, const struct term *value)
{
	bool list = value->kind == TERM_LIST;
	size_t count = list ? value->count : 1;

	for (size_t i = 0; i < count; i++) {
		const struct term *item = list ? &value->items[i] : value;
		struct str text;

		if (!model_word(item, &text) || !text.len)
			continue;
		domain->at = item;
		add_name(lister, domain, text);
	}
}

static bool
is_run(const struct lister *lister, const struct model_module *module)
{
	return lister->lint->for_xmppd ||
	       service_state(module->row, lister->lint->target,
		   lister->model->yaml) != OPTION_REMOVED;
}

static void
add_module(struct lister *lister, const struct model_module *module,
    const struct model_host *host)
{
	struct str prefix = domain_prefix(lister->model, module);
	struct domain domain = {
		.role = CFG_ROLE_SERVICE,
		.host = host,
		.maker = module->name,
		.at = module->key,
		.shown =
		    encrypts_federation(lister, host) && is_run(lister, module),
	};
	const struct model_option *given =
	    model_option(&module->options, "hosts");
	char text[64 + MARK_LEN];

	if (!prefix.len || prefix.len > 64)
		return;
	if (!given || (given->value && given->value->kind == TERM_LIST &&
			  given->value->count == 0))
		given = model_option(&module->options, "host");
	if (given && given->value) {
		add_written(lister, &domain, given->value);
		return;
	}
	memcpy(text, prefix.ptr, prefix.len);
	memcpy(text + prefix.len, host_mark, MARK_LEN);
	add_name(lister, &domain, (struct str){ text, prefix.len + MARK_LEN });
}

/* --- links --- */

/* Options of modules whose values are links that clients follow. */
static const char *const links[][2] = { { "mod_http_upload", "put_url" },
	{ "mod_http_upload", "get_url" }, { "mod_host_meta", "websocket_url" },
	{ "mod_host_meta", "bosh_service_url" },
	{ "mod_conversejs", "websocket_url" },
	{ "mod_conversejs", "bosh_service_url" } };
enum { LINKS = sizeof links / sizeof *links };

static bool
has_links(const struct model_module *module)
{
	for (size_t i = 0; i < LINKS; i++) {
		if (str_is(module->name, links[i][0]))
			return true;
	}
	return false;
}

static void
add_link(struct lister *lister, struct str maker, const struct term *at,
    const struct model_host *host)
{
	struct domain domain = { .role = CFG_ROLE_HTTP, .maker = maker };
	char name[HOSTNAME_MAX + 1];
	struct str link, text;
	unsigned port;

	if (!spend(lister) || !model_word(at, &link) ||
	    !tls_link_read(link, &text, &port) || !fill(text, host, name))
		return;
	domain.name = str_of(name);
	domain.at = at;
	domain.host = model_host_above(lister->model, domain.name);
	domain.shown = lister->https[port / 8] & (1U << port % 8);
	/* A stranger's domain behind another server is the stranger's. */
	if (domain.shown || domain.host)
		add(lister, &domain);
}

static void
add_links(struct lister *lister, const struct model_module *module,
    const struct model_host *host)
{
	for (size_t i = 0; i < LINKS; i++) {
		const struct model_option *option =
		    str_is(module->name, links[i][0])
			? model_option(&module->options, links[i][1])
			: NULL;
		if (option && option->value)
			add_link(lister, module->name, option->value, host);
	}
}

/* --- all of a configuration --- */

static bool
is_known(const struct lister *lister, struct str name)
{
	for (size_t i = 0; i < lister->maker_count; i++) {
		if (str_eq(lister->makers[i]->name, name))
			return true;
	}
	return false;
}

/* The modules that the setting gives a host; the first of a name holds. */
static void
find_makers(struct lister *lister, const struct model_setting *setting)
{
	if (setting == lister->setting)
		return;
	lister->setting = setting;
	lister->maker_count = 0;
	for (; setting; setting = setting->add ? setting->before : NULL) {
		for (const struct model_module *m = setting->modules;
		     m && m->setting == setting; m = m->next) {
			if (!m->row || lister->maker_count == MAKERS_MAX)
				continue;
			if ((domain_prefix(lister->model, m).len ||
				has_links(m)) &&
			    !is_known(lister, m->name))
				lister->makers[lister->maker_count++] = m;
		}
	}
}

static void
add_hosts(struct lister *lister)
{
	const struct model *model = lister->model;

	for (size_t i = 0; i < model->host_count; i++) {
		struct domain domain = { .role = CFG_ROLE_ACCOUNTS,
			.name = model->hosts[i]->name,
			.host = model->hosts[i],
			.maker = STR("hosts"),
			.at = model->hosts[i]->at,
			.shown = true };
		if (model->hosts[i]->served)
			add(lister, &domain);
	}
}

static void
add_modules(struct lister *lister)
{
	const struct model *model = lister->model;

	for (size_t i = 0; i < model->host_count; i++) {
		const struct model_host *host = model->hosts[i];

		if (!host->served)
			continue;
		find_makers(lister, model_setting(model, "modules", host));
		for (size_t j = 0; j < lister->maker_count; j++)
			add_module(lister, lister->makers[j], host);
		for (size_t j = 0; j < lister->maker_count; j++)
			add_links(lister, lister->makers[j], host);
	}
}

static void
add_component(struct lister *lister, const struct term *at)
{
	struct domain domain = { .role = CFG_ROLE_COMPONENT,
		.maker = STR("ejabberd_service"),
		.at = at };
	char name[HOSTNAME_MAX + 1];
	struct str text;

	if (!spend(lister) || !model_word(at, &text) || !fill(text, NULL, name))
		return;
	domain.name = str_of(name);
	domain.host = model_host_above(lister->model, domain.name);
	domain.shown = encrypts_federation(lister, domain.host);
	add(lister, &domain);
}

/* {hosts, [Host, ...], [...]}, {host, Host, [...]}; in YAML a mapping. */
static void
add_components(struct lister *lister, const struct model_listener *listener)
{
	static const char *const names[] = { "hosts", "host" };

	for (size_t i = 0; i < 2; i++) {
		const struct model_option *option =
		    model_option(&listener->options, names[i]);
		const struct term *value = option ? option->value : NULL;
		if (!value)
			continue;
		size_t step = value->kind == TERM_MAP ? 2 : 1;
		if (step == 1 && value->kind != TERM_LIST)
			add_component(lister, value);
		else
			for (size_t j = 0; j < value->count; j += step)
				add_component(lister, &value->items[j]);
	}
}

/* What is open tells whose certificate others get to see. */
static void
look_at_listeners(struct lister *lister)
{
	const struct model *model = lister->model;

	lister->https = arena_alloc(lister->arena, PORTS / 8);
	for (size_t i = 0; i < model->listener_count; i++) {
		const struct model_listener *listener = &model->listeners[i];
		bool tls = listener_is_tls(listener);

		if (listener_is(listener, "ejabberd_s2s_in")) {
			lister->federates = true;
			lister->direct_tls |= tls;
		} else if (tls && listener_is(listener, "ejabberd_http"))
			lister->https[listener->port / 8] |=
			    (uint8_t)(1U << listener->port % 8);
	}
}

static void
add_global_links(struct lister *lister)
{
	static const char *const names[] = { "captcha_url", "captcha_host" };

	for (size_t i = 0; i < 2; i++) {
		const struct model_setting *setting =
		    model_setting(lister->model, names[i], NULL);
		if (setting && setting->option.value)
			add_link(lister, str_of(names[i]),
			    setting->option.value, NULL);
	}
}

/* By host, in the order found; one pass to count and one to place. */
static void
sort(const struct lister *lister, struct domains *out)
{
	size_t hosts = lister->model->host_count;
	size_t *at = arena_array(lister->arena, hosts + 2, sizeof *at);

	for (struct node *n = lister->first; n; n = n->next)
		at[(n->domain.host ? n->domain.host->index : hosts) + 1]++;
	for (size_t i = 1; i <= hosts; i++)
		at[i] += at[i - 1];
	out->items =
	    arena_array(lister->arena, lister->count, sizeof *out->items);
	out->count = lister->count;
	for (struct node *n = lister->first; n; n = n->next)
		out->items[at[n->domain.host ? n->domain.host->index
					     : hosts]++] = n->domain;
}

void
domains_list(const struct lint *lint, struct domains *out)
{
	struct lister lister = { .lint = lint,
		.model = lint->model,
		.arena = lint->arena,
		.budget = DOMAINS_MAX };
	const struct model *model = lint->model;

	look_at_listeners(&lister);
	add_hosts(&lister);
	add_modules(&lister);
	for (size_t i = 0; i < model->listener_count; i++) {
		if (listener_is(&model->listeners[i], "ejabberd_service"))
			add_components(&lister, &model->listeners[i]);
	}
	add_global_links(&lister);
	sort(&lister, out);
	out->too_many = !lister.budget;
	map_fini(&lister.by_name);
}
