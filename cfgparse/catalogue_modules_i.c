#include "cfgparse/catalogue_private.h"
/*
 * Modules and their options: mod_invites to mod_metrics.
 */
#include "cfgparse/catalogue_shapes.h"

static const struct option mod_invites_options[] = {
	{ "access_create_account", SCOPE_MODULE,
	    .help = "The access rule that decides whose invitations make "
		    "accounts.",
	    .yaml = ACCESS, .first = 2601, .fallback = "none" },
	{ "db_type", SCOPE_MODULE, .help = "Where the module keeps its data.",
	    .yaml = DB("mnesia sql"), .first = 2601, .fallback = "default_db" },
	{ "landing_page", SCOPE_MODULE,
	    .help = "The page that an invitation leads to.",
	    .yaml = EITHER(CHOICE("none auto"), STRING), .first = 2601,
	    .fallback = "none" },
	{ "max_invites", SCOPE_MODULE,
	    .help = "How many invitations a user may make.",
	    .yaml = POSITIVE_OR_INFINITY, .first = 2601,
	    .fallback = "infinity" },
	{ "site_name", SCOPE_MODULE,
	    .help = "The name of the server on the page.", .yaml = STRING,
	    .first = 2601, .fallback = "the host" },
	{ "templates_dir", SCOPE_MODULE,
	    .help = "The directory of the page's templates.", .yaml = PATH,
	    .first = 2601, .fallback = "ejabberd's own" },
	{ "token_expire_seconds", SCOPE_MODULE,
	    .help = "After how many seconds an invitation ends.",
	    .yaml = POSITIVE, .first = 2601, .fallback = "432000" },
	{ "webchat_url", SCOPE_MODULE,
	    .help = "The web client that the page offers.",
	    .yaml = EITHER(CHOICE("none auto"), URL), .first = 2603,
	    .fallback = "auto" },
	{ 0 },
};

static const struct option mod_irc_options[] = {
	{ "access", SCOPE_MODULE, TYPE_ACCESS, .fallback = "all",
	    .help = "The access rule that decides who may use it.",
	    .yaml = ACCESS, .first = 1506, .last = 1804 },
	{ "db_type", SCOPE_MODULE, TYPE_CHOICE, "mnesia internal odbc",
	    .fallback = "mnesia", .since = "2.1.12",
	    .help = "Where the module keeps its data.",
	    .yaml = DB("mnesia sql riak@-1905"), .first = 1506, .last = 1804,
	    .yaml_fallback = "default_db" },
	{ "default_encoding", SCOPE_MODULE, TYPE_STRING,
	    .fallback = "\"iso8859-1\"",
	    .help = "The character set of channels that name none.",
	    .yaml = STRING, .first = 1506, .last = 1804,
	    .yaml_fallback = "iso8859-15" },
	{ "host", SCOPE_MODULE, TYPE_STRING, .fallback = "\"irc.@HOST@\"",
	    .help =
		"The name that the service answers under; @HOST@ stands for "
		"the host.",
	    .yaml = HOST, .first = 1506, .last = 1804,
	    .yaml_fallback = "irc.@HOST@" },
	{ "hosts", SCOPE_MODULE,
	    .help = "The names that the service answers under.", .yaml = HOSTS,
	    .first = 1708, .last = 1804, .fallback = "[]" },
	{ "name", SCOPE_MODULE, .help = "The name shown in discovery.",
	    .yaml = STRING, .first = 1801, .last = 1804,
	    .fallback = "IRC Transport" },
	{ "realname", SCOPE_MODULE,
	    .help = "The real name that IRC servers are told.", .yaml = STRING,
	    .first = 1803, .last = 1804, .fallback = "WebIRC-User" },
	{ "webirc_password", SCOPE_MODULE,
	    .help = "The password for IRC servers that trust this one.",
	    .yaml = SECRET, .first = 1803, .last = 1804, .fallback = "\"\"" },
	{ 0 },
};

static const struct option mod_jidprep_options[] = {
	{ "access", SCOPE_MODULE,
	    .help = "The access rule that decides who may ask.", .yaml = ACCESS,
	    .first = 1909, .fallback = "local" },
	{ 0 },
};

static const struct option mod_last_options[] = {
	CACHE_LIFE_TIME(1706),
	CACHE_MISSED(1706),
	CACHE_SIZE(1706),
	{ "db_type", SCOPE_MODULE, TYPE_CHOICE, "mnesia internal odbc",
	    .fallback = "mnesia", .since = "2.1.12",
	    .help = "Where the module keeps its data.",
	    .yaml = DB("mnesia sql riak@-1905"), .first = 1506,
	    .yaml_fallback = "default_db" },
	IQDISC,
	USE_CACHE(1706),
	{ 0 },
};

static const struct option mod_last_odbc_options[] = {
	IQDISC_OLD,
	{ 0 },
};

static const struct option mod_mam_options[] = {
	{ "access_preferences", SCOPE_MODULE,
	    .help = "The access rule that decides who may change what is "
		    "archived.",
	    .yaml = ACCESS, .first = 1902, .fallback = "all" },
	{ "archive_muc_as_mucsub", SCOPE_MODULE,
	    .help =
		"Whether messages of rooms go to the archives of members as "
		"events.",
	    .yaml = BOOL, .first = 2510, .fallback = "false" },
	{ "assume_mam_usage", SCOPE_MODULE,
	    .help = "Whether messages that reached the archive only count as "
		    "delivered.",
	    .yaml = BOOL, .first = 1602, .fallback = "false" },
	CACHE_LIFE_TIME(1506),
	CACHE_MISSED(1706),
	CACHE_SIZE(1506),
	{ "clear_archive_on_room_destroy", SCOPE_MODULE,
	    .help = "Whether a room's archive goes with the room.",
	    .yaml = BOOL, .first = 1902, .fallback = "true" },
	{ "compress_xml", SCOPE_MODULE,
	    .help = "Whether messages are compressed in the database.",
	    .yaml = BOOL, .first = 1812, .fallback = "false" },
	{ "db_type", SCOPE_MODULE, .help = "Where the module keeps its data.",
	    .yaml = DB("mnesia sql"), .first = 1506, .fallback = "default_db" },
	{ "default", SCOPE_MODULE,
	    .help = "What is archived for users who did not choose.",
	    .yaml = CHOICE("always never roster"), .first = 1506,
	    .fallback = "never" },
	IQDISC,
	{ "request_activates_archiving", SCOPE_MODULE,
	    .help = "Whether archiving begins only when a client asks for the "
		    "archive.",
	    .yaml = BOOL, .first = 1602, .fallback = "false" },
	{ "store_body_only", SCOPE_MODULE,
	    .help = "Whether only messages with a text were archived.",
	    .yaml = BOOL, .first = 1506, .last = 1601, .fallback = "false" },
	USE_CACHE(1706),
	{ "user_mucsub_from_muc_archive", SCOPE_MODULE,
	    .help =
		"Whether messages of rooms are read from the room's archive "
		"instead of storing a copy for each user.",
	    .yaml = BOOL, .first = 1905, .fallback = "false" },
	{ 0 },
};

static const struct option mod_matrix_gw_options[] = {
	{ "host", SCOPE_MODULE,
	    .help =
		"The name that the gateway answers under; @HOST@ stands for "
		"the host.",
	    .yaml = HOST, .first = 2402, .fallback = "matrix.@HOST@" },
	{ "key", SCOPE_MODULE, .help = "The key that events are signed with.",
	    .yaml = SECRET, .first = 2402, .fallback = "none: required" },
	{ "key_name", SCOPE_MODULE, .help = "The name of the key.",
	    .yaml = STRING, .first = 2402, .fallback = "\"\"" },
	{ "leave_timeout", SCOPE_MODULE,
	    .help = "How many seconds after the last local user left the "
		    "gateway leaves a room.",
	    .yaml = NATURAL, .first = 2508, .fallback = "0" },
	{ "matrix_domain", SCOPE_MODULE,
	    .help = "The domain of local users in Matrix.", .yaml = STRING,
	    .first = 2402, .fallback = "the host" },
	{ "matrix_id_as_jid", SCOPE_MODULE,
	    .help = "Whether addresses are written with the domain of Matrix.",
	    .yaml = BOOL, .first = 2402, .fallback = "false" },
	{ "notary_servers", SCOPE_MODULE,
	    .help = "Servers that are asked for keys of other servers.",
	    .yaml = LIST(STRING), .first = 2508, .fallback = "[]" },
	{ "persist", SCOPE_MODULE, .help = "Whether rooms were kept.",
	    .yaml = ANY, .first = 2402, .last = 2407 },
	{ 0 },
};

static const struct option mod_metrics_options[] = {
	{ "ip", SCOPE_MODULE, .help = "The address that they are sent to.",
	    .yaml = IPV4, .first = 1706, .fallback = "127.0.0.1" },
	{ "port", SCOPE_MODULE, .help = "The port that they are sent to.",
	    .yaml = PORT, .first = 1706, .fallback = "11111" },
	{ 0 },
};

const struct service catalogue_modules_i[] = {
	{ "mod_invites", "Invitations to the server, as links.",
	    .options = mod_invites_options, .first = 2601 },
	{ "mod_invites_http", "A part of mod_invites, which brings it along.",
	    .first = 2601 },
	{ "mod_invites_http_erlylib",
	    "A part of mod_invites, which brings it along.", .first = 2601 },
	{ "mod_invites_register",
	    "A part of mod_invites, which brings it along.", .first = 2601 },
	{ "mod_ip_blacklist", "Fetches a blacklist over HTTP.", .terms = true,
	    .first = 1506, .last = 1701 },
	{ "mod_irc", "IRC transport.", .options = mod_irc_options,
	    .terms = true, .first = 1506, .last = 1804 },
	{ "mod_irc_connection", "A part of mod_irc, which brings it along.",
	    .first = 1506, .last = 1804 },
	{ "mod_irc_odbc", "The SQL form of mod_irc.", .terms = true },
	{ "mod_jidprep", "Tells clients the normal form of an address.",
	    .options = mod_jidprep_options, .first = 1909 },
	{ "mod_last", "Last activity.", .options = mod_last_options,
	    .terms = true, .first = 1506 },
	{ "mod_last_odbc", "Last activity in SQL.",
	    .options = mod_last_odbc_options, .terms = true,
	    .end = END_CONVERTED, .instead = "mod_last with db_type: sql" },
	{ "mod_legacy_auth", "The old way of logging in, before SASL.",
	    .first = 1703 },
	{ "mod_mam", "The archive of messages.", .options = mod_mam_options,
	    .foreign = true, .first = 1506 },
	{ "mod_matrix_gw", "A gateway to Matrix.",
	    .options = mod_matrix_gw_options, .first = 2402 },
	{ "mod_matrix_gw_s2s",
	    "A part of mod_matrix_gw, which brings it along.", .first = 2402 },
	{ "mod_metrics", "Sends counters of events to a program that listens.",
	    .options = mod_metrics_options, .first = 1510 },
	{ 0 },
};
