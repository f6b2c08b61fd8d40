/*
 * Commands on single accounts. Passwords go to account.h and nowhere else.
 */
#include "server/core/command_private.h"

#include <stdlib.h>

#include "cfgparse/base/mem.h"
#include "server/core/account.h"
#include "server/core/node.h"
#include "server/core/shard.h"

enum { PAGE = 500 };

/* A call that waits for its account. */
struct wait {
	struct arena arena;
	struct jid jid;
};

/* The waiting call's address, or NULL: then the call is answered. */
static struct wait *
wait_begin(struct command_call *call)
{
	struct wait *wait = mem_alloc(1, sizeof(*wait));
	struct buf why = { 0 };

	if (command_jid(call, &wait->arena, call->args[0], call->args[1],
		&wait->jid, &why)) {
		call->state = wait;
		return wait;
	}
	arena_fini(&wait->arena);
	free(wait);
	command_refuse(call, &why);
	return NULL;
}

static void
wait_end(struct command_call *call, enum command_status status)
{
	struct wait *wait = call->state;

	call->state = NULL;
	arena_fini(&wait->arena);
	free(wait);
	command_done(call, status, NULL);
}

static void
on_registered(void *arg, enum account_result result)
{
	struct command_call *call = arg;
	struct str jid = jid_full(((struct wait *)call->state)->jid);
	const char *node = node_name(shard_node(call->shard));

	if (result == ACCOUNT_OK)
		buf_printf(&call->text, "User %.*s successfully registered",
		    STR_ARG(jid));
	else if (result == ACCOUNT_EXISTS)
		buf_printf(&call->text,
		    "User %.*s already registered at node %s", STR_ARG(jid),
		    node);
	else
		buf_printf(&call->text,
		    "Can't register user %.*s at node %s: %s", STR_ARG(jid),
		    node, account_result_text(result));
	wait_end(call, result == ACCOUNT_OK ? COMMAND_OK : COMMAND_ERROR);
}

void
command_register(struct command_call *call)
{
	struct wait *wait = wait_begin(call);

	if (wait)
		account_register(
		    call->shard, wait->jid, call->args[2], on_registered, call);
}

/* As ejabberdctl's, it succeeds where there was no account; but says so. */
static void
on_unregistered(void *arg, enum account_result result)
{
	struct command_call *call = arg;
	struct str jid = jid_full(((struct wait *)call->state)->jid);
	bool fine = result == ACCOUNT_OK || result == ACCOUNT_NOT_FOUND;

	if (result == ACCOUNT_NOT_FOUND)
		buf_printf(&call->text, "There was no user %.*s", STR_ARG(jid));
	else if (!fine)
		buf_printf(&call->text, "Can't unregister user %.*s: %s",
		    STR_ARG(jid), account_result_text(result));
	wait_end(call, fine ? COMMAND_OK : COMMAND_ERROR);
}

void
command_unregister(struct command_call *call)
{
	struct wait *wait = wait_begin(call);

	if (wait)
		account_remove(call->shard, wait->jid, on_unregistered, call);
}

/* --- listing --- */

/* The host's name is the node's own and lives as long. */
struct listing {
	struct str host;
};

static void
add_user(struct command_call *call, struct str bare)
{
	const char *at = memchr(bare.ptr, '@', bare.len);

	if (at)
		command_cell(
		    call, (struct str){ bare.ptr, (size_t)(at - bare.ptr) });
}

static void
on_page(
    void *arg, enum account_result result, const struct str *jids, size_t count)
{
	struct command_call *call = arg;
	struct listing *listing = call->state;

	for (size_t i = 0; result == ACCOUNT_OK && i < count; i++)
		add_user(call, jids[i]);
	if (result == ACCOUNT_OK && count == PAGE) {
		account_list(call->shard, listing->host, jids[count - 1], PAGE,
		    on_page, call);
		return;
	}
	free(listing);
	call->state = NULL;
	if (result == ACCOUNT_OK)
		command_done(call, COMMAND_OK, NULL);
	else
		command_done(call, COMMAND_ERROR, account_result_text(result));
}

void
command_registered_users(struct command_call *call)
{
	struct buf why = { 0 };
	const struct vhost *host = command_host(call, call->args[0], &why);
	struct listing *listing;

	if (!host) {
		command_refuse(call, &why);
		return;
	}
	listing = mem_alloc(1, sizeof(*listing));
	listing->host = host->name;
	call->state = listing;
	account_list(call->shard, host->name, STR(""), PAGE, on_page, call);
}
