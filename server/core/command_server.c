/*
 * Commands on the server as a whole: status, stop, certificates, its hosts, and
 * help.
 */
#include "server/core/command_private.h"

#include <stdlib.h>

#include "cfgparse/base/mem.h"
#include "server/core/node.h"
#include "server/core/shard.h"

enum { USAGE_WIDTH = 36 };

void
command_status(struct command_call *call)
{
	buf_printf(&call->text,
	    "The node %s is started with status: started\n"
	    "xmppd %s is running in that node",
	    node_name(shard_node(call->shard)), XMPPD_VERSION);
	command_done(call, COMMAND_OK, NULL);
}

static void
discard_stop(struct parcel *parcel)
{
	free(parcel);
}

static void
deliver_stop(struct shard *shard, struct parcel *parcel)
{
	free(parcel);
	node_stop(shard_node(shard));
}

void
command_stop(struct command_call *call)
{
	struct parcel *stop = mem_alloc(1, sizeof(*stop));
	struct shard *shard = call->shard;

	stop->deliver = deliver_stop;
	stop->discard = discard_stop;
	/* The answer leaves before stopping begins. */
	command_done(call, COMMAND_OK, NULL);
	shard_post(shard, 0, stop);
}

static void
on_reloaded(void *arg, bool done, struct str said)
{
	struct command_call *call = arg;

	buf_clear(&call->text);
	buf_add(&call->text, said);
	command_done(call, done ? COMMAND_OK : COMMAND_ERROR, NULL);
}

void
command_reload_certificates(struct command_call *call)
{
	node_reload(shard_node(call->shard), on_reloaded, call);
}

void
command_registered_vhosts(struct command_call *call)
{
	size_t count;
	const struct vhost *hosts = node_hosts(shard_node(call->shard), &count);

	for (size_t i = 0; i < count; i++)
		command_cell(call, hosts[i].name);
	command_done(call, COMMAND_OK, NULL);
}

/* --- help --- */

static void
describe(struct command_call *call, const struct command *command)
{
	struct buf usage = { 0 };

	command_usage(command, &usage);
	buf_printf(&call->text, "  %-*s %s\n", USAGE_WIDTH, buf_text(&usage),
	    command->help);
	command_cell(call, str_of(command->name));
	command_cell(call, buf_str(&usage));
	command_cell(call, str_of(command->help));
	buf_fini(&usage);
}

void
command_help(struct command_call *call)
{
	const struct command *command;

	if (call->arg_count == 0) {
		for (command = command_table; command->name; command++)
			describe(call, command);
		command_done(call, COMMAND_OK, NULL);
		return;
	}
	command = command_find(call->args[0]);
	if (!command) {
		command_done(call, COMMAND_ERROR,
		    "Error: there is no such command; help without an "
		    "argument lists them.");
		return;
	}
	describe(call, command);
	command_done(call, COMMAND_OK, NULL);
}
