#include "cfgparse/cfg_checks.h"
/*
 * Listeners: services, doubles, and how clients can encrypt.
 */
#include "cfgparse/base/arena.h"
#include "cfgparse/cfg_rules.h"
#include "cfgparse/listener.h"

enum { NAMES_SHOWN = 3 };

static const char *
name_of(struct lint *lint, const struct model_listener *listener)
{
	return listener_name(lint->arena, listener);
}

static void
report_service(struct lint *lint, const struct model_listener *listener)
{
	const char *near = catalogue_suggest_listener(listener->module);
	struct finding *finding = check_report(lint, CFG_SERVICE_UNKNOWN,
	    listener->module_at, "there is no service %s",
	    lint_shown(lint, listener->module_at));

	if (near)
		finding_hint(finding, "did you mean %s?", near);
	else
		finding_severity(finding, SEVERITY_WARNING);
}

static void
check_tls(struct lint *lint, const struct model_listener *listener)
{
	bool offers = listener_offers_starttls(listener);
	struct finding *finding;

	if (listener_is_tls(listener) && offers) {
		finding = check_report(lint, CFG_TLS_CONFLICT,
		    listener->module_at, "a port has either tls or starttls");
		finding_hint(finding,
		    "use starttls on 5222, and tls on a port of its own, "
		    "such as 5223");
	}
	if (listener_is_tls(listener) || offers)
		return;
	finding = check_report(lint, CFG_CLEAR_TEXT, listener->module_at,
	    "clients of %s can't encrypt what they send",
	    name_of(lint, listener));
	finding_subject(finding, name_of(lint, listener));
	finding_hint(
	    finding, "add {certfile, \"FILE.pem\"} and starttls_required");
}

/* What is offered at the port. */
static void
check_offer(struct lint *lint, const struct model_listener *listener)
{
	struct finding *finding;

	if (!listener->row->acts) {
		if (!lint->for_xmppd)
			return;
		finding = check_report(lint, CFG_SERVICE_NOT_OFFERED,
		    listener->module_at,
		    "%s is not offered by this version; %s stays closed",
		    listener->row->name, name_of(lint, listener));
		finding_subject(finding, listener->row->name);
	} else if (listener->transport == MODEL_UDP) {
		check_report(lint, CFG_LISTENER_FORM, listener->port_at,
		    "%s is offered over tcp only", listener->row->name);
	} else {
		check_tls(lint, listener);
	}
}

static void
check_double(
    struct lint *lint, struct map *seen, const struct model_listener *listener)
{
	if (!listener->port || !listener->address.len)
		return;
	const char *name = name_of(lint, listener);
	const struct model_listener *first = map_get(seen, str_of(name));
	if (!first) {
		map_put(seen, str_of(name), (void *)(uintptr_t)listener);
		return;
	}
	struct finding *finding = check_report(lint, CFG_LISTENER_TWICE,
	    listener->port_at, "%s is listened on twice", name);
	finding_subject(finding, name);
	lint_related(finding, first->port_at, "first here");
}

/* --- certificates --- */

static bool
has_own_certificate(const struct model *model, const struct model_host *host,
    const struct map *named)
{
	(void)model;
	return map_get(named, host->name) != NULL;
}

/* "a, b and 5 more": the hosts without a certificate of their own. */
static const char *
bare_hosts(struct lint *lint, const struct map *named, size_t *count)
{
	const struct model *model = lint->model;
	const char *text = "";

	*count = 0;
	for (size_t i = 0; i < model->host_count; i++) {
		const struct model_host *host = model->hosts[i];

		if (!host->served || has_own_certificate(model, host, named))
			continue;
		if (++*count <= NAMES_SHOWN)
			text = arena_printf(lint->arena, "%s%s%.*s", text,
			    *count > 1 ? ", " : "", STR_ARG(host->name));
	}
	if (*count > NAMES_SHOWN)
		text = arena_printf(
		    lint->arena, "%s and %zu more", text, *count - NAMES_SHOWN);
	return text;
}

static void
check_certificate(struct lint *lint, const struct model_listener *listener,
    const char *names, bool all)
{
	const char *name = name_of(lint, listener);
	struct finding *finding;

	if (all) {
		finding =
		    check_report(lint, CFG_NO_CERTIFICATE, listener->module_at,
			"%s is to encrypt, but no certificate is named", name);
	} else {
		finding = check_report(lint, CFG_NO_CERTIFICATE,
		    listener->module_at,
		    "%s shows another host's certificate for %s", name, names);
		finding_severity(finding, SEVERITY_WARNING);
	}
	finding_subject(finding, name);
	finding_hint(finding, "add {certfile, \"FILE.pem\"}");
}

static void
check_certificates_of(struct lint *lint)
{
	const struct model *model = lint->model;
	const struct model_settings *all =
	    model_settings(model, "domain_certfile");
	struct map named = { 0 };
	struct str text;
	size_t bare;

	for (const struct model_setting *s = all ? all->first : NULL; s;
	     s = s->next) {
		const struct term *whole = s->option.whole;

		if (whole->kind == TERM_TUPLE && whole->count == 3 &&
		    term_text(lint->arena, &whole->items[1], &text))
			map_put(&named, text, (void *)(uintptr_t)s);
	}
	const char *names = bare_hosts(lint, &named, &bare);
	map_fini(&named);
	for (size_t i = 0; i < model->listener_count && bare; i++) {
		const struct model_listener *listener = &model->listeners[i];

		if (listener->row && listener->row->acts && listener->port &&
		    (listener_is_tls(listener) ||
			listener_offers_starttls(listener)) &&
		    !model_option(&listener->options, "certfile"))
			check_certificate(
			    lint, listener, names, bare == model->served_count);
	}
}

void
check_listeners(struct lint *lint)
{
	const struct model *model = lint->model;
	struct map seen = { 0 };
	bool clients = false;

	for (size_t i = 0; i < model->listener_count; i++) {
		const struct model_listener *listener = &model->listeners[i];

		clients |= listener->row && listener->row->acts;
		if (listener->module.len && !listener->row)
			report_service(lint, listener);
		else if (listener->row && listener->port &&
			 listener->address.len)
			check_offer(lint, listener);
		if (listener->row)
			check_double(lint, &seen, listener);
	}
	map_fini(&seen);
	check_certificates_of(lint);
	if (clients || lint->incomplete)
		return;
	const struct model_setting *listen =
	    model_setting(model, "listen", NULL);
	struct finding *finding = check_report(lint, CFG_NO_CLIENTS,
	    listen ? listen->option.value : NULL,
	    "no port is open for clients");
	finding_hint(finding, "add {listen, [{5222, ejabberd_c2s, [...]}]}.");
}
