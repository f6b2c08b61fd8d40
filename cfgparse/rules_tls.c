#include "cfgparse/rules_tls.h"
/*
 * Whether connections are encrypted: of clients, over HTTP, and of other
 * servers. The other parts are rules_certificates.c, rules_tls_options.c and
 * rules_files.c.
 */
#include "cfgparse/base/arena.h"
#include "cfgparse/cfg_rules.h"
#include "cfgparse/listener.h"
#include "cfgparse/rules_words.h"
#include "cfgparse/target.h"

const struct rule tls_rules[TLS_RULE_COUNT + 1] = {
	[TLS_OPTIONAL] = { "CFG200", SEVERITY_WARNING,
	    "clients may do without encryption",
	    "starttls offers TLS and leaves it to each client. One that "
	    "doesn't use it, or whose offer is taken out on the way, sends its "
	    "password in clear text." },
	[TLS_PROTOCOL] = { "CFG201", SEVERITY_WARNING, "broken TLS version",
	    "SSL 2 and 3, TLS 1.0 and 1.1 are broken or outdated (RFC 8996). "
	    "Protocol options switch versions off by names with no_; without "
	    "it they leave a version on." },
	[TLS_CIPHERS] = { "CFG202", SEVERITY_WARNING, "weak ciphers",
	    "The list of ciphers lets in some that don't encrypt, don't prove "
	    "who answers, or can be broken. What the list excludes with ! is "
	    "taken into account." },
	[TLS_SERVERS] = { "CFG203", SEVERITY_ERROR,
	    "encryption between servers without certificate",
	    "Connections with other servers are to be encrypted, and no "
	    "certificate is named that could be used for it." },
	[TLS_CIPHER_WORD] = { "CFG204", SEVERITY_WARNING,
	    "ill-formed list of ciphers",
	    "OpenSSL passes over words that it doesn't know. A list that "
	    "leaves nothing makes every handshake fail." },
	[TLS_VERIFY] = { "CFG205", SEVERITY_WARNING,
	    "check of certificates that has no effect",
	    "Certificates of others are to be checked, but nothing says which "
	    "authorities are trusted, or the connection isn't encrypted." },
	[TLS_COMPRESSION] = { "CFG206", SEVERITY_WARNING,
	    "compression inside TLS",
	    "What is compressed before it is encrypted gives secrets away by "
	    "its length (CRIME). No current library does it." },
	[TLS_HTTP] = { "CFG207", SEVERITY_WARNING,
	    "passwords over HTTP without encryption",
	    "The listener takes passwords over HTTP, and others can reach it "
	    "without TLS." },
	[TLS_RELATIVE] = { "CFG208", SEVERITY_INFO, "relative file name",
	    "ejabberd looks for a relative name from the folder that it was "
	    "started in, which differs between start scripts." },
	[TLS_OLD_PROTOCOL] = { "CFG209", SEVERITY_INFO,
	    "outdated TLS versions are left on",
	    "The options given replace the default ones, and outdated "
	    "versions aren't among what they switch off." },
	[FILE_MISSING] = { "CFG210", SEVERITY_WARNING, "file isn't there",
	    "A file that an option names is missing, or who runs this may not "
	    "read it." },
	[FILE_NOT_EXECUTABLE] = { "CFG211", SEVERITY_WARNING,
	    "program can't be run",
	    "A program that an option names is missing or has no right to be "
	    "executed." },
	[FILE_NOT_FOLDER] = { "CFG212", SEVERITY_WARNING, "folder isn't there",
	    "A folder that an option names is missing, or it is a file." },
	[FILE_EXPOSED] = { "CFG213", SEVERITY_WARNING,
	    "secrets in a file that all can read",
	    "The configuration holds passwords, and every user of the machine "
	    "may read its file." },
	[TLS_SERVERS_CLEAR] = { "CFG214", SEVERITY_INFO,
	    "no encryption between servers",
	    "Connections with other servers aren't encrypted. Many servers "
	    "refuse such connections." },
};

/* --- clients --- */

/* An option that isn't known, or no longer, may be meant to encrypt. */
static bool
is_misspelt(const struct model_listener *listener)
{
	for (size_t i = 0; i < listener->options.count; i++) {
		const struct option *row = listener->options.items[i].row;
		if (!row || row->type == TYPE_REFUSED)
			return true;
	}
	return false;
}

static void
check_clients(struct lint *lint, const struct model_listener *listener)
{
	const struct model_option *tls, *starttls, *required;
	const char *name = listener_name(lint->arena, listener);
	struct finding *finding;

	tls = model_option(&listener->options, "tls");
	starttls = model_option(&listener->options, "starttls");
	required = model_option(&listener->options, "starttls_required");
	if (listener_is_tls(listener) && listener_offers_starttls(listener)) {
		const struct model_option *second =
		    model_flag(&listener->options, "starttls", false)
			? starttls
			: required;
		finding =
		    lint_report(lint, &cfg_rules[CFG_TLS_CONFLICT], second->key,
			"a port has either tls or %.*s", STR_ARG(second->name));
		/* ejabberd's own example of 21.12 has both, to require TLS. */
		if (second == required && listener->whole->file->yaml)
			finding_severity(finding, SEVERITY_INFO);
		lint_related(finding, tls->key, "tls is given here");
		finding_hint(finding,
		    "use starttls on 5222, and tls on a port of its own, "
		    "such as 5223");
		return;
	}
	if (!listener_is_sound(listener) ||
	    listener_reach(listener) == REACH_LOCAL ||
	    listener_is_private(listener))
		return;
	if (!listener_offers_starttls(listener)) {
		if (is_misspelt(listener))
			return;
		finding = lint_report(lint, &cfg_rules[CFG_CLEAR_TEXT],
		    listener->module_at,
		    "clients of %s can't encrypt what they send", name);
		finding_subject(finding, name);
		finding_hint(finding, listener->whole->file->yaml
					  ? "add starttls_required: true"
					  : "add {certfile, \"FILE.pem\"} and "
					    "starttls_required");
		return;
	}
	/* This server never takes a password in clear text. */
	if (lint->for_xmppd || !listener_is_public(listener) || !starttls)
		return;
	finding = lint_report(lint, &tls_rules[TLS_OPTIONAL], starttls->key,
	    "clients of %s may send their passwords in clear text", name);
	finding_subject(finding, name);
	finding_hint(finding, "write starttls_required instead");
	struct span span = term_span(starttls->key);
	finding_edit(finding, false, &span, "starttls_required");
}

/* --- HTTP --- */

struct sensitive {
	const char *name; /* a flag, or the module of a handler */
	const char *what;
};

static const struct sensitive sensitive[] = {
	{ "web_admin", "the web admin" },
	{ "ejabberd_web_admin", "the web admin" },
	{ "mod_http_api", "commands" },
	{ "ejabberd_oauth", "logins for tokens" },
	{ "ejabberd_xmlrpc", "commands" },
	{ "xmlrpc", "commands" },
	{ "register", "registration" },
	{ "mod_register_web", "registration" },
	{ "http_bind", "web clients" },
	{ "mod_http_bind", "web clients" },
	{ "mod_bosh", "web clients" },
	{ "ejabberd_http_ws", "web clients" },
	{ "http_poll", "web clients" },
	{ "ejabberd_http_poll", "web clients" },
};

enum { SENSITIVE = sizeof sensitive / sizeof *sensitive };

/* The most telling one, by the order of the table. */
static const struct sensitive *
find_sensitive(const struct model_listener *listener, const struct term **where)
{
	const struct model_option *option =
	    model_option(&listener->options, "request_handlers");
	const struct sensitive *found = sensitive + SENSITIVE;
	const struct term *key, *module;
	struct str name;

	for (const struct sensitive *row = sensitive; row < found; row++) {
		if (!model_flag(&listener->options, row->name, false))
			continue;
		*where = model_option(&listener->options, row->name)->key;
		found = row;
	}
	for (size_t i = 0;
	     option && option->value && i < lint_pairs(option->value); i++) {
		if (!lint_pair(option->value, i, &key, &module) ||
		    !model_word(module, &name))
			continue;
		for (const struct sensitive *row = sensitive; row < found;
		     row++) {
			if (!str_is(name, row->name))
				continue;
			*where = module;
			found = row;
		}
	}
	return found < sensitive + SENSITIVE ? found : NULL;
}

static void
check_http(struct lint *lint, const struct model_listener *listener)
{
	const struct term *where = NULL;

	/* What this server doesn't offer stays closed. */
	if (!listener_is_sound(listener) || listener_is_tls(listener) ||
	    !listener_is_public(listener) ||
	    (lint->for_xmppd && listener->row && !listener->row->acts))
		return;
	const struct sensitive *row = find_sensitive(listener, &where);
	if (!row)
		return;
	struct finding *finding = lint_report(lint, &tls_rules[TLS_HTTP], where,
	    "%s can be reached on %s without encryption, passwords too",
	    row->what, listener_name(lint->arena, listener));
	finding_hint(finding,
	    listener->whole->file->yaml
		? "add tls: true, or ip: 127.0.0.1 behind a proxy that "
		  "encrypts"
		: "add tls and a certfile, or listen on 127.0.0.1 behind a "
		  "proxy that encrypts");
}

/* --- servers --- */

static void
check_servers(struct lint *lint)
{
	const struct model *model = lint->model;
	const struct model_setting *use =
	    model_setting(model, "s2s_use_starttls", NULL);
	const struct term *value = use ? use->option.value : NULL;
	const struct model_listener *servers = NULL;

	for (size_t i = 0; i < model->listener_count && !servers; i++) {
		if (listener_is(&model->listeners[i], "ejabberd_s2s_in"))
			servers = &model->listeners[i];
	}
	if (lint->for_xmppd || lint->incomplete || !servers ||
	    (use && (!value || !term_is_atom(value, "false"))))
		return;
	struct finding *finding = lint_report(lint,
	    &tls_rules[TLS_SERVERS_CLEAR], value ? value : servers->module_at,
	    "what passes between servers isn't encrypted");
	finding_hint(finding, "add %s",
	    lint_option(lint, servers->whole, "s2s_use_starttls", "optional"));
}

void
rules_tls(struct lint *lint)
{
	const struct model *model = lint->model;

	for (size_t i = 0; i < model->listener_count; i++) {
		const struct model_listener *listener = &model->listeners[i];
		if (listener_is(listener, "ejabberd_c2s"))
			check_clients(lint, listener);
		if (listener_is(listener, "ejabberd_http"))
			check_http(lint, listener);
	}
	check_servers(lint);
	rules_certificates(lint);
	rules_tls_options(lint);
	if (lint->check_files)
		rules_files(lint);
}
