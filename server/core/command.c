/*
 * The command registry: the table, and one call from its arguments to its
 * answer. Knows no transport and no command's own business.
 */
#include "server/core/command.h"
#include "server/core/command_private.h"

#include <ctype.h>
#include <stdlib.h>

#include "cfgparse/base/mem.h"
#include "cfgparse/base/terminal.h"
#include "server/base/log.h"
#include "server/core/node.h"
#include "server/core/shard.h"

enum { LOGGED_MAX = 200, NAME_MAX_SHOWN = 60 };

const struct command command_table[] = {
	{ .name = "connected_users",
	    .help = "list the full JIDs of all sessions",
	    .shape = COMMAND_LIST,
	    .columns = { "sessions" },
	    .tag = "session",
	    .run = command_connected_users },
	{ .name = "connected_users_number",
	    .help = "print the number of sessions",
	    .shape = COMMAND_VALUE,
	    .value = COMMAND_INTEGER,
	    .tag = "session",
	    .run = command_connected_users_number },
	{ .name = "help",
	    .help = "list the commands, or explain one",
	    .args = { { "command", COMMAND_STRING, false } },
	    .optional = 1,
	    .shape = COMMAND_TEXT,
	    .columns = { "name", "usage", "help" },
	    .tag = "server",
	    .run = command_help },
	{ .name = "register",
	    .help = "create an account",
	    .args = { { "user", COMMAND_STRING, false },
		{ "host", COMMAND_STRING, false },
		{ "password", COMMAND_STRING, true } },
	    .shape = COMMAND_TEXT,
	    .tag = "accounts",
	    .run = command_register },
	{ .name = "register_bulk",
	    .help = "create accounts, user,host,password a line",
	    .args = { { "file", COMMAND_CONTENT, true } },
	    .shape = COMMAND_TEXT,
	    .columns = { "line", "account", "reason" },
	    .tag = "accounts",
	    .run = command_register_bulk },
	{ .name = "registered_users",
	    .help = "list the user names of a host",
	    .args = { { "host", COMMAND_STRING, false } },
	    .shape = COMMAND_LIST,
	    .columns = { "username" },
	    .tag = "accounts",
	    .run = command_registered_users },
	{ .name = "registered_vhosts",
	    .help = "list the virtual hosts",
	    .shape = COMMAND_LIST,
	    .columns = { "vhost" },
	    .tag = "server",
	    .run = command_registered_vhosts },
	{ .name = "reload_certificates",
	    .help = "serve what the certificate files hold now",
	    .shape = COMMAND_TEXT,
	    .tag = "server",
	    .run = command_reload_certificates },
	{ .name = "status",
	    .help = "tell node name and version",
	    .shape = COMMAND_TEXT,
	    .tag = "server",
	    .run = command_status },
	{ .name = "stop",
	    .help = "stop the server",
	    .shape = COMMAND_CODE,
	    .tag = "server",
	    .run = command_stop },
	{ .name = "unregister",
	    .help = "delete an account and all it has stored",
	    .args = { { "user", COMMAND_STRING, false },
		{ "host", COMMAND_STRING, false } },
	    .shape = COMMAND_TEXT,
	    .tag = "accounts",
	    .run = command_unregister },
	{ .name = "user_resources",
	    .help = "list the resources of a user's sessions",
	    .args = { { "user", COMMAND_STRING, false },
		{ "host", COMMAND_STRING, false } },
	    .shape = COMMAND_LIST,
	    .columns = { "resource" },
	    .tag = "session",
	    .run = command_user_resources },
	{ 0 },
};

static bool
same_name(struct str name, const char *known)
{
	size_t i;

	for (i = 0; i < name.len; i++)
		if ((name.ptr[i] == '-' ? '_' : name.ptr[i]) != known[i] ||
		    !known[i])
			return false;
	return known[i] == '\0';
}

const struct command *
command_find(struct str name)
{
	for (const struct command *at = command_table; at->name; at++)
		if (same_name(name, at->name))
			return at;
	return NULL;
}

static unsigned
arg_count(const struct command *command)
{
	unsigned count = 0;

	while (count < COMMAND_ARGS_MAX && command->args[count].name)
		count++;
	return count;
}

void
command_usage(const struct command *command, struct buf *out)
{
	unsigned count = arg_count(command);

	buf_puts(out, command->name);
	for (unsigned i = 0; i < count; i++) {
		bool optional = i + command->optional >= count;

		buf_puts(out, optional ? " [" : " ");
		for (const char *c = command->args[i].name; *c; c++)
			buf_putc(out, (char)toupper((unsigned char)*c));
		if (optional)
			buf_putc(out, ']');
	}
}

/* --- one call --- */

/* A call with the memory of its arguments. */
struct run {
	struct command_call call; /* must stay first */
	struct buf storage;
};

static void
log_call(const struct command_call *call)
{
	const struct command_arg *args = call->command->args;
	struct buf line = { 0 };

	for (size_t i = 0; i < call->arg_count && line.len < LOGGED_MAX; i++) {
		struct str arg = call->args[i];

		buf_putc(&line, ' ');
		if (args[i].secret) {
			buf_puts(&line, "***");
			continue;
		}
		if (arg.len > LOGGED_MAX)
			arg.len = LOGGED_MAX;
		terminal_escape(&line, arg);
	}
	log_info("command: %s%s", call->command->name, buf_text(&line));
	buf_fini(&line);
}

static void
copy_args(struct run *run, const struct str *args, size_t count)
{
	size_t at = 0;

	for (size_t i = 0; i < count; i++)
		at += args[i].len + 1;
	buf_reserve(&run->storage, at);
	for (size_t i = 0; i < count; i++) {
		run->call.args[i].ptr = run->storage.data + run->storage.len;
		run->call.args[i].len = args[i].len;
		buf_add(&run->storage, args[i]);
		buf_putc(&run->storage, '\0');
	}
	run->call.arg_count = count;
}

static void
refuse_unknown(struct command_call *call, struct str name)
{
	struct buf text = { 0 };

	if (name.len > NAME_MAX_SHOWN)
		name.len = NAME_MAX_SHOWN;
	buf_puts(&text, "Error: command \"");
	terminal_escape(&text, name);
	buf_puts(&text, "\" not known.");
	command_done(call, COMMAND_USAGE, buf_text(&text));
	buf_fini(&text);
}

static void
refuse_count(struct command_call *call, size_t given, unsigned wanted)
{
	bool less = given > wanted;
	size_t by = less ? given - wanted : wanted - given;
	struct buf text = { 0 };

	buf_printf(&text,
	    "Error: the command %s requires %zu %s argument%s.\nusage: ",
	    call->command->name, by, less ? "less" : "more",
	    by == 1 ? "" : "s");
	command_usage(call->command, &text);
	command_done(call, COMMAND_USAGE, buf_text(&text));
	buf_fini(&text);
}

void
command_run(struct shard *shard, struct str name, const struct str *args,
    size_t count, void (*on_done)(void *arg, const struct command_call *call),
    void *arg)
{
	struct run *run = mem_alloc(1, sizeof(*run));
	struct command_call *call = &run->call;
	unsigned most;

	shard_assert_current(shard);
	call->shard = shard;
	call->on_done = on_done;
	call->arg = arg;
	call->command = command_find(name);
	if (!call->command) {
		refuse_unknown(call, name);
		return;
	}
	most = arg_count(call->command);
	if (count > most || count + call->command->optional < most) {
		refuse_count(call, count, most);
		return;
	}
	copy_args(run, args, count);
	log_call(call);
	call->command->run(call);
}

void
command_cell(struct command_call *call, struct str cell)
{
	buf_add(&call->cells, cell);
	buf_putc(&call->cells, '\0');
	call->cell_count++;
}

void
command_done(
    struct command_call *call, enum command_status status, const char *text)
{
	struct run *run = (struct run *)call;

	call->status = status;
	if (text)
		buf_puts(&call->text, text);
	call->on_done(call->arg, call);
	buf_fini(&call->text);
	buf_fini(&call->cells);
	buf_wipe(&run->storage);
	free(run);
}

/* --- what several commands need --- */

void
command_refuse(struct command_call *call, struct buf *why)
{
	buf_puts(&call->text, "Error: ");
	buf_add(&call->text, buf_str(why));
	buf_fini(why);
	command_done(call, COMMAND_ERROR, NULL);
}

const struct vhost *
command_host(struct command_call *call, struct str host, struct buf *why)
{
	struct node *node = shard_node(call->shard);
	struct arena arena = { 0 };
	const struct vhost *found = NULL;
	const struct vhost *hosts;
	struct jid jid;
	size_t count;

	if (jid_make(&arena, STR(""), host, STR(""), &jid))
		found = node_host(node, jid_domain(jid));
	arena_fini(&arena);
	if (found)
		return found;
	if (host.len > JID_PART_MAX)
		host.len = JID_PART_MAX;
	buf_puts(why, "the host ");
	terminal_escape(why, host);
	buf_puts(why, " is not served here; the hosts are: ");
	hosts = node_hosts(node, &count);
	for (size_t i = 0; i < count; i++) {
		buf_puts(why, i ? ", " : "");
		buf_add(why, hosts[i].name);
	}
	return NULL;
}

bool
command_jid(struct command_call *call, struct arena *arena, struct str user,
    struct str host, struct jid *jid, struct buf *why)
{
	const struct vhost *found = command_host(call, host, why);

	if (!found)
		return false;
	if (user.len && jid_make(arena, user, found->name, STR(""), jid))
		return true;
	if (user.len > JID_PART_MAX)
		user.len = JID_PART_MAX;
	buf_putc(why, '"');
	terminal_escape(why, user);
	buf_puts(why, "\" can't be a user name: it is empty, too long or has "
		      "characters that user names can't have");
	return false;
}
