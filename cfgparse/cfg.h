#ifndef CFGPARSE_CFG_H
#define CFGPARSE_CFG_H
/*
 * The frozen model of an accepted configuration: what xmppd starts from.
 * Built once by cfg_load from exactly what the linter accepted, then
 * immutable and read by every thread without locks.
 */
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cfgparse/base/str.h"

struct findings;
struct lint;
struct sockaddr;
struct span;
struct target;
struct cfg;

/* Where a value was written, for start-up messages. */
struct cfg_place {
	const char *file;
	uint32_t line;
	uint32_t column;
};

enum cfg_service {
	CFG_C2S,     /* ejabberd_c2s */
	CFG_IGNORED, /* a service that the server doesn't offer yet */
};

enum cfg_tls {
	CFG_TLS_NONE,
	CFG_TLS_STARTTLS,
	CFG_TLS_STARTTLS_REQUIRED,
	CFG_TLS_DIRECT,
};

/* Login mechanisms, as bits. */
enum cfg_mechanism {
	CFG_PLAIN = 1,
	CFG_SCRAM_SHA_1 = 2,
	CFG_SCRAM_SHA_1_PLUS = 4,
	CFG_SCRAM_SHA_256 = 8,
	CFG_SCRAM_SHA_256_PLUS = 16,
	CFG_MECHANISMS_PLUS = CFG_SCRAM_SHA_1_PLUS | CFG_SCRAM_SHA_256_PLUS,
	CFG_MECHANISMS_ALL = 31,
};

/* protocol_options; TLS below 1.2 is never offered. */
struct cfg_tls_options {
	bool no_tlsv1_2;
	bool no_tlsv1_3;
	const char *ciphers; /* OpenSSL's list for TLS 1.2, or NULL */
};

struct cfg_listener {
	enum cfg_service service;
	const char *module; /* as written: "ejabberd_c2s" */
	struct sockaddr_storage address;
	socklen_t address_len;
	char *name; /* "0.0.0.0:5222", "[::]:5222" for people */
	enum cfg_tls tls;
	const char *certfile; /* or NULL: the hosts' certificates */
	struct cfg_tls_options tls_options;
	const char *access; /* rule that admits users; "all" by default */
	const char *shaper; /* access rule that yields a shaper, or "none" */
	size_t max_stanza_size; /* bytes; 0: the server's own limit */
	int backlog;
	struct cfg_place place;
};

struct cfg_shaper {
	const char *name;
	int64_t rate; /* bytes per second; 0: no limit */
};

/* One module of one host; options are read by name below. */
struct cfg_module;

/* What a domain is there for. */
enum cfg_role {
	CFG_ROLE_ACCOUNTS,  /* one of hosts: clients and servers ask for it */
	CFG_ROLE_SERVICE,   /* a module's address: servers ask for it */
	CFG_ROLE_COMPONENT, /* an external component's: likewise */
	CFG_ROLE_HTTP,	    /* in links that clients follow */
};

/* A domain that the server answers for; see struct domain. */
struct cfg_domain {
	const char *name; /* prepared */
	enum cfg_role role;
	const struct cfg_host *host; /* whose it is; NULL: no one host's */
	const char *maker;	     /* "mod_muc", "ejabberd_service" */
	bool shown;		     /* with this server's certificate */
};

struct cfg_host {
	const char *name;     /* prepared: lower case, A- or U-label as given */
	const char *certfile; /* domain_certfile, or NULL */
	/* enum cfg_mechanism, or-ed: what disable_sasl_mechanisms names, each
	 * form for itself. */
	unsigned disabled_mechanisms;
	const char *auth_method; /* "internal", ... */
	bool resource_conflict_closenew;
	bool resource_conflict_setresource;
	const struct cfg_module *const *modules;
	size_t module_count;
};

struct cfg {
	const char *path; /* the main file */
	const struct cfg_host *hosts;
	size_t host_count;
	/* Each host, followed by what belongs to it; the rest comes last. */
	const struct cfg_domain *domains;
	size_t domain_count;
	const struct cfg_listener *listeners;
	size_t listener_count;
	const struct cfg_shaper *shapers;
	size_t shaper_count;
	int loglevel; /* 0 none .. 5 debug */
	const char *language;
	unsigned registration_timeout_s; /* 0: none (infinity) */
	const char *const *certfiles;	 /* every PEM named, once each */
	size_t certfile_count;
	/* Those that are named for what this server doesn't offer, such as
	 * s2s_certfile: they follow the others in certfiles. */
	size_t idle_certfile_count;
	/* Where each of them is named; valid as long as the findings that
	 * cfg_load was given. */
	const struct span *certfile_spans;
};

/* A relative file name in the configuration starts from the directory of the
 * main file. */

enum cfg_dialect { CFG_DIALECT_NONE, CFG_DIALECT_TERMS, CFG_DIALECT_YAML };

/* True for a name by which ejabberd reads a file as YAML. */
bool cfg_is_named_yaml(const char *name);

/* What cfg_load is to look at beside the file's text. */
struct cfg_load_options {
	bool check_files;	  /* certificates named: readable, matching */
	enum cfg_dialect dialect; /* NONE: by content */
	const struct target *target; /* NULL: this server */
	bool standard_input;	     /* is what the path names */
	/* Freezes in spite of errors, where all could be read, and returns
	 * true: for who asks what a configuration names, not for who serves
	 * it. */
	bool anyway;
	/* Has a file's text instead of the file where it returns true; or
	 * NULL. The text is copied. */
	bool (*text_of)(void *context, const char *path, struct str *text);
	void *text_context;
	/* Is shown what was read and judged, with its policy, before that is
	 * frozen or thrown away; or NULL. */
	void (*look)(void *context, struct lint *lint);
	void *look_context;
};

/*
 * Reads, lints and freezes the file. All findings go to findings; *out is
 * set only where there is no error among them (true; see also anyway). Destroy
 * it with cfg_destroy. out NULL: nothing is frozen. Terms or YAML, by content.
 */
bool cfg_load(const char *path, const struct cfg_load_options *options,
    struct findings *findings, struct cfg **out);
/* The same for a text that is at hand, as the file name; files that it
 * includes are refused. options NULL: a terms or YAML file for this server. */
bool cfg_load_text(const char *name, struct str text,
    const struct cfg_load_options *options, struct findings *findings,
    struct cfg **out);
void cfg_destroy(struct cfg **cfg);
/* Only whether the file can be read in its dialect: what options say isn't
 * looked at, nor what it includes. False where there is an error. */
bool cfg_check_syntax(const char *path, const struct cfg_load_options *options,
    struct findings *findings);

/* NULL where the name isn't served. name is prepared. */
const struct cfg_host *cfg_host(const struct cfg *cfg, struct str name);
/* NULL where the host doesn't run the module. */
const struct cfg_module *cfg_module(
    const struct cfg_host *host, const char *name);
/* Options of a module by name, with the caller's default. */
bool cfg_module_bool(
    const struct cfg_module *module, const char *option, bool fallback);
int64_t cfg_module_int(
    const struct cfg_module *module, const char *option, int64_t fallback);
const char *cfg_module_text(
    const struct cfg_module *module, const char *option, const char *fallback);

/* Both texts of an option such as {welcome_message, {Subject, Body}}; false
 * where it isn't set. */
bool cfg_module_pair(const struct cfg_module *module, const char *option,
    const char **first, const char **second);

/* Who asks: prepared parts of a JID; resource may be empty. peer may be NULL.
 * host is the virtual host whose rules apply. */
struct cfg_subject {
	struct str user;
	struct str server;
	struct str resource;
	const struct sockaddr *address; /* asked from, or NULL */
};

/* The first result of the access rule whose acl matches ("allow", a shaper's
 * name, a number as text), or "deny". "all" and "none" are built in. The text
 * is owned by cfg. */
const char *cfg_access(const struct cfg *cfg, const struct cfg_host *host,
    const char *rule, const struct cfg_subject *subject);
/* The same of a rule that gives a shaper or a number; NULL where none of its
 * lines matches. */
const char *cfg_choice(const struct cfg *cfg, const struct cfg_host *host,
    const char *rule, const struct cfg_subject *subject);
/* True where cfg_access says allow. */
bool cfg_allowed(const struct cfg *cfg, const struct cfg_host *host,
    const char *rule, const struct cfg_subject *subject);
/* Bytes a second for the subject by a listener's shaper option; 0: none. */
int64_t cfg_shaper_rate(const struct cfg *cfg, const struct cfg_host *host,
    const char *shaper, const struct cfg_subject *subject);

/* mod_register's {ip_access, [...]}: may this address register here? */
bool cfg_register_address_allowed(const struct cfg *cfg,
    const struct cfg_host *host, const struct sockaddr *address);

#endif
