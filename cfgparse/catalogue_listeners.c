#include "cfgparse/catalogue_private.h"
/*
 * Services that a port can be opened for, and their options.
 */

const struct option catalogue_listener_common[] = {
	{ "ip", SCOPE_LISTENER, TYPE_ANY, NULL, "0.0.0.0", NULL, NULL, true,
	    "The address that is listened on where the port names none." },
	{ "inet", SCOPE_LISTENER, TYPE_FLAG, NULL, "on", NULL,
	    "ignored: see ip", true, "IPv4, the default." },
	{ "inet6", SCOPE_LISTENER, TYPE_FLAG, NULL, "off", NULL,
	    "ignored: see ip: \"::\"", true,
	    "IPv6: listens on all addresses of both families where none is "
	    "given." },
	{ "proto", SCOPE_LISTENER, TYPE_CHOICE, "tcp udp", "tcp", NULL,
	    "renamed: transport", true, "The transport of the port." },
	{ "backlog", SCOPE_LISTENER, TYPE_NONNEG, NULL, "5", NULL, NULL, true,
	    "How many connections the system may hold for acceptance." },
	{ 0 },
};

static const struct option ejabberd_c2s_options[] = {
	{ "access", SCOPE_LISTENER, TYPE_ACCESS, NULL, "all", NULL, NULL, true,
	    "The access rule that decides who may use it." },
	{ "shaper", SCOPE_LISTENER, TYPE_ACCESS, NULL, "none", NULL, NULL, true,
	    "The access rule that names the shaper of each user." },
	{ "max_stanza_size", SCOPE_LISTENER, TYPE_POSITIVE, "infinity",
	    "infinity", NULL, NULL, true,
	    "The largest stanza accepted, in bytes." },
	{ "max_fsm_queue", SCOPE_LISTENER, TYPE_POSITIVE, NULL,
	    "global max_fsm_queue", NULL, NULL, false,
	    "How many stanzas may wait for one connection before it is "
	    "dropped." },
	{ "starttls", SCOPE_LISTENER, TYPE_FLAG, NULL, "off", NULL, NULL, true,
	    "Offers encryption by STARTTLS." },
	{ "starttls_required", SCOPE_LISTENER, TYPE_FLAG, NULL, "off", NULL,
	    NULL, true, "Refuses clients that do not encrypt by STARTTLS." },
	{ "zlib", SCOPE_LISTENER, TYPE_FLAG, NULL, "off", NULL, NULL, false,
	    "Offers stream compression." },
	{ "xml_socket", SCOPE_LISTENER, TYPE_BOOL, NULL, "false", NULL,
	    "removed", false,
	    "Speaks to Flash clients, which end stanzas with a NUL.", "false" },
	{ "certfile", SCOPE_LISTENER, TYPE_CERTFILE, NULL, "none", NULL,
	    "converted: certfiles (global)", true,
	    "The PEM file, certificate and key together, shown on this port." },
	{ "tls", SCOPE_LISTENER, TYPE_FLAG, NULL, "off", NULL, NULL, true,
	    "TLS from the first byte." },
	{ "ssl", SCOPE_LISTENER, TYPE_REFUSED, NULL, NULL, NULL,
	    "removed: see tls", true, "No longer read: write tls." },
	{ "ciphers", SCOPE_LISTENER, TYPE_STRING, NULL, NULL, "2.1.13", NULL,
	    true, "The ciphers of TLS 1.2 on offer, in OpenSSL's notation." },
	{ "protocol_options", SCOPE_LISTENER, TYPE_STRINGS, NULL, "[]",
	    "2.1.13", NULL, true,
	    "TLS versions that are not offered: \"no_tlsv1_2\" or "
	    "\"no_tlsv1_3\"; older ones never are." },
	{ 0 },
};

static const struct option ejabberd_s2s_in_options[] = {
	{ "shaper", SCOPE_LISTENER, TYPE_ACCESS, NULL, "none", NULL, NULL,
	    false, "The access rule that names the shaper of each user." },
	{ "max_stanza_size", SCOPE_LISTENER, TYPE_POSITIVE, "infinity",
	    "infinity", NULL, NULL, false,
	    "The largest stanza accepted, in bytes." },
	{ 0 },
};

static const struct option ejabberd_service_options[] = {
	{ "access", SCOPE_LISTENER, TYPE_ACCESS, NULL, "all", NULL, NULL, false,
	    "The access rule that decides who may use it." },
	{ "hosts", SCOPE_LISTENER, TYPE_ANY, NULL, "required", NULL, NULL,
	    false, "The names that the component serves, and its password." },
	{ "host", SCOPE_LISTENER, TYPE_ANY, NULL, NULL, NULL, "renamed: hosts",
	    false,
	    "The name that the component serves, and its password; hosts takes "
	    "several." },
	{ "shaper_rule", SCOPE_LISTENER, TYPE_ANY, NULL, "none", NULL, NULL,
	    false, "The shaper of the component's connection." },
	{ "service_check_from", SCOPE_LISTENER, TYPE_BOOL, NULL, "true", NULL,
	    "renamed: check_from", false,
	    "Whether a component may only write from its own names." },
	{ "max_fsm_queue", SCOPE_LISTENER, TYPE_POSITIVE, NULL, "global", NULL,
	    NULL, false,
	    "How many stanzas may wait for one connection before it is "
	    "dropped." },
	{ "max_stanza_size", SCOPE_LISTENER, TYPE_POSITIVE, NULL, "infinity",
	    NULL, NULL, false, "The largest stanza accepted, in bytes." },
	{ 0 },
};

static const struct option ejabberd_http_options[] = {
	{ "request_handlers", SCOPE_LISTENER, TYPE_LIST, NULL, "[]", NULL, NULL,
	    false, "Which module answers below which path." },
	{ "captcha", SCOPE_LISTENER, TYPE_FLAG, NULL, "off", NULL,
	    "converted: request_handlers \"/captcha\": ejabberd_captcha", false,
	    "Serves CAPTCHA pages." },
	{ "register", SCOPE_LISTENER, TYPE_FLAG, NULL, "off", "2.1.6",
	    "converted: request_handlers \"/register\": mod_register_web",
	    false, "Serves the page for new accounts." },
	{ "web_admin", SCOPE_LISTENER, TYPE_FLAG, NULL, "off", NULL,
	    "converted: request_handlers \"/admin\": ejabberd_web_admin", false,
	    "Serves the administration pages." },
	{ "http_bind", SCOPE_LISTENER, TYPE_FLAG, NULL, "off", NULL,
	    "converted: request_handlers \"/bosh\": mod_bosh (path changes "
	    "from /http-bind)",
	    false, "Serves BOSH below /http-bind." },
	{ "http_poll", SCOPE_LISTENER, TYPE_FLAG, NULL, "off", NULL, "removed",
	    false, "Serves HTTP polling below /http-poll." },
	{ "default_host", SCOPE_LISTENER, TYPE_HOST, NULL, "undefined",
	    "2.1.11", "removed", false,
	    "The host meant by requests that name none." },
	{ "certfile", SCOPE_LISTENER, TYPE_CERTFILE, NULL, "none", NULL,
	    "converted: certfiles (global)", false,
	    "The PEM file, certificate and key together, shown on this port." },
	{ "tls", SCOPE_LISTENER, TYPE_FLAG, NULL, "off", NULL, NULL, false,
	    "TLS from the first byte." },
	{ "ssl", SCOPE_LISTENER, TYPE_REFUSED, NULL, NULL, NULL,
	    "removed: see tls", false, "No longer read: write tls." },
	{ 0 },
};

static const struct option ejabberd_stun_options[] = {
	{ "certfile", SCOPE_LISTENER, TYPE_CERTFILE, NULL,
	    "none (with it TCP is TLS)", NULL, NULL, false,
	    "The PEM file, certificate and key together, shown on this port." },
	{ 0 },
};

const struct service catalogue_listeners[] = {
	{ "ejabberd_c2s", "Client connections.", ejabberd_c2s_options, true,
	    NULL, NULL, false },
	{ "ejabberd_s2s_in", "Incoming server connections.",
	    ejabberd_s2s_in_options, false, NULL, NULL, false },
	{ "ejabberd_service", "External components (XEP-0114).",
	    ejabberd_service_options, false, NULL, NULL, false },
	{ "ejabberd_http", "HTTP.", ejabberd_http_options, false, NULL, NULL,
	    false },
	{ "ejabberd_stun", "STUN.", ejabberd_stun_options, false, NULL, NULL,
	    false },
	{ "mod_proxy65_stream", "SOCKS5 bytestreams.", NULL, false, NULL, NULL,
	    false },
	{ "ejabberd_xmlrpc", "A listener from elsewhere.", NULL, false, NULL,
	    NULL, true },
	{ "ejabberd_websocket", "A listener from elsewhere.", NULL, false, NULL,
	    NULL, true },
	{ "ejabberd_cowboy", "A listener from elsewhere.", NULL, false, NULL,
	    NULL, true },
	{ 0 },
};
