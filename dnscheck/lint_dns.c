#include "dnscheck/lint_dns.h"

#include <string.h>

#include "cfgparse/base/arena.h"
#include "cfgparse/hostname.h"
#include "cfgparse/lint.h"
#include "cfgparse/listener.h"
#include "dnscheck/poll_loop.h"
#include "dnscheck/survey.h"

struct offers {
	struct expect hosts;	  /* of users */
	struct expect components; /* reached by other servers alone */
};

static void
add_port(struct expect *expect, enum domain_service service, int64_t port)
{
	struct expect_ports *ports = &expect->services[service];

	for (size_t i = 0; i < ports->count; i++)
		if (ports->ports[i] == port)
			return;
	if (ports->count < EXPECT_PORTS_MAX)
		ports->ports[ports->count++] = (uint16_t)port;
}

static void
read_offers(const struct model *model, struct offers *offers)
{
	*offers =
	    (struct offers){ .hosts.known = true, .components.known = true };
	for (size_t i = 0; i < model->listener_count; i++) {
		const struct model_listener *listener = &model->listeners[i];
		bool direct = listener_is_tls(listener);

		if (!listener_is_sound(listener) ||
		    listener->transport != MODEL_TCP)
			continue;
		if (listener_is(listener, "ejabberd_c2s"))
			add_port(&offers->hosts,
			    direct ? SERVICE_CLIENT_TLS : SERVICE_CLIENT,
			    listener->port);
		if (!listener_is(listener, "ejabberd_s2s_in"))
			continue;
		enum domain_service service =
		    direct ? SERVICE_SERVER_TLS : SERVICE_SERVER;
		add_port(&offers->hosts, service, listener->port);
		add_port(&offers->components, service, listener->port);
	}
}

static void
add_component(
    struct survey *survey, const struct offers *offers, const struct term *name)
{
	char prepared[HOSTNAME_MAX + 1];
	struct str text;

	if (model_word(name, &text) && hostname_prepare(text, prepared))
		survey_add(survey, prepared, true, &offers->components);
}

/* {hosts, [Host, ...], [...]}, {host, Host, [...]}; in YAML a mapping. */
static void
add_components(struct survey *survey, const struct offers *offers,
    const struct model_listener *listener)
{
	const struct model_option *option =
	    model_option(&listener->options, "hosts");
	const struct term *value;
	size_t step;

	if (!option)
		option = model_option(&listener->options, "host");
	value = option ? option->value : NULL;
	if (!value)
		return;
	if (value->kind != TERM_LIST && value->kind != TERM_MAP) {
		add_component(survey, offers, value);
		return;
	}
	step = value->kind == TERM_MAP ? 2 : 1;
	for (size_t i = 0; i < value->count; i += step)
		add_component(survey, offers, &value->items[i]);
}

static void
add_all(struct survey *survey, const struct offers *offers, struct lint *lint)
{
	const struct model *model = lint->model;

	for (size_t i = 0; i < model->host_count; i++)
		if (model->hosts[i]->served)
			survey_add(survey,
			    lint_text(lint, model->hosts[i]->name), true,
			    &offers->hosts);
	for (size_t i = 0; i < model->listener_count; i++)
		if (listener_is(&model->listeners[i], "ejabberd_service"))
			add_components(survey, offers, &model->listeners[i]);
}

bool
lint_dns(struct lint *lint, const struct lint_dns *options)
{
	struct resolver_options resolver_options;
	struct survey survey = { .own_server = options->server_count > 0 };
	struct poll_loop *loop = poll_loop_create();
	struct resolver *resolver;
	struct offers offers;
	bool whole;

	resolver_options_init(&resolver_options);
	/* Without the file, the server is the one on this machine. */
	if (!resolver_options_read(&resolver_options, "/etc/resolv.conf"))
		resolver_options_parse(&resolver_options, STR(""));
	if (options->server_count) {
		memcpy(resolver_options.servers, options->servers,
		    sizeof(options->servers));
		resolver_options.server_count = options->server_count;
	}
	read_offers(lint->model, &offers);
	add_all(&survey, &offers, lint);
	resolver = resolver_create(poll_loop_io(loop), &resolver_options);
	survey_start(&survey, resolver);
	poll_loop_run(loop);
	resolver_destroy(&resolver);
	poll_loop_destroy(&loop);
	whole = survey_judge(&survey, lint->findings);
	survey_fini(&survey);
	return whole;
}
