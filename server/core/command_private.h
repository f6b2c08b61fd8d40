#ifndef CORE_COMMAND_PRIVATE_H
#define CORE_COMMAND_PRIVATE_H
/* The commands themselves, for the table in command.c alone. */
#include "cfgparse/base/arena.h"
#include "server/core/command.h"
#include "server/xmpp/jid.h"

struct vhost;

/* command_server.c */
void command_status(struct command_call *call);
void command_stop(struct command_call *call);
void command_reload_certificates(struct command_call *call);
void command_help(struct command_call *call);
void command_registered_vhosts(struct command_call *call);

/* command_accounts.c */
void command_register(struct command_call *call);
void command_unregister(struct command_call *call);
void command_registered_users(struct command_call *call);

/* command_bulk.c */
void command_register_bulk(struct command_call *call);

/* command_sessions.c */
void command_connected_users(struct command_call *call);
void command_connected_users_number(struct command_call *call);
void command_user_resources(struct command_call *call);

/* Ends the call with "Error: WHY"; frees why's memory. */
void command_refuse(struct command_call *call, struct buf *why);
/* The host as prepared, or NULL with a sentence in *why that names the hosts
 * served. */
const struct vhost *command_host(
    struct command_call *call, struct str host, struct buf *why);
/* The account's address on a served host; false: *why says what is wrong. */
bool command_jid(struct command_call *call, struct arena *arena,
    struct str user, struct str host, struct jid *jid, struct buf *why);

#endif
