#include "cfgparse/rules_listeners.h"
/*
 * Listeners: their rules, and how addresses are written. The other parts are
 * rules_ports.c, rules_listener_options.c and rules_handlers.c.
 */
#include <arpa/inet.h>

#include "cfgparse/address.h"
#include "cfgparse/base/arena.h"
#include "cfgparse/cfg_rules.h"
#include "cfgparse/listener.h"
#include "cfgparse/target.h"
#include "cfgparse/lint_edit.h"

const struct rule listener_rules[LISTENER_RULE_COUNT + 1] = {
	[LISTENER_OVERLAP] = { "CFG170", SEVERITY_WARNING,
	    "listener inside another one",
	    "One listener has a port on all addresses, another the same port "
	    "on one of them. Most systems let only the first one open it. "
	    "ejabberd since 19.08 refuses to start where the one for all "
	    "stands first." },
	[LISTENER_DUAL] = { "CFG171", SEVERITY_WARNING,
	    "IPv6 listener takes IPv4 too",
	    "A listener on all IPv6 addresses takes IPv4 connections as well, "
	    "unless the system is set otherwise (net.ipv6.bindv6only), so "
	    "that one for IPv4 on the same port can't open it." },
	[LISTENER_PRIVILEGED] = { "CFG172", SEVERITY_INFO, "privileged port",
	    "On most systems only root may open a port below 1024. A server "
	    "that runs as its own user needs the right to "
	    "(CAP_NET_BIND_SERVICE), or a redirection." },
	[LISTENER_UNUSUAL] = { "CFG173", SEVERITY_INFO,
	    "standard port isn't listened on",
	    "Clients try 5222 and other servers 5269 unless the DNS names "
	    "other ports (SRV records)." },
	[LISTENER_SWAPPED] = { "CFG174", SEVERITY_WARNING,
	    "port of another service",
	    "5222 and 5223 are the ports of clients, 5269 is that of other "
	    "servers; each of them expects its own service there." },
	[LISTENER_TLS_PORT] = { "CFG175", SEVERITY_WARNING,
	    "port for the other kind of TLS",
	    "On 5222 and 5269 the connection begins in clear text and changes "
	    "to TLS; on 5223 it is TLS from the first byte. Who connects to "
	    "such a port does it the customary way, and fails otherwise." },
	[LISTENER_ONE_FAMILY] = { "CFG176", SEVERITY_INFO,
	    "one address family only",
	    "Other ports are open over IPv6, but clients are let in over IPv4 "
	    "only, or the reverse. The DNS must not have addresses of the "
	    "other family then." },
	[LISTENER_ADDRESS_FORM] = { "CFG177", SEVERITY_WARNING,
	    "address in an unexpected form",
	    "ejabberd 2.1 takes the option ip as a tuple only and crashes at "
	    "a string; of an address beside the port it drops what follows a "
	    "slash." },
	[LISTENER_BOSH_FIRST] = { "CFG178", SEVERITY_INFO,
	    "options that don't hold for web clients",
	    "In ejabberd 2.1 only the first ejabberd_c2s gives its access, "
	    "shaper and max_stanza_size to clients that come over HTTP." },
	[TURN_ADDRESS] = { "CFG179", SEVERITY_WARNING,
	    "TURN without a usable address",
	    "A TURN relay tells clients under which address they are reached. "
	    "Where none is set, ejabberd takes what its host name resolves "
	    "to; a private or local one reaches nobody." },
	[TURN_PORTS] = { "CFG180", SEVERITY_ERROR, "wrong range of TURN ports",
	    "turn_min_port is larger than turn_max_port, or a port of another "
	    "listener lies between them." },
	[LISTENER_TRANSPORT] = { "CFG181", SEVERITY_WARNING,
	    "service does not fit the transport",
	    "XMPP and HTTP need tcp; over udp only STUN, TURN and SIP work, "
	    "and those without TLS." },
	[LISTENER_STANZA_SIZE] = { "CFG182", SEVERITY_WARNING,
	    "unreasonable limit on stanzas",
	    "RFC 6120 (section 13.12) has every server accept 10000 bytes; a "
	    "lower limit breaks clients in ways that are hard to find. A very "
	    "high one is none." },
	[LISTENER_BACKLOG] = { "CFG183", SEVERITY_INFO,
	    "short queue of connections",
	    "backlog is how many connections may wait to be accepted. After a "
	    "restart all clients come back at once, and those beyond it "
	    "fail." },
	[COMPONENT_LOCKED] = { "CFG184", SEVERITY_WARNING,
	    "component that can't log in",
	    "A listener for components without hosts or a password admits "
	    "none: ejabberd 2.1 crashes at each connection, later releases "
	    "make up a password that nobody knows." },
	[HANDLER_SHADOWED] = { "CFG185", SEVERITY_WARNING,
	    "handler that is never reached",
	    "The first handler whose path begins the requested one answers. A "
	    "shorter path that stands before a longer one takes all its "
	    "requests." },
	[HANDLER_UNKNOWN] = { "CFG186", SEVERITY_WARNING, "unknown handler",
	    "No module of that name answers HTTP requests. ejabberd since "
	    "19.08 refuses to start." },
	[LISTENER_UNLIMITED] = { "CFG187", SEVERITY_INFO,
	    "listener without access or shaper",
	    "There is an access rule c2s, or there are shapers, and the "
	    "listener doesn't use them. Without access everybody may log in, "
	    "blocked accounts too; without shaper one connection may take all "
	    "the bandwidth." },
	[LISTENER_PATH] = { "CFG188", SEVERITY_ERROR,
	    "path of a socket is too long",
	    "The path of a Unix socket has at most 107 bytes." },
};

/* --- addresses --- */

static const char *
address_why(struct str text, const char **hint)
{
	const char *colon = text.len ? memchr(text.ptr, ':', text.len) : NULL;
	const char *dot = text.len ? memchr(text.ptr, '.', text.len) : NULL;
	bool letters = false;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i] | 32;
		letters |= c >= 'g' && c <= 'z';
	}
	*hint = "write an address such as 192.0.2.1 or ::";
	if (text.len == 0)
		return "it is empty";
	if (text.ptr[0] == '[') {
		*hint = "write it without brackets and without a port";
		return "brackets stand around it";
	}
	if (text.ptr[0] == '{') {
		*hint = "write it with dots, as in 192.0.2.1";
		return "it is a tuple inside a string";
	}
	if (text.ptr[0] == '*') {
		*hint = "write 0.0.0.0 or :: for all addresses";
		return "a wildcard stands for it";
	}
	if (colon && dot && colon > dot) {
		*hint = "write the port into the option port";
		return "a port stands behind it";
	}
	if (letters) {
		*hint = str_is(text, "localhost")
			    ? "write 127.0.0.1 or ::1"
			    : "write the address that the name stands for";
		return "it is a name";
	}
	if (memchr(text.ptr, '/', text.len)) {
		*hint = "write it without the slash and what follows";
		return "a network stands for it";
	}
	return "IPv4 has four numbers from 0 to 255, IPv6 up to eight groups";
}

void
rules_bad_address(struct lint *lint, const struct term *at)
{
	const char *hint = at->file->yaml
			       ? "write it in quotes, such as \"192.0.2.1\" or "
				 "\"::\""
			       : "write {192,0,2,1} or \"192.0.2.1\"";
	const char *why = NULL;
	struct str text;

	if (model_word(at, &text))
		why = address_why(text, &hint);
	struct finding *finding = lint_report(lint,
	    &cfg_rules[CFG_LISTENER_FORM], at, "%s is no IP address%s%s",
	    lint_shown(lint, at), why ? ": " : "", why ? why : "");
	finding_hint(finding, "%s", hint);
}

static const char *
tuple_of(struct lint *lint, struct str text)
{
	struct in_addr v4;
	const uint8_t *b = (const uint8_t *)&v4;

	if (inet_pton(AF_INET, lint_text(lint, text), &v4) != 1)
		return NULL;
	return arena_printf(
	    lint->arena, "{%d,%d,%d,%d}", b[0], b[1], b[2], b[3]);
}

static void
check_address_form(struct lint *lint, const struct model_listener *listener)
{
	const struct model_option *ip = model_option(&listener->options, "ip");
	const struct term *at = listener->address_at;
	struct str text;

	if (!at || !lint->target->terms || !listener->address.len ||
	    !model_word(at, &text))
		return;
	if (ip && ip->value == at) {
		const char *tuple = tuple_of(lint, listener->address);
		struct finding *finding =
		    lint_report(lint, &listener_rules[LISTENER_ADDRESS_FORM],
			at, "ejabberd 2.1 takes ip as a tuple only");
		finding_severity(finding, SEVERITY_ERROR);
		finding_hint(finding, "write %s",
		    tuple ? tuple : "the eight groups of it as a tuple");
		struct span span = term_span(at);
		if (tuple && !at->file->origin)
			finding_edit(finding, true, &span, tuple);
	} else if (memchr(text.ptr, '/', text.len)) {
		finding_hint(
		    lint_report(lint, &listener_rules[LISTENER_ADDRESS_FORM],
			at, "what follows the slash is dropped: %.*s is meant",
			STR_ARG(listener->address)),
		    "write \"%.*s\"", STR_ARG(listener->address));
	}
}

/* --- services --- */

static void
check_service(struct lint *lint, const struct model_listener *listener)
{
	struct finding *finding;

	if (!listener->module.len)
		return; /* said by the reader */
	if (!listener->row) {
		const char *near = catalogue_suggest_listener(listener->module);
		finding = lint_report(lint, &cfg_rules[CFG_SERVICE_UNKNOWN],
		    listener->module_at, "there is no service %s",
		    lint_shown(lint, listener->module_at));
		if (near)
			edit_meant(finding, listener->module_at, near);
		else
			finding_severity(finding, SEVERITY_WARNING);
	} else if (lint->for_xmppd && !listener->row->acts && listener->port &&
		   listener->address.len) {
		finding = lint_report(lint, &cfg_rules[CFG_SERVICE_NOT_OFFERED],
		    listener->module_at,
		    "%s is not offered by this version; %s stays closed",
		    listener->row->name, listener_name(lint->arena, listener));
		finding_subject(finding, listener->row->name);
	}
}

void
rules_listeners(struct lint *lint)
{
	const struct model *model = lint->model;

	for (size_t i = 0; i < model->listener_count; i++) {
		check_service(lint, &model->listeners[i]);
		check_address_form(lint, &model->listeners[i]);
	}
	rules_ports(lint);
	rules_listener_options(lint);
}
