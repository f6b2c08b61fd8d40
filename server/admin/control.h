#ifndef ADMIN_CONTROL_H
#define ADMIN_CONTROL_H
/*
 * The control socket: a Unix socket (0600) in the state directory through which
 * xmppctl runs commands of the registry. Lives on shard 0.
 */
#include <stdbool.h>

struct control;
struct shard;

/* Binds DIR/control (a stale one is replaced: the directory's lock tells that
 * nobody uses it). Call before the shard runs. NULL: *why (free it). */
struct control *control_open(struct shard *shard, const char *dir, char **why);
/* After node_run; removes the socket. */
void control_close(struct control **control);

#endif
