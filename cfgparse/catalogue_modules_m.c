#include "cfgparse/catalogue_private.h"
/*
 * Modules and their options: mod_muc to mod_pubsub_odbc.
 */

static const struct option mod_muc_options[] = {
	{ "host", SCOPE_MODULE, TYPE_STRING, NULL, "\"conference.@HOST@\"",
	    NULL, NULL, false,
	    "The name that the service answers under; @HOST@ stands for the "
	    "host." },
	{ "access", SCOPE_MODULE, TYPE_ACCESS, NULL, "all", NULL, NULL, false,
	    "The access rule that decides who may use it." },
	{ "access_create", SCOPE_MODULE, TYPE_ACCESS, NULL, "all", NULL, NULL,
	    false, "The access rule that decides who may make rooms." },
	{ "access_admin", SCOPE_MODULE, TYPE_ACCESS, NULL, "none", NULL, NULL,
	    false, "The access rule that decides who administers all rooms." },
	{ "access_persistent", SCOPE_MODULE, TYPE_ACCESS, NULL, "all", NULL,
	    NULL, false,
	    "The access rule that decides who may make a room persistent." },
	{ "history_size", SCOPE_MODULE, TYPE_NONNEG, NULL, "20", NULL, NULL,
	    false, "How many messages a room remembers." },
	{ "default_room_options", SCOPE_MODULE, TYPE_OPTIONS, NULL, "[]", NULL,
	    NULL, false, "What a new room is like." },
	{ "room_shaper", SCOPE_MODULE, TYPE_SHAPER, NULL, "none", NULL, NULL,
	    false, "The shaper of a room." },
	{ "max_room_id", SCOPE_MODULE, TYPE_POSITIVE, "infinite infinity",
	    "infinite", NULL, NULL, false, "The longest room address." },
	{ "max_room_name", SCOPE_MODULE, TYPE_POSITIVE, "infinite infinity",
	    "infinite", NULL, NULL, false, "The longest room title." },
	{ "max_room_desc", SCOPE_MODULE, TYPE_POSITIVE, "infinite infinity",
	    "infinite", NULL, NULL, false, "The longest room description." },
	{ "max_users", SCOPE_MODULE, TYPE_POSITIVE, NULL, "200", NULL, NULL,
	    false, "How many people a room can hold." },
	{ "max_users_admin_threshold", SCOPE_MODULE, TYPE_NONNEG, NULL, "5",
	    NULL, NULL, false, "How many places are kept for administrators." },
	{ "max_user_conferences", SCOPE_MODULE, TYPE_POSITIVE, NULL, "10", NULL,
	    NULL, false, "How many rooms one person may be in." },
	{ "min_message_interval", SCOPE_MODULE, TYPE_NUMBER, NULL, "0", NULL,
	    NULL, false, "The least time between two messages of one person." },
	{ "min_presence_interval", SCOPE_MODULE, TYPE_NUMBER, NULL, "0", NULL,
	    NULL, false,
	    "The least time between two presences of one person." },
	{ "user_message_shaper", SCOPE_MODULE, TYPE_SHAPER, NULL, "none", NULL,
	    NULL, false, "The shaper of one person's messages." },
	{ "user_presence_shaper", SCOPE_MODULE, TYPE_SHAPER, NULL, "none", NULL,
	    NULL, false, "The shaper of one person's presences." },
	{ "db_type", SCOPE_MODULE, TYPE_CHOICE, "mnesia odbc", "mnesia",
	    "2.1.12", NULL, false, "Where the module keeps its data." },
	{ 0 },
};

static const struct option mod_muc_log_options[] = {
	{ "access_log", SCOPE_MODULE, TYPE_ACCESS, NULL, "muc_admin", NULL,
	    NULL, false,
	    "The access rule that decides who may switch logging on." },
	{ "cssfile", SCOPE_MODULE, TYPE_STRING, "false", "false", NULL, NULL,
	    false, "The style sheet of the logs." },
	{ "dirname", SCOPE_MODULE, TYPE_CHOICE, "room_jid room_name",
	    "room_jid", NULL, NULL, false,
	    "Whether directories are named by the room's address or its "
	    "name." },
	{ "dirtype", SCOPE_MODULE, TYPE_CHOICE, "subdirs plain", "subdirs",
	    NULL, NULL, false,
	    "Whether logs are sorted into directories by date." },
	{ "file_format", SCOPE_MODULE, TYPE_CHOICE, "html plaintext", "html",
	    NULL, NULL, false, "The form of the logs." },
	{ "file_permissions", SCOPE_MODULE, TYPE_ANY, NULL, "{644, 33}",
	    "2.1.12", NULL, false, "Mode and group of the log files." },
	{ "outdir", SCOPE_MODULE, TYPE_PATH, NULL, "\"www/muc\"", NULL, NULL,
	    false, "The directory of the logs." },
	{ "spam_prevention", SCOPE_MODULE, TYPE_BOOL, NULL, "true", NULL, NULL,
	    false, "Whether links in logs are marked for search engines." },
	{ "timezone", SCOPE_MODULE, TYPE_CHOICE, "local universal", "local",
	    NULL, NULL, false, "The time zone of the logs." },
	{ "top_link", SCOPE_MODULE, TYPE_STRING_PAIR, NULL, "{\"/\", \"Home\"}",
	    NULL, NULL, false, "The link at the top of each page." },
	{ 0 },
};

static const struct option mod_offline_options[] = {
	{ "access_max_user_messages", SCOPE_MODULE, TYPE_ACCESS, NULL,
	    "max_user_offline_messages", NULL, NULL, false,
	    "The access rule whose result is how many offline messages are "
	    "kept." },
	{ "db_type", SCOPE_MODULE, TYPE_CHOICE, "mnesia odbc", "mnesia",
	    "2.1.12", NULL, false, "Where the module keeps its data." },
	{ 0 },
};

static const struct option mod_offline_odbc_options[] = {
	{ "access_max_user_messages", SCOPE_MODULE, TYPE_ACCESS, NULL,
	    "max_user_offline_messages", NULL, NULL, false,
	    "The access rule whose result is how many offline messages are "
	    "kept." },
	{ 0 },
};

static const struct option mod_ping_options[] = {
	{ "send_pings", SCOPE_MODULE, TYPE_BOOL, NULL, "false", NULL, NULL,
	    false, "Whether the server pings silent clients.", "false" },
	{ "ping_interval", SCOPE_MODULE, TYPE_NONNEG, NULL, "60", NULL, NULL,
	    false,
	    "How long a client may be silent before it is pinged, in "
	    "seconds." },
	{ "timeout_action", SCOPE_MODULE, TYPE_CHOICE, "none kill", "none",
	    NULL, NULL, false,
	    "What happens to a client that does not answer a ping.", "none" },
	{ "iqdisc", SCOPE_MODULE, TYPE_IQDISC, "no_queue one_queue parallel",
	    "one_queue (no_queue in 2.1.13)", NULL, "ignored", false,
	    "How old ejabberd queued requests; it has no meaning here." },
	{ 0 },
};

static const struct option mod_pres_counter_options[] = {
	{ "count", SCOPE_MODULE, TYPE_POSITIVE, NULL, "5", NULL, NULL, false,
	    "How many presences are accepted in one interval." },
	{ "interval", SCOPE_MODULE, TYPE_NONNEG, NULL, "60", NULL, NULL, false,
	    "The length of the interval." },
	{ 0 },
};

static const struct option mod_privacy_options[] = {
	{ "iqdisc", SCOPE_MODULE, TYPE_IQDISC, "no_queue one_queue parallel",
	    "one_queue", NULL, "ignored", false,
	    "How old ejabberd queued requests; it has no meaning here." },
	{ "db_type", SCOPE_MODULE, TYPE_CHOICE, "mnesia odbc", "mnesia",
	    "2.1.12", NULL, false, "Where the module keeps its data." },
	{ 0 },
};

static const struct option mod_privacy_odbc_options[] = {
	{ "iqdisc", SCOPE_MODULE, TYPE_IQDISC, "no_queue one_queue parallel",
	    "one_queue", NULL, "ignored", false,
	    "How old ejabberd queued requests; it has no meaning here." },
	{ 0 },
};

static const struct option mod_private_options[] = {
	{ "iqdisc", SCOPE_MODULE, TYPE_IQDISC, "no_queue one_queue parallel",
	    "one_queue", NULL, "ignored", false,
	    "How old ejabberd queued requests; it has no meaning here." },
	{ "db_type", SCOPE_MODULE, TYPE_CHOICE, "mnesia odbc", "mnesia",
	    "2.1.12", NULL, false, "Where the module keeps its data." },
	{ 0 },
};

static const struct option mod_private_odbc_options[] = {
	{ "iqdisc", SCOPE_MODULE, TYPE_IQDISC, "no_queue one_queue parallel",
	    "one_queue", NULL, "ignored", false,
	    "How old ejabberd queued requests; it has no meaning here." },
	{ 0 },
};

static const struct option mod_proxy65_options[] = {
	{ "host", SCOPE_MODULE, TYPE_STRING, NULL, "\"proxy.@HOST@\"", NULL,
	    NULL, false,
	    "The name that the service answers under; @HOST@ stands for the "
	    "host." },
	{ "name", SCOPE_MODULE, TYPE_STRING, NULL, "\"SOCKS5 Bytestreams\"",
	    NULL, NULL, false, "The name shown in discovery." },
	{ "ip", SCOPE_MODULE, TYPE_IP, NULL,
	    "address of the machine name, else 127.0.0.1", NULL, NULL, false,
	    "The address that is listened on where the port names none." },
	{ "hostname", SCOPE_MODULE, TYPE_ANY, NULL, "the ip", NULL, NULL, false,
	    "The address that clients are told." },
	{ "port", SCOPE_MODULE, TYPE_PORT, NULL, "7777", NULL, NULL, false,
	    "The port that is opened." },
	{ "auth_type", SCOPE_MODULE, TYPE_CHOICE, "anonymous plain",
	    "anonymous", NULL, NULL, false, "How clients prove who they are." },
	{ "access", SCOPE_MODULE, TYPE_ACCESS, NULL, "all", NULL, NULL, false,
	    "The access rule that decides who may use it." },
	{ "max_connections", SCOPE_MODULE, TYPE_POSITIVE, "infinity",
	    "infinity", NULL, NULL, false,
	    "How many transfers one user may have open." },
	{ "shaper", SCOPE_MODULE, TYPE_SHAPER, NULL, "none", NULL, NULL, false,
	    "The access rule that names the shaper of each user." },
	{ "recbuf", SCOPE_MODULE, TYPE_POSITIVE, NULL, "8192", NULL, NULL,
	    false, "The size of the receive buffer." },
	{ "sndbuf", SCOPE_MODULE, TYPE_POSITIVE, NULL, "8192", NULL, NULL,
	    false, "The size of the send buffer." },
	{ 0 },
};

static const struct option mod_pubsub_options[] = {
	{ "host", SCOPE_MODULE, TYPE_STRING, NULL, "\"pubsub.@HOST@\"", NULL,
	    NULL, false,
	    "The name that the service answers under; @HOST@ stands for the "
	    "host." },
	{ "access_createnode", SCOPE_MODULE, TYPE_ACCESS, NULL, "all", NULL,
	    NULL, false, "The access rule that decides who may make nodes." },
	{ "ignore_pep_from_offline", SCOPE_MODULE, TYPE_BOOL, NULL, "true",
	    NULL, NULL, false,
	    "Whether events of contacts who are not online are dropped." },
	{ "iqdisc", SCOPE_MODULE, TYPE_IQDISC, "no_queue one_queue parallel",
	    "one_queue", NULL, "ignored", false,
	    "How old ejabberd queued requests; it has no meaning here." },
	{ "last_item_cache", SCOPE_MODULE, TYPE_BOOL, NULL, "false", NULL, NULL,
	    false, "Whether the last item of each node is kept in memory." },
	{ "max_items_node", SCOPE_MODULE, TYPE_POSITIVE, NULL, "10", NULL, NULL,
	    false, "How many items a node keeps." },
	{ "nodetree", SCOPE_MODULE, TYPE_STRING, NULL, "\"tree\"", NULL, NULL,
	    false, "How nodes are arranged." },
	{ "plugins", SCOPE_MODULE, TYPE_STRINGS, NULL, "[\"flat\"]", NULL, NULL,
	    false, "The kinds of nodes on offer; the first is the default." },
	{ "pep_mapping", SCOPE_MODULE, TYPE_LIST, NULL, "[]", NULL, NULL, false,
	    "Which kind of node a namespace gets." },
	{ 0 },
};

static const struct option mod_pubsub_odbc_options[] = {
	{ "host", SCOPE_MODULE, TYPE_STRING, NULL, "\"pubsub.@HOST@\"", NULL,
	    NULL, false,
	    "The name that the service answers under; @HOST@ stands for the "
	    "host." },
	{ "access_createnode", SCOPE_MODULE, TYPE_ACCESS, NULL, "all", NULL,
	    NULL, false, "The access rule that decides who may make nodes." },
	{ "ignore_pep_from_offline", SCOPE_MODULE, TYPE_BOOL, NULL, "true",
	    NULL, NULL, false,
	    "Whether events of contacts who are not online are dropped." },
	{ "iqdisc", SCOPE_MODULE, TYPE_IQDISC, "no_queue one_queue parallel",
	    "one_queue", NULL, "ignored", false,
	    "How old ejabberd queued requests; it has no meaning here." },
	{ "last_item_cache", SCOPE_MODULE, TYPE_BOOL, NULL, "false", NULL, NULL,
	    false, "Whether the last item of each node is kept in memory." },
	{ "max_items_node", SCOPE_MODULE, TYPE_POSITIVE, NULL, "10", NULL, NULL,
	    false, "How many items a node keeps." },
	{ "nodetree", SCOPE_MODULE, TYPE_STRING, NULL, "\"tree_odbc\"", NULL,
	    NULL, false, "How nodes are arranged." },
	{ "plugins", SCOPE_MODULE, TYPE_STRINGS, NULL, "[\"flat_odbc\"]", NULL,
	    NULL, false,
	    "The kinds of nodes on offer; the first is the default." },
	{ "pep_mapping", SCOPE_MODULE, TYPE_LIST, NULL, "[]", NULL, NULL, false,
	    "Which kind of node a namespace gets." },
	{ 0 },
};

const struct service catalogue_modules_m[] = {
	{ "mod_muc", "Conference rooms.", mod_muc_options, false, NULL, NULL,
	    false },
	{ "mod_muc_log", "Room logs.", mod_muc_log_options, false, NULL, NULL,
	    false },
	{ "mod_offline", "Offline messages.", mod_offline_options, false, NULL,
	    NULL, false },
	{ "mod_offline_odbc", "Offline in SQL.", mod_offline_odbc_options,
	    false, NULL, "replaced: mod_offline", false },
	{ "mod_ping", "XMPP ping.", mod_ping_options, true, NULL, NULL, false },
	{ "mod_pres_counter", "Presence flood guard.", mod_pres_counter_options,
	    false, "2.1.7", NULL, false },
	{ "mod_privacy", "Privacy lists.", mod_privacy_options, false, NULL,
	    NULL, false },
	{ "mod_privacy_odbc", "In SQL.", mod_privacy_odbc_options, false, NULL,
	    "replaced: mod_privacy", false },
	{ "mod_private", "Private XML.", mod_private_options, false, NULL, NULL,
	    false },
	{ "mod_private_odbc", "In SQL.", mod_private_odbc_options, false, NULL,
	    "replaced: mod_private", false },
	{ "mod_proxy65", "SOCKS5 bytestreams.", mod_proxy65_options, false,
	    NULL, NULL, false },
	{ "mod_pubsub", "Publish-subscribe.", mod_pubsub_options, false, NULL,
	    NULL, false },
	{ "mod_pubsub_odbc", "In SQL.", mod_pubsub_odbc_options, false, NULL,
	    "replaced: mod_pubsub", false },
	{ 0 },
};
