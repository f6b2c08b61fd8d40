#ifndef CFGPARSE_CATALOGUE_SHAPES_H
#define CFGPARSE_CATALOGUE_SHAPES_H
/*
 * How the tables write the types of YAML, and the rows that many modules have
 * in common. Included by the tables only, for its names are short.
 */
#include "cfgparse/catalogue.h"

extern const struct type_field catalogue_vcard_fields[];

#define SHAPE(...) (&(const struct type){ __VA_ARGS__ })
#define PLAIN(name) SHAPE(.kind = TYPE_##name)

#define ANY PLAIN(ANY)
#define ATOM PLAIN(ATOM)
#define BOOL PLAIN(BOOL)
#define STRING PLAIN(STRING)
#define SECRET PLAIN(SECRET)
#define PATH PLAIN(PATH)
#define CERTFILE PLAIN(CERTFILE)
#define DOMAIN PLAIN(HOST)
#define JID PLAIN(JID)
#define REGEXP PLAIN(REGEXP)
#define GLOB PLAIN(GLOB)
#define LANGUAGE PLAIN(LANGUAGE)
#define LDAP_FILTER PLAIN(LDAP_FILTER)
#define LOGLEVEL PLAIN(LOGLEVEL)
#define MODULE PLAIN(MODULE)
#define OCTAL PLAIN(OCTAL)
#define NUMBER PLAIN(NUMBER)
#define IP PLAIN(IP)
#define IPV4 PLAIN(IPV4)
#define IPV6 PLAIN(IPV6)
#define IP_MASK PLAIN(IP_MASK)
#define UNIX_SOCKET PLAIN(UNIX_SOCKET)
#define ACCESS PLAIN(ACCESS)
#define ACCESS_RULES PLAIN(ACCESS_RULES)
#define ACL_RULES PLAIN(ACL_RULES)
#define SHAPER PLAIN(SHAPER)
#define SHAPER_RULE PLAIN(SHAPER_RULE)
#define VCARD OPTIONS(catalogue_vcard_fields)
#define LISTEN_LIST PLAIN(LISTEN)

/* The name of a host or, with @HOST@ for it, of a service. */
#define HOST PLAIN(HOST)
#define HOSTS LIST(HOST)

#define ENDLESS "infinity infinite unlimited"
#define INTEGER(from, to) \
	SHAPE(.kind = TYPE_INTEGER, .least = (from), .most = (to))
#define WHOLE INTEGER(INT64_MIN, INT64_MAX)
#define NATURAL INTEGER(0, INT64_MAX)
#define POSITIVE INTEGER(1, INT64_MAX)
#define PORT INTEGER(1, 65535)
#define POSITIVE_OR_INFINITY                                       \
	SHAPE(.kind = TYPE_INTEGER, .least = 1, .most = INT64_MAX, \
	    .values = ENDLESS)
#define POSITIVE_OR_UNLIMITED POSITIVE_OR_INFINITY
#define NATURAL_OR_INFINITY \
	SHAPE(.kind = TYPE_INTEGER, .most = INT64_MAX, .values = ENDLESS)
#define NATURAL_OR_UNLIMITED NATURAL_OR_INFINITY
#define SHAPER_LIMIT                                               \
	SHAPE(.kind = TYPE_INTEGER, .least = 1, .most = INT64_MAX, \
	    .values = ENDLESS " none@-1905")

/* Timeouts: a number is one of seconds. */
#define SECONDS SHAPE(.kind = TYPE_TIMEOUT, .least = 1000)
#define SECONDS_OR_ZERO \
	SHAPE(.kind = TYPE_TIMEOUT, .least = 1000, .values = "0")
/* Zero up to the release that wants a time. */
#define SECONDS_OR_OLD_ZERO \
	SHAPE(.kind = TYPE_TIMEOUT, .least = 1000, .values = "0@-1905")
#define SECONDS_OR_INFINITY \
	SHAPE(.kind = TYPE_TIMEOUT, .least = 1000, .values = ENDLESS)

/* Words, each with the releases that have it where not all do:
 * "word@1604" from that one on, "word@-1905" up to that one. */
#define CHOICE(words) SHAPE(.kind = TYPE_CHOICE, .values = words)
/* Where a module keeps its data; the old names are still understood. */
#define DB(words) CHOICE(words " internal odbc")
#define BALANCING \
	CHOICE("random source destination bare_source bare_destination")
#define OLD_BALANCING                                         \
	CHOICE("random@-1905 source@-1905 destination@-1905 " \
	       "bare_source@-1905 bare_destination@-1905")
/* All but the first two were dropped, with a warning. */
#define PUBSUB_PLUGIN                                                          \
	CHOICE(                                                                \
	    "flat pep buddy club dag dispatch hometree mb mix online private " \
	    "public flat_odbc@-1603 hometree_odbc@-1603 pep_odbc@-1603 "       \
	    "flat_sql@-1803 hometree_sql@-1803 pep_sql@-1803")
#define URLS(schemes) SHAPE(.kind = TYPE_URL, .values = schemes)
#define URL URLS("http https")

#define LIST(type) SHAPE(.kind = TYPE_LIST_OF, .item = type)
#define FILLED_LIST(type) SHAPE(.kind = TYPE_LIST_OF, .least = 1, .item = type)
#define ONE_OR_LIST(type) SHAPE(.kind = TYPE_ONE_OR_LIST, .item = type)
#define MAP(of, to) SHAPE(.kind = TYPE_MAP, .key = of, .item = to)
#define FILLED_MAP(of, to) \
	SHAPE(.kind = TYPE_MAP, .least = 1, .key = of, .item = to)
#define EITHER(one, two) SHAPE(.kind = TYPE_EITHER, .item = one, .other = two)
#define OPTIONS(list) SHAPE(.kind = TYPE_OPTIONS, .fields = list)

/* Rows of many modules; from is the release of YAML that had them first. */
#define MODULE_ROW(label, shape, from, standard, text)                   \
	{                                                                \
		label, SCOPE_MODULE, .fallback = standard, .help = text, \
				     .yaml = shape, .first = from        \
	}
#define USE_CACHE(from)                                                   \
	MODULE_ROW("use_cache", BOOL, from, "use_cache of the top level", \
	    "Whether answers of the database are remembered.")
#define CACHE_SIZE(from)                                     \
	MODULE_ROW("cache_size", POSITIVE_OR_INFINITY, from, \
	    "cache_size of the top level",                   \
	    "How many answers of the database are remembered.")
#define CACHE_MISSED(from)                                               \
	MODULE_ROW("cache_missed", BOOL, from,                           \
	    "cache_missed of the top level",                             \
	    "Whether it is remembered too that something is not in the " \
	    "database.")
#define CACHE_LIFE_TIME(from)                                    \
	MODULE_ROW("cache_life_time", SECONDS_OR_INFINITY, from, \
	    "cache_life_time of the top level",                  \
	    "How long an answer of the database is remembered.")

#define IQDISC_HELP "How old ejabberd queued requests; it has no meaning here."
/* In Erlang terms only; in both; in YAML only. */
#define IQDISC_OLD                                                          \
	{                                                                   \
		"iqdisc", SCOPE_MODULE, TYPE_IQDISC,                        \
		    "no_queue one_queue parallel", .fallback = "one_queue", \
						   .help = IQDISC_HELP,     \
						   .end = END_IGNORED       \
	}
#define IQDISC                                                                 \
	{                                                                      \
		"iqdisc", SCOPE_MODULE, TYPE_IQDISC,                           \
		    "no_queue one_queue parallel",                             \
		    .fallback = "one_queue", .help = IQDISC_HELP, .yaml = ANY, \
		    .first = 1506, .last = 1801, .end = END_IGNORED            \
	}
#define IQDISC_SINCE(from)                                                     \
	{                                                                      \
		"iqdisc", SCOPE_MODULE,                                        \
		    .fallback = "one_queue", .help = IQDISC_HELP, .yaml = ANY, \
		    .first = from, .last = 1801, .end = END_IGNORED            \
	}

/* How a module reaches its LDAP servers. */
#define LDAP_ROW(label, kind, accepted, from21, text, shape)                \
	{                                                                   \
		label, SCOPE_MODULE, kind, accepted,                        \
		    .fallback = label " of the top level", .since = from21, \
		    .help = text, .yaml = shape, .first = 1506              \
	}
#define LDAP_ROWS                                                              \
	LDAP_ROW("ldap_servers", TYPE_STRINGS, NULL, NULL,                     \
	    "The LDAP servers asked.", LIST(DOMAIN)),                          \
	    LDAP_ROW("ldap_backups", TYPE_STRINGS, NULL, NULL,                 \
		"LDAP servers asked when the others do not answer.",           \
		LIST(DOMAIN)),                                                 \
	    LDAP_ROW("ldap_encrypt", TYPE_CHOICE, "none tls starttls", NULL,   \
		"Whether connections to LDAP servers use TLS.",                \
		CHOICE("tls starttls none")),                                  \
	    LDAP_ROW("ldap_tls_verify", TYPE_CHOICE, "false soft hard", NULL,  \
		"Whether the LDAP server's certificate is verified.",          \
		CHOICE("hard soft false")),                                    \
	    LDAP_ROW("ldap_tls_cacertfile", TYPE_PATH, NULL, "2.1.9",          \
		"The file of authorities that LDAP certificates are verified " \
		"by.",                                                         \
		CERTFILE),                                                     \
	    LDAP_ROW("ldap_tls_certfile", TYPE_NONE, NULL, NULL,               \
		"The certificate and key shown to LDAP servers.", CERTFILE),   \
	    LDAP_ROW("ldap_tls_depth", TYPE_NONNEG, NULL, "2.1.9",             \
		"How long a certificate chain of an LDAP server may be.",      \
		NATURAL),                                                      \
	    LDAP_ROW("ldap_port", TYPE_INTEGER, NULL, NULL,                    \
		"The port of the LDAP servers.", PORT),                        \
	    LDAP_ROW("ldap_base", TYPE_STRING, NULL, NULL,                     \
		"Below which entry of the LDAP tree accounts are looked for.", \
		STRING),                                                       \
	    LDAP_ROW("ldap_rootdn", TYPE_STRING, NULL, NULL,                   \
		"The name to bind to the LDAP server with.", STRING),          \
	    LDAP_ROW("ldap_password", TYPE_SECRET, NULL, NULL,                 \
		"The password to bind to the LDAP server with.", SECRET),      \
	    LDAP_ROW("ldap_filter", TYPE_STRING, NULL, NULL,                   \
		"A further LDAP filter that accounts must pass.",              \
		LDAP_FILTER),                                                  \
	    LDAP_ROW("ldap_deref_aliases", TYPE_NONE, NULL, NULL,              \
		"Whether aliases in the LDAP tree are followed.",              \
		CHOICE("never searching finding always"))

#endif
