#include "cfgparse/cfg_frozen.h"
/*
 * Freezing listeners: addresses, TLS and the rest of what the server needs to
 * open a port. Ports of services that it doesn't offer are kept by name only.
 */
#include <arpa/inet.h>
#include <string.h>

#include "cfgparse/listener.h"

enum { BACKLOG_DEFAULT = 128, BACKLOG_MAX = 65535 };

static bool
fill_address(struct cfg_listener *listener, const struct model_listener *from)
{
	struct sockaddr_in *v4 = (struct sockaddr_in *)&listener->address;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&listener->address;
	char text[INET6_ADDRSTRLEN];
	uint16_t port = htons((uint16_t)from->port);

	if (from->transport == MODEL_UNIX || from->port == 0 ||
	    from->address.len >= sizeof text)
		return false;
	memcpy(text, from->address.ptr, from->address.len);
	text[from->address.len] = '\0';
	if (inet_pton(AF_INET, text, &v4->sin_addr) == 1) {
		v4->sin_family = AF_INET;
		v4->sin_port = port;
		listener->address_len = sizeof *v4;
		return true;
	}
	if (inet_pton(AF_INET6, text, &v6->sin6_addr) != 1)
		return false;
	v6->sin6_family = AF_INET6;
	v6->sin6_port = port;
	listener->address_len = sizeof *v6;
	return true;
}

static enum cfg_tls
read_tls(const struct model_options *options)
{
	if (model_flag(options, "tls", false))
		return CFG_TLS_DIRECT;
	if (model_flag(options, "starttls_required", false))
		return CFG_TLS_STARTTLS_REQUIRED;
	return model_flag(options, "starttls", false) ? CFG_TLS_STARTTLS
						      : CFG_TLS_NONE;
}

static const struct term *
value_of(const struct model_options *options, const char *name)
{
	const struct model_option *option = model_option(options, name);

	return option ? option->value : NULL;
}

static void
read_protocols(struct freezer *freezer, const struct model_options *options,
    struct cfg_tls_options *tls)
{
	const struct term *ciphers = value_of(options, "ciphers");
	const struct term *list = value_of(options, "protocol_options");
	struct str text;

	if (ciphers && frozen_word(freezer, ciphers, &text) && text.len)
		tls->ciphers = frozen_text(freezer, text);
	for (size_t i = 0; list && list->kind == TERM_LIST && i < list->count;
	     i++) {
		if (!frozen_word(freezer, &list->items[i], &text))
			continue;
		tls->no_tlsv1_2 |= str_is(text, "no_tlsv1_2");
		tls->no_tlsv1_3 |= str_is(text, "no_tlsv1_3");
	}
}

static const char *
option_word(struct freezer *freezer, const struct model_options *options,
    const char *name, const char *fallback)
{
	const struct term *value = value_of(options, name);
	struct str text;

	if (!value || !frozen_word(freezer, value, &text))
		return fallback;
	return frozen_text(freezer, text);
}

/* The name of a rule, also of one that is written in place. What is neither
 * was found to be an error; it admits nobody all the same. */
static const char *
option_rule(struct freezer *freezer, const struct model_options *options,
    const char *name, const char *fallback)
{
	const struct term *value = value_of(options, name);

	if (value && !option_word(freezer, options, name, NULL)) {
		fallback = policy_inline(freezer->frozen->policy, value);
		return fallback ? fallback : "none";
	}
	return option_word(freezer, options, name, fallback);
}

static void
read_client_options(struct freezer *freezer,
    const struct model_options *options, struct cfg_listener *listener)
{
	const struct term *number = value_of(options, "max_stanza_size");
	int64_t value;

	listener->tls = read_tls(options);
	listener->access = option_rule(freezer, options, "access", "all");
	listener->shaper = option_rule(freezer, options, "shaper", "none");
	if (number && term_int(number, &value) && value > 0)
		listener->max_stanza_size = (size_t)value;
	read_protocols(freezer, options, &listener->tls_options);
	listener->certfile =
	    frozen_certfile(freezer, value_of(options, "certfile"));
	if (!listener->certfile)
		listener->certfile = frozen_default_certfile(freezer);
}

static struct cfg_place
place_of(struct freezer *freezer, const struct term *term)
{
	struct span span = term_span(term);

	return (struct cfg_place){
		.file = arena_strdup(&freezer->frozen->arena,
		    span.source ? span.source->name : freezer->lint->path),
		.line = span.begin.line,
		.column = span.begin.column,
	};
}

/* ejabberd's backlog of 5 is too short for any server; larger ones count. */
static int
read_backlog(const struct model_options *options)
{
	const struct term *backlog = value_of(options, "backlog");
	int64_t value;

	if (backlog && term_int(backlog, &value) && value > BACKLOG_DEFAULT &&
	    value <= BACKLOG_MAX)
		return (int)value;
	return BACKLOG_DEFAULT;
}

/* True where the entry became *listener. */
static bool
freeze_listener(struct freezer *freezer, const struct model_listener *from,
    struct cfg_listener *listener)
{
	*listener = (struct cfg_listener){ .service = CFG_IGNORED };
	if (!from->row || from->transport == MODEL_UDP ||
	    !fill_address(listener, from))
		return false;
	listener->module = from->row->name;
	listener->name = arena_strdup(
	    &freezer->frozen->arena, listener_name(freezer->lint->arena, from));
	listener->place = place_of(freezer, from->whole);
	listener->backlog = read_backlog(&from->options);
	if (from->row->acts) {
		listener->service = CFG_C2S;
		read_client_options(freezer, &from->options, listener);
	}
	return true;
}

void
freeze_listeners(struct freezer *freezer)
{
	const struct model *model = freezer->model;
	struct cfg *cfg = &freezer->frozen->cfg;
	struct cfg_listener *listeners = arena_array(
	    &freezer->frozen->arena, model->listener_count, sizeof *listeners);

	for (size_t i = 0; i < model->listener_count; i++) {
		if (freeze_listener(freezer, &model->listeners[i],
			&listeners[cfg->listener_count]))
			cfg->listener_count++;
	}
	cfg->listeners = listeners;
}
