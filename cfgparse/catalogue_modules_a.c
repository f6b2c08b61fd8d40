#include "cfgparse/catalogue_private.h"
/*
 * Modules and their options: mod_adhoc to mod_last_odbc.
 */

static const struct option mod_adhoc_options[] = {
	{ "iqdisc", SCOPE_MODULE, TYPE_IQDISC, "no_queue one_queue parallel",
	    "one_queue", NULL, "ignored", false,
	    "How old ejabberd queued requests; it has no meaning here." },
	{ "report_commands_node", SCOPE_MODULE, TYPE_BOOL, NULL, "false", NULL,
	    NULL, false, "Whether discovery lists the commands." },
	{ 0 },
};

static const struct option mod_announce_options[] = {
	{ "access", SCOPE_MODULE, TYPE_ACCESS, NULL, "none", NULL, NULL, false,
	    "The access rule that decides who may use it." },
	{ "db_type", SCOPE_MODULE, TYPE_CHOICE, "mnesia odbc", "mnesia",
	    "2.1.12", NULL, false, "Where the module keeps its data." },
	{ 0 },
};

static const struct option mod_blocking_options[] = {
	{ "iqdisc", SCOPE_MODULE, TYPE_IQDISC, "no_queue one_queue parallel",
	    "one_queue", NULL, "ignored", false,
	    "How old ejabberd queued requests; it has no meaning here." },
	{ 0 },
};

static const struct option mod_caps_options[] = {
	{ "cache_size", SCOPE_MODULE, TYPE_POSITIVE, NULL, "1000", NULL, NULL,
	    false, "How many answers are remembered." },
	{ "cache_life_time", SCOPE_MODULE, TYPE_NONNEG, NULL, "86400", NULL,
	    NULL, false, "How long an answer is remembered." },
	{ 0 },
};

static const struct option mod_configure2_options[] = {
	{ "iqdisc", SCOPE_MODULE, TYPE_IQDISC, "no_queue one_queue parallel",
	    "one_queue", NULL, "module-removed", false,
	    "How old ejabberd queued requests; it has no meaning here." },
	{ 0 },
};

static const struct option mod_disco_options[] = {
	{ "iqdisc", SCOPE_MODULE, TYPE_IQDISC, "no_queue one_queue parallel",
	    "one_queue", NULL, "ignored", false,
	    "How old ejabberd queued requests; it has no meaning here." },
	{ "extra_domains", SCOPE_MODULE, TYPE_STRINGS, NULL, "[]", NULL, NULL,
	    false, "Further services that discovery lists." },
	{ "server_info", SCOPE_MODULE, TYPE_LIST, NULL, "[]", NULL, NULL, false,
	    "Contact addresses that discovery shows." },
	{ 0 },
};

static const struct option mod_echo_options[] = {
	{ "host", SCOPE_MODULE, TYPE_STRING, NULL, "\"echo.@HOST@\"", NULL,
	    "module-removed", false,
	    "The name that the service answers under; @HOST@ stands for the "
	    "host." },
	{ 0 },
};

static const struct option mod_http_bind_options[] = {
	{ "max_inactivity", SCOPE_MODULE, TYPE_NONNEG, NULL, "30", NULL, NULL,
	    false, "How long a session may be silent." },
	{ "max_pause", SCOPE_MODULE, TYPE_NONNEG, NULL, "120", NULL, NULL,
	    false, "How long a client may ask to pause." },
	{ 0 },
};

static const struct option mod_http_fileserver_options[] = {
	{ "docroot", SCOPE_MODULE, TYPE_PATH, NULL,
	    "required: module fails to start without it", NULL, NULL, false,
	    "The directory that is served." },
	{ "accesslog", SCOPE_MODULE, TYPE_PATH, NULL, "none", NULL, NULL, false,
	    "The file that requests are logged to." },
	{ "directory_indices", SCOPE_MODULE, TYPE_STRINGS, NULL, "[]", NULL,
	    NULL, false, "The files served for a directory." },
	{ "custom_headers", SCOPE_MODULE, TYPE_LIST, NULL, "[]", NULL, NULL,
	    false, "HTTP headers added to every answer." },
	{ "default_content_type", SCOPE_MODULE, TYPE_STRING, NULL,
	    "\"application/octet-stream\"", NULL, NULL, false,
	    "The type of files whose name tells none." },
	{ "content_types", SCOPE_MODULE, TYPE_LIST, NULL,
	    "built-in table of 12", NULL, NULL, false,
	    "The types of files by the end of their names." },
	{ 0 },
};

static const struct option mod_irc_options[] = {
	{ "host", SCOPE_MODULE, TYPE_STRING, NULL, "\"irc.@HOST@\"", NULL,
	    "module-removed", false,
	    "The name that the service answers under; @HOST@ stands for the "
	    "host." },
	{ "access", SCOPE_MODULE, TYPE_ACCESS, NULL, "all", NULL,
	    "module-removed", false,
	    "The access rule that decides who may use it." },
	{ "default_encoding", SCOPE_MODULE, TYPE_STRING, NULL, "\"iso8859-1\"",
	    NULL, "module-removed", false,
	    "The character set of channels that name none." },
	{ "db_type", SCOPE_MODULE, TYPE_CHOICE, "mnesia odbc", "mnesia",
	    "2.1.12", "module-removed", false,
	    "Where the module keeps its data." },
	{ 0 },
};

static const struct option mod_last_options[] = {
	{ "iqdisc", SCOPE_MODULE, TYPE_IQDISC, "no_queue one_queue parallel",
	    "one_queue", NULL, "ignored", false,
	    "How old ejabberd queued requests; it has no meaning here." },
	{ "db_type", SCOPE_MODULE, TYPE_CHOICE, "mnesia odbc", "mnesia",
	    "2.1.12", NULL, false, "Where the module keeps its data." },
	{ 0 },
};

static const struct option mod_last_odbc_options[] = {
	{ "iqdisc", SCOPE_MODULE, TYPE_IQDISC, "no_queue one_queue parallel",
	    "one_queue", NULL, "ignored", false,
	    "How old ejabberd queued requests; it has no meaning here." },
	{ 0 },
};

const struct service catalogue_modules_a[] = {
	{ "mod_adhoc", "Ad-hoc commands.", mod_adhoc_options, false, NULL, NULL,
	    false },
	{ "mod_announce", "Announcements.", mod_announce_options, false, NULL,
	    NULL, false },
	{ "mod_blocking", "XEP-0191.", mod_blocking_options, false, "2.1.7",
	    NULL, false },
	{ "mod_caps", "Entity capabilities.", mod_caps_options, false, NULL,
	    NULL, false },
	{ "mod_configure", "Server configuration by ad-hoc.", NULL, false, NULL,
	    NULL, false },
	{ "mod_configure2", "Old configuration namespace.",
	    mod_configure2_options, false, NULL, "removed", false },
	{ "mod_disco", "Service discovery.", mod_disco_options, true, NULL,
	    NULL, false },
	{ "mod_echo", "Echo service.", mod_echo_options, false, NULL, "removed",
	    false },
	{ "mod_http_bind",
	    "BOSH (needs listener option http_bind or a request handler).",
	    mod_http_bind_options, false, NULL, "replaced: mod_bosh", false },
	{ "mod_http_fileserver", "Static files.", mod_http_fileserver_options,
	    false, NULL, NULL, false },
	{ "mod_ip_blacklist", "Fetches a blacklist over HTTP.", NULL, false,
	    NULL, "removed", false },
	{ "mod_irc", "IRC transport.", mod_irc_options, false, NULL, "removed",
	    false },
	{ "mod_last", "Last activity.", mod_last_options, false, NULL, NULL,
	    false },
	{ "mod_last_odbc", "Last activity in SQL.", mod_last_odbc_options,
	    false, NULL, "replaced: mod_last", false },
	{ 0 },
};
