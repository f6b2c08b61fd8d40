#include "cfgparse/catalogue_private.h"
/*
 * Modules and their options: mod_stats to mod_version.
 */
#include "cfgparse/catalogue_shapes.h"

static const struct option mod_stats_options[] = {
	IQDISC,
	{ 0 },
};

static const struct option mod_stream_mgmt_options[] = {
	{ "ack_timeout", SCOPE_MODULE,
	    .help = "How long a client may take to acknowledge stanzas.",
	    .yaml = SECONDS_OR_INFINITY, .first = 1703,
	    .fallback = "1 minute" },
	CACHE_LIFE_TIME(1908),
	CACHE_SIZE(1812),
	{ "max_ack_queue", SCOPE_MODULE,
	    .help = "How many stanzas are kept for one client.",
	    .yaml = POSITIVE_OR_INFINITY, .first = 1703, .fallback = "5000" },
	{ "max_resume_timeout", SCOPE_MODULE,
	    .help = "The longest time that a client may ask for.",
	    .yaml = SECONDS_OR_ZERO, .first = 1703,
	    .fallback = "resume_timeout" },
	{ "queue_type", SCOPE_MODULE,
	    .help = "Whether long queues stay in memory or go to disk.",
	    .yaml = CHOICE("ram file"), .first = 1704,
	    .fallback = "queue_type" },
	{ "resend_on_timeout", SCOPE_MODULE,
	    .help =
		"Whether stanzas that were not acknowledged are sent again.",
	    .yaml = EITHER(CHOICE("if_offline"), BOOL), .first = 1703,
	    .fallback = "false" },
	{ "resume_timeout", SCOPE_MODULE,
	    .help = "How long a session can be resumed.",
	    .yaml = SECONDS_OR_ZERO, .first = 1703, .fallback = "5 minutes" },
	{ 0 },
};

static const struct type_field stun_service_fields[] = {
	{ "host", STRING, true },
	{ "port", PORT, false },
	{ "type", CHOICE("stun turn stuns turns"), false },
	{ "transport", CHOICE("tcp udp"), false },
	{ "restricted", BOOL, false },
	{ 0 },
};

static const struct option mod_stun_disco_options[] = {
	{ "access", SCOPE_MODULE,
	    .help = "The access rule that decides who is told.", .yaml = ACCESS,
	    .first = 2004, .fallback = "local" },
	{ "credentials_lifetime", SCOPE_MODULE,
	    .help = "How long the passwords are valid that are handed out.",
	    .yaml = SECONDS, .first = 2004, .fallback = "12 hours" },
	{ "offer_local_services", SCOPE_MODULE,
	    .help = "Whether services of this server are told.", .yaml = BOOL,
	    .first = 2004, .fallback = "true" },
	{ "secret", SCOPE_MODULE,
	    .help = "The secret that passwords are made from, in common with "
		    "the TURN service.",
	    .yaml = SECRET, .first = 2004, .fallback = "random" },
	{ "services", SCOPE_MODULE, .help = "The services that are told.",
	    .yaml = LIST(OPTIONS(stun_service_fields)), .first = 2004,
	    .fallback = "[]" },
	{ 0 },
};

static const struct option mod_time_options[] = {
	IQDISC,
	{ 0 },
};

static const struct option mod_vcard_options[] = {
	{ "allow_return_all", SCOPE_MODULE, TYPE_BOOL, .fallback = "false",
	    .help = "Whether an empty search finds everybody.", .yaml = BOOL,
	    .first = 1506 },
	{ "append_module_config", SCOPE_MODULE,
	    .help = "name and vcard for one of the service's names only.",
	    .yaml = MAP(DOMAIN, MAP(ANY, ANY)), .first = 2607,
	    .fallback = "{}" },
	CACHE_LIFE_TIME(1706),
	CACHE_MISSED(1706),
	CACHE_SIZE(1706),
	{ "db_type", SCOPE_MODULE, TYPE_CHOICE, "mnesia internal odbc",
	    .fallback = "mnesia", .since = "2.1.12",
	    .help = "Where the module keeps its data.",
	    .yaml = DB("mnesia sql ldap riak@-1905"), .first = 1506,
	    .yaml_fallback = "default_db" },
	{ "host", SCOPE_MODULE, TYPE_STRING, .fallback = "\"vjud.@HOST@\"",
	    .help =
		"The name that the service answers under; @HOST@ stands for "
		"the host.",
	    .yaml = HOST, .first = 1506, .yaml_fallback = "vjud.@HOST@" },
	{ "hosts", SCOPE_MODULE,
	    .help = "The names that the service answers under.", .yaml = HOSTS,
	    .first = 1708, .fallback = "[]" },
	IQDISC,
	{ "matches", SCOPE_MODULE, TYPE_POSITIVE, "infinity", .fallback = "30",
	    .help = "How many results a search gives.",
	    .yaml = POSITIVE_OR_INFINITY, .first = 1506 },
	{ "name", SCOPE_MODULE, .help = "The name shown in discovery.",
	    .yaml = STRING, .first = 1801, .fallback = "vCard User Search" },
	{ "search", SCOPE_MODULE, TYPE_BOOL,
	    .fallback = "true (false in later branches)",
	    .help = "Whether users can search vCards.", .yaml = BOOL,
	    .first = 1506, .yaml_fallback = "false" },
	{ "search_all_hosts", SCOPE_MODULE, TYPE_BOOL, .fallback = "true",
	    .help = "Whether a search looks at all hosts.", .yaml = BOOL,
	    .first = 1506 },
	USE_CACHE(1706),
	{ "vcard", SCOPE_MODULE, .help = "The vCard of the service.",
	    .yaml = VCARD, .first = 1908, .fallback = "none" },
	{ 0 },
};

static const struct option mod_vcard_ldap_options[] = {
	LDAP_ROWS,
	{ "deref_aliases", SCOPE_MODULE, TYPE_CHOICE,
	    "never always finding searching", .fallback = "never",
	    .since = "2.1.9",
	    .help = "Whether aliases in the LDAP tree are followed.",
	    .yaml = CHOICE("never searching finding always"), .first = 1506,
	    .last = 1801, .end = END_CONVERTED,
	    .instead = "ldap_deref_aliases" },
	{ "host", SCOPE_MODULE, TYPE_STRING, .fallback = "\"vjud.@HOST@\"",
	    .help =
		"The name that the service answers under; @HOST@ stands for "
		"the host.",
	    .yaml = HOST, .first = 1506, .last = 1609,
	    .yaml_fallback = "vjud.@HOST@" },
	{ "iqdisc", SCOPE_MODULE, TYPE_IQDISC, "no_queue one_queue parallel",
	    .fallback = "one_queue",
	    .help = "How old ejabberd queued requests; it has no meaning here.",
	    .yaml = ANY, .first = 1506, .last = 1609, .end = END_IGNORED },
	{ "ldap_search_fields", SCOPE_MODULE, TYPE_LIST, .fallback = "12 pairs",
	    .help = "The fields of the search form and their LDAP attributes.",
	    .yaml = MAP(STRING, STRING), .first = 1506,
	    .yaml_fallback = "twelve fields" },
	{ "ldap_search_reported", SCOPE_MODULE, TYPE_LIST,
	    .fallback = "11 pairs", .help = "The columns of search results.",
	    .yaml = MAP(STRING, STRING), .first = 1506,
	    .yaml_fallback = "eleven columns" },
	{ "ldap_uids", SCOPE_MODULE, TYPE_LIST, .fallback = "top level",
	    .help = "The LDAP attributes that hold a user's name, and how.",
	    .yaml = EITHER(LIST(STRING), MAP(STRING, STRING)), .first = 1506,
	    .yaml_fallback = "ldap_uids of the top level" },
	{ "ldap_vcard_map", SCOPE_MODULE, TYPE_LIST,
	    .fallback =
		"20 fields: NICKNAME FN LAST FIRST MIDDLE ORGNAME ORGUNIT "
		"CTRY LOCALITY STREET REGION PCODE TITLE URL DESC TEL EMAIL "
		"BDAY ROLE PHOTO",
	    .help = "How vCard fields are filled from LDAP attributes.",
	    .yaml = MAP(STRING, MAP(STRING, LIST(STRING))), .first = 1506,
	    .yaml_fallback = "twenty fields" },
	{ "matches", SCOPE_MODULE, TYPE_POSITIVE, "infinity", .fallback = "30",
	    .help = "How many results a search gives.",
	    .yaml = POSITIVE_OR_INFINITY, .first = 1506, .last = 1609 },
	{ "search", SCOPE_MODULE, TYPE_BOOL,
	    .fallback = "true (false in later branches)",
	    .help = "Whether users can search vCards.", .yaml = BOOL,
	    .first = 1506, .last = 1609, .yaml_fallback = "true" },
	{ 0 },
};

static const struct option mod_vcard_odbc_options[] = {
	{ "allow_return_all", SCOPE_MODULE, TYPE_BOOL, .fallback = "false",
	    .help = "Whether an empty search finds everybody." },
	{ "host", SCOPE_MODULE, TYPE_STRING, .fallback = "\"vjud.@HOST@\"",
	    .help =
		"The name that the service answers under; @HOST@ stands for "
		"the host." },
	IQDISC_OLD,
	{ "matches", SCOPE_MODULE, TYPE_POSITIVE, "infinity", .fallback = "30",
	    .help = "How many results a search gives." },
	{ "search", SCOPE_MODULE, TYPE_BOOL,
	    .fallback = "true (false in later branches)",
	    .help = "Whether users can search vCards." },
	{ 0 },
};

static const struct option mod_vcard_xupdate_options[] = {
	CACHE_LIFE_TIME(1706),
	CACHE_MISSED(1706),
	CACHE_SIZE(1706),
	{ "db_type", SCOPE_MODULE, TYPE_CHOICE, "mnesia internal odbc",
	    .fallback = "mnesia", .since = "2.1.12",
	    .help = "Where the module keeps its data.",
	    .yaml = DB("mnesia sql riak@-1905"), .first = 1506, .last = 1704,
	    .yaml_fallback = "default_db" },
	USE_CACHE(1706),
	{ 0 },
};

static const struct option mod_version_options[] = {
	IQDISC,
	{ "show_os", SCOPE_MODULE, TYPE_BOOL, .fallback = "true", .acts = true,
	    .help = "Whether the operating system is told.", .yaml = BOOL,
	    .first = 1506 },
	{ 0 },
};

const struct service catalogue_modules_s[] = {
	{ "mod_stats", "Statistics.", .options = mod_stats_options,
	    .terms = true, .first = 1506 },
	{ "mod_stream_mgmt",
	    "Acknowledges stanzas and lets clients resume a session.",
	    .options = mod_stream_mgmt_options, .first = 1703 },
	{ "mod_stun_disco", "Tells clients of STUN and TURN services.",
	    .options = mod_stun_disco_options, .first = 2004 },
	{ "mod_time", "Entity time.", .options = mod_time_options,
	    .terms = true, .first = 1506 },
	{ "mod_vcard", "VCards and search.", .options = mod_vcard_options,
	    .more = mod_vcard_ldap_options, .terms = true, .first = 1506 },
	{ "mod_vcard_ldap", "VCards from LDAP.",
	    .options = mod_vcard_ldap_options, .terms = true, .first = 1506,
	    .last = 1609, .end = END_CONVERTED,
	    .instead = "mod_vcard with db_type: ldap" },
	{ "mod_vcard_odbc", "mod_vcard in SQL.",
	    .options = mod_vcard_odbc_options, .terms = true,
	    .end = END_CONVERTED, .instead = "mod_vcard with db_type: sql" },
	{ "mod_vcard_xupdate", "Avatar hash in presence.",
	    .options = mod_vcard_xupdate_options, .terms = true,
	    .first = 1506 },
	{ "mod_vcard_xupdate_odbc", "The SQL form of mod_vcard_xupdate.",
	    .terms = true, .end = END_CONVERTED,
	    .instead = "mod_vcard_xupdate" },
	{ "mod_version", "Software version.", .options = mod_version_options,
	    .acts = true, .terms = true, .first = 1506 },
	{ 0 },
};
