/*
 * What stands between a configuration and the release that reads it, beyond
 * single options: what ejabberd 2.1 remembers from start to start, the holes
 * that its first releases are known for, and the dialect of old in new
 * releases.
 */
#include "cfgparse/lint.h"

#include "cfgparse/listener.h"
#include "cfgparse/rules_targets.h"
#include "cfgparse/rules_words.h"
#include "cfgparse/target.h"

enum migration_rule {
	KEPT_IN_DATABASE,
	OLD_TLS,
	COMPRESSION_BYPASS,
	MALFORMED_PUBLISH,
	ENTITY_EXPANSION,
	OLD_DIALECT,
	MIGRATION_RULE_COUNT
};

const struct rule migration_rules[MIGRATION_RULE_COUNT + 1] = {
	[KEPT_IN_DATABASE] = { "CFG330", SEVERITY_INFO,
	    "what is left out stays in force",
	    "ejabberd 2.1 stores options, acls and access rules in its "
	    "database and reads the file on top of them. What is taken out of "
	    "the file goes on holding until override_global, override_local "
	    "or override_acls clears the table." },
	[OLD_TLS] = { "CFG331", SEVERITY_INFO, "weak TLS before 2.1.12",
	    "Releases of ejabberd before 2.1.12 accept SSL 2 and ciphers that "
	    "can be broken (CVE-2013-6169), and no option of theirs forbids "
	    "it." },
	[COMPRESSION_BYPASS] = { "CFG332", SEVERITY_WARNING,
	    "compression goes round starttls_required",
	    "Releases of the 2.1 line up to 2.1.13 let a client that asks for "
	    "compression log in without encryption although starttls_required "
	    "is set (CVE-2014-8760)." },
	[MALFORMED_PUBLISH] = { "CFG333", SEVERITY_INFO,
	    "mod_pubsub before 2.1.9 can be stopped",
	    "Before 2.1.9 a malformed publish stanza of any user makes "
	    "mod_pubsub loop until the server has no memory left "
	    "(CVE-2011-4320)." },
	[ENTITY_EXPANSION] = { "CFG334", SEVERITY_INFO,
	    "nested entities before 2.1.7 exhaust the server",
	    "Before 2.1.7 a few hundred bytes of nested XML entities, sent by "
	    "anybody who can connect, take all memory and processor time "
	    "(CVE-2011-1753)." },
	[OLD_DIALECT] = { "CFG335", SEVERITY_WARNING,
	    "Erlang terms for a release that reads YAML",
	    "From 13.10 on ejabberd's configuration is YAML. Releases before "
	    "19.08 still read a file of Erlang terms whose name doesn't end "
	    "in .yml or .yaml; newer ones convert it at each start and lose "
	    "what they don't know." },
};

static void
check_kept(struct lint *lint)
{
	static const char *const names[] = { "override_global",
		"override_local", "override_acls" };

	for (size_t i = 0; i < 3; i++) {
		if (model_settings(lint->model, names[i]))
			return;
	}
	struct finding *finding =
	    lint_report(lint, &migration_rules[KEPT_IN_DATABASE], NULL,
		"options that are taken out of this file stay in force");
	finding_hint(finding, "add override_global. override_local. and "
			      "override_acls. to start from this file alone");
}

static void
check_compression(struct lint *lint, const struct model_listener *listener)
{
	const struct model_option *zlib =
	    model_option(&listener->options, "zlib");
	const struct model_option *required =
	    model_option(&listener->options, "starttls_required");

	if (!zlib || !required ||
	    !model_flag(&listener->options, "zlib", false) ||
	    !model_flag(&listener->options, "starttls_required", false))
		return;
	struct finding *finding =
	    lint_report(lint, &migration_rules[COMPRESSION_BYPASS], zlib->key,
		"with zlib a client can log in without encryption");
	lint_related(finding, required->key, "this doesn't keep it from it");
	finding_hint(finding, "leave out zlib");
}

/* 2.1 stores it under another name than the one it looks for. */
static void
check_retry_delay(struct lint *lint)
{
	const struct model_settings *all =
	    model_settings(lint->model, "s2s_max_retry_delay");

	if (!all)
		return;
	struct finding *finding = lint_report(lint,
	    &target_rules[TARGET_DEPRECATED], all->first->option.key,
	    "s2s_max_retry_delay has no effect in ejabberd 2.1");
	finding_hint(finding, "remove it");
}

static bool
encrypts(const struct model_listener *listener)
{
	return listener_is_tls(listener) || listener_offers_starttls(listener);
}

static void
check_listeners(struct lint *lint)
{
	const struct model_listener *open = NULL, *encrypted = NULL;

	for (size_t i = 0; i < lint->model->listener_count; i++) {
		const struct model_listener *now = &lint->model->listeners[i];
		bool streams = listener_is(now, "ejabberd_c2s") ||
			       listener_is(now, "ejabberd_s2s_in");
		check_compression(lint, now);
		if (streams && !open && listener_is_public(now))
			open = now;
		if (streams && !encrypted && encrypts(now))
			encrypted = now;
	}
	if (open) {
		struct finding *finding = lint_report(lint,
		    &migration_rules[ENTITY_EXPANSION], open->module_at,
		    "before 2.1.7 anybody who connects here can exhaust the "
		    "server");
		finding_hint(finding, "use 2.1.7 or later");
	}
	if (encrypted) {
		struct finding *finding = lint_report(lint,
		    &migration_rules[OLD_TLS], encrypted->module_at,
		    "before 2.1.12 SSL 2 and broken ciphers are accepted here");
		finding_hint(finding, "use 2.1.12 or later");
	}
}

static void
check_pubsub(struct lint *lint)
{
	const struct model_modules *all =
	    model_modules(lint->model, "mod_pubsub");

	if (!all)
		all = model_modules(lint->model, "mod_pubsub_odbc");
	if (!all)
		return;
	struct finding *finding = lint_report(lint,
	    &migration_rules[MALFORMED_PUBLISH], all->first->key,
	    "before 2.1.9 any user can stop the server through "
	    "mod_pubsub");
	finding_hint(finding, "use 2.1.9 or later");
}

static void
check_dialect(struct lint *lint)
{
	unsigned release = lint->target->release;

	if (lint->target->terms && lint->model->yaml)
		finding_hint(
		    lint_report(lint, &target_rules[TARGET_DIALECT], NULL,
			"ejabberd 2.1 can't read this file, which "
			"is YAML"),
		    "write Erlang terms, or check for a later release with "
		    "--target");
	if (lint->for_xmppd || lint->target->terms || lint->model->yaml)
		return;
	struct finding *finding =
	    lint_report(lint, &migration_rules[OLD_DIALECT], NULL,
		release < 1908 ? "ejabberd %s reads Erlang terms for old "
				 "times' sake"
			       : "ejabberd %s converts Erlang terms at each "
				 "start",
		release_name(release));
	if (release < 1908)
		finding_severity(finding, SEVERITY_INFO);
	finding_hint(finding, "write the configuration as YAML");
}

void
rules_migration(struct lint *lint)
{
	check_dialect(lint);
	if (!lint->target->terms)
		return;
	check_kept(lint);
	check_retry_delay(lint);
	check_listeners(lint);
	check_pubsub(lint);
}
