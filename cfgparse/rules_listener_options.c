#include "cfgparse/rules_listeners.h"
/*
 * One listener and its options: limits, what TURN needs, passwords of
 * components, and whether transport and service fit each other.
 */
#include "cfgparse/base/arena.h"
#include "cfgparse/listener.h"
#include "cfgparse/rules_words.h"
#include "cfgparse/target.h"

enum {
	STANZA_LEAST = 10000, /* RFC 6120, section 13.12 */
	STANZA_MOST = 100 << 20,
	BACKLOG_LEAST = 5, /* ejabberd's own default */
	SOCKET_PATH_MAX = 107,
	TURN_MIN_PORT = 49152, /* ejabberd's defaults */
	TURN_MAX_PORT = 65535,
};

static bool
number(const struct model_listener *listener, const char *name,
    const struct model_option **option, int64_t *value)
{
	*option = model_option(&listener->options, name);
	return *option && (*option)->value && term_int((*option)->value, value);
}

static void
check_limits(struct lint *lint, const struct model_listener *listener)
{
	const struct model_option *option;
	struct finding *finding;
	int64_t value;

	if (number(listener, "max_stanza_size", &option, &value) && value > 0) {
		if (value < STANZA_LEAST) {
			finding = lint_report(lint,
			    &listener_rules[LISTENER_STANZA_SIZE],
			    option->value,
			    "%d bytes are too few for ordinary stanzas",
			    (int)value);
			finding_hint(finding, "write 65536 or more");
		} else if (value > STANZA_MOST) {
			finding = lint_report(lint,
			    &listener_rules[LISTENER_STANZA_SIZE],
			    option->value,
			    "a limit of %lld bytes protects from nothing",
			    (long long)value);
			finding_severity(finding, SEVERITY_INFO);
			finding_hint(finding, "write 262144, as ejabberd's "
					      "example does");
		}
	}
	if (number(listener, "backlog", &option, &value) && value >= 0 &&
	    value <= BACKLOG_LEAST && !lint->for_xmppd)
		finding_hint(
		    lint_report(lint, &listener_rules[LISTENER_BACKLOG],
			option->value,
			"only %d connections may wait to be accepted",
			(int)value),
		    "write 128 or more");
}

static void
check_unlimited(struct lint *lint, const struct model_listener *listener)
{
	bool c2s = listener_is(listener, "ejabberd_c2s");
	bool access = !c2s || model_option(&listener->options, "access");
	bool shaper = model_option(&listener->options, "shaper") != NULL;

	/* Rules that are there were meant to be used. */
	access |= !model_access(lint->model, STR("c2s"), NULL);
	shaper |= !map_count(&lint->model->shapers);
	if ((!c2s && !listener_is(listener, "ejabberd_s2s_in")) ||
	    (access && shaper) || !listener_is_sound(listener) ||
	    listener_reach(listener) == REACH_LOCAL)
		return;
	struct finding *finding = lint_report(lint,
	    &listener_rules[LISTENER_UNLIMITED], listener->module_at,
	    "%s has no %s", listener_name(lint->arena, listener),
	    !access && !shaper ? "access and no shaper"
	    : !access	       ? "access"
			       : "shaper");
	finding_hint(finding, "add %s",
	    !access ? lint_option(lint, listener->whole, "access", "c2s")
		    : lint_option(lint, listener->whole, "shaper",
			  c2s ? "c2s_shaper" : "s2s_shaper"));
}

/* --- transports --- */

static bool
is_one_of(const struct model_listener *listener, const char *const *names)
{
	for (; *names; names++) {
		if (listener_is(listener, *names))
			return true;
	}
	return false;
}

static void
check_transport(struct lint *lint, const struct model_listener *listener)
{
	static const char *const tcp_only[] = { "ejabberd_c2s",
		"ejabberd_s2s_in", "ejabberd_service", "ejabberd_http",
		"ejabberd_xmlrpc", "mod_mqtt", "mod_proxy65_stream", NULL };
	static const char *const udp_too[] = { "ejabberd_stun", "ejabberd_sip",
		NULL };
	struct finding *finding;

	if (listener->transport == MODEL_UNIX &&
	    listener->address.len > SOCKET_PATH_MAX)
		finding_hint(
		    lint_report(lint, &listener_rules[LISTENER_PATH],
			listener->port_at ? listener->port_at : listener->whole,
			"the path has %zu bytes, 107 are the limit",
			listener->address.len),
		    "use a shorter path");
	if (listener->transport != MODEL_UDP)
		return;
	if (is_one_of(listener, tcp_only)) {
		finding = lint_report(lint, &listener_rules[LISTENER_TRANSPORT],
		    listener->module_at, "%.*s works over tcp only",
		    STR_ARG(listener->module));
		finding_severity(finding, SEVERITY_ERROR);
		finding_hint(finding, "take udp away");
	} else if (is_one_of(listener, udp_too) && listener_is_tls(listener)) {
		finding = lint_report(lint, &listener_rules[LISTENER_TRANSPORT],
		    model_option(&listener->options, "tls")->key,
		    "tls has no effect over udp");
		finding_hint(finding, "add a listener with tls over tcp");
	}
}

/* --- TURN --- */

static void
check_turn_address(struct lint *lint, const struct model_listener *listener)
{
	bool old = lint->target->release && lint->target->release < 2007;
	const char *name = old ? "turn_ip" : "turn_ipv4_address";
	const struct model_option *given =
	    model_option(&listener->options, name);
	struct finding *finding;

	if (given && given->value) {
		struct model_listener relay = { .transport = MODEL_UDP };
		if (!model_word(given->value, &relay.address) ||
		    listener_is_wildcard(&relay)) {
			finding = lint_report(lint,
			    &listener_rules[TURN_ADDRESS], given->value,
			    "clients can't be relayed under %s",
			    lint_shown(lint, given->value));
		} else if (!listener_is_public(&relay)) {
			finding = lint_report(lint,
			    &listener_rules[TURN_ADDRESS], given->value,
			    "clients elsewhere can't reach %.*s",
			    STR_ARG(relay.address));
			finding_severity(finding, SEVERITY_INFO);
		} else {
			return;
		}
	} else if (listener_is_wildcard(listener)) {
		finding = lint_report(lint, &listener_rules[TURN_ADDRESS],
		    model_option(&listener->options, "use_turn")->key,
		    "the address that TURN tells its clients is left to "
		    "the host name");
		finding_severity(finding, SEVERITY_INFO);
	} else {
		return;
	}
	finding_hint(finding,
	    "add %s with the address of this machine as "
	    "others see it",
	    name);
}

/* Listeners over udp in between would take relays' ports. */
static void
check_turn_ports(struct lint *lint, const struct model_listener *turn)
{
	const struct model_option *least, *most;
	int64_t low = TURN_MIN_PORT, high = TURN_MAX_PORT;
	const struct model *model = lint->model;

	number(turn, "turn_min_port", &least, &low);
	number(turn, "turn_max_port", &most, &high);
	if (low > high) {
		struct finding *finding =
		    lint_report(lint, &listener_rules[TURN_PORTS],
			least && least->value ? least->value : most->value,
			"no port is from %d to %d", (int)low, (int)high);
		if (least && most)
			lint_related(finding, most->value, "the last port");
		finding_hint(finding,
		    "swap both, or move the other end "
		    "(%d to %d by default)",
		    TURN_MIN_PORT, TURN_MAX_PORT);
		return;
	}
	for (size_t i = 0; i < model->listener_count; i++) {
		const struct model_listener *other = &model->listeners[i];
		if (other == turn || other->transport != MODEL_UDP ||
		    other->port < low || other->port > high)
			continue;
		struct finding *finding = lint_report(lint,
		    &listener_rules[TURN_PORTS], other->port_at,
		    "%d is one of the ports that TURN gives to its clients",
		    (int)other->port);
		finding_severity(finding, SEVERITY_WARNING);
		lint_related(finding, turn->whole, "TURN with these ports");
		finding_hint(finding, "use a port outside %d to %d", (int)low,
		    (int)high);
		return;
	}
}

/* --- components --- */

/* Whether what stands behind a component's name has a password. */
static bool
has_password(const struct term *value)
{
	const struct term *key, *inner;

	for (size_t i = 0; i < lint_pairs(value); i++) {
		if (lint_pair(value, i, &key, &inner) &&
		    term_is_atom(key, "password"))
			return true;
	}
	return false;
}

/* {hosts, [Host, ...], [{password, Password}]} */
static bool
has_password_behind(const struct model_option *hosts)
{
	const struct term *whole = hosts->whole;

	return whole->kind == TERM_TUPLE && whole->count >= 3 &&
	       has_password(&whole->items[2]);
}

static void
report_locked(struct lint *lint, const struct term *at, const char *message,
    const char *hint)
{
	struct finding *finding = lint_report(
	    lint, &listener_rules[COMPONENT_LOCKED], at, "%s", message);

	if (lint->target->terms)
		finding_severity(finding, SEVERITY_ERROR);
	finding_hint(finding, "%s", hint);
}

static void
check_component(struct lint *lint, const struct model_listener *listener)
{
	const struct model_option *hosts =
	    model_option(&listener->options, "hosts");
	bool global = model_option(&listener->options, "password") != NULL;

	if (!hosts)
		hosts = model_option(&listener->options, "host");
	if (lint->incomplete)
		return;
	if (!listener->whole->file->yaml) {
		/* MongooseIM takes one password for all components. */
		if (!hosts && !global)
			report_locked(lint, listener->module_at,
			    "no component is admitted without its name",
			    "add {hosts, [\"irc.example.org\"], [{password, "
			    "\"...\"}]}");
		else if (hosts && !global && !has_password_behind(hosts))
			report_locked(lint, hosts->key,
			    "the component has no password, so that it can't "
			    "log in",
			    "write {hosts, [\"irc.example.org\"], "
			    "[{password, \"...\"}]}");
		return;
	}
	if (!hosts && !global) {
		report_locked(lint, listener->module_at,
		    "no component knows the password that ejabberd makes up",
		    "add hosts with a password for each");
		return;
	}
	const struct term *value = hosts ? hosts->value : NULL;
	if (!value || value->kind != TERM_MAP || global)
		return;
	for (size_t i = 0; i + 1 < value->count; i += 2) {
		if (!has_password(&value->items[i + 1]))
			report_locked(lint, &value->items[i],
			    "the component has no password, so that it can't "
			    "log in",
			    "add password below its name");
	}
}

/* --- BOSH of 2.1 --- */

static bool
same_value(struct lint *lint, const struct model_listener *a,
    const struct model_listener *b, const char *name)
{
	const struct model_option *one = model_option(&a->options, name);
	const struct model_option *two = model_option(&b->options, name);

	if (!one || !two || !one->value || !two->value)
		return one == two;
	return str_is(
	    str_of(lint_shown(lint, one->value)), lint_shown(lint, two->value));
}

static void
check_bosh_first(struct lint *lint)
{
	static const char *const names[] = { "access", "shaper",
		"max_stanza_size" };
	const struct model *model = lint->model;
	const struct model_listener *first = NULL;
	bool web = model_module(model, "mod_http_bind", NULL);

	for (size_t i = 0; i < model->listener_count && !web; i++) {
		const struct model_options *options =
		    &model->listeners[i].options;
		web = model_flag(options, "http_bind", false) ||
		      model_flag(options, "http_poll", false);
	}
	if (!lint->target->terms || !web)
		return;
	for (size_t i = 0; i < model->listener_count; i++) {
		const struct model_listener *now = &model->listeners[i];
		if (!listener_is(now, "ejabberd_c2s"))
			continue;
		for (size_t j = 0; first && j < 3; j++) {
			if (same_value(lint, first, now, names[j]))
				continue;
			struct finding *finding = lint_report(lint,
			    &listener_rules[LISTENER_BOSH_FIRST],
			    now->module_at,
			    "clients over HTTP get %s from the first listener "
			    "only",
			    names[j]);
			lint_related(finding, first->module_at, "the first");
			finding_hint(finding, "put the listener that web "
					      "clients shall follow first");
			return;
		}
		if (!first)
			first = now;
	}
}

void
rules_listener_options(struct lint *lint)
{
	const struct model *model = lint->model;
	bool turned = false;

	for (size_t i = 0; i < model->listener_count; i++) {
		const struct model_listener *listener = &model->listeners[i];
		check_limits(lint, listener);
		check_unlimited(lint, listener);
		check_transport(lint, listener);
		if (listener_is(listener, "ejabberd_service"))
			check_component(lint, listener);
		if (listener_is(listener, "ejabberd_http"))
			rules_handlers(lint, listener);
		if (!listener_is(listener, "ejabberd_stun") ||
		    !model_flag(&listener->options, "use_turn", false))
			continue;
		check_turn_address(lint, listener);
		/* Once: each looks at all listeners. */
		if (!turned)
			check_turn_ports(lint, listener);
		turned = true;
	}
	check_bosh_first(lint);
}
