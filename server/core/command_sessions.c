/*
 * Commands on sessions. Every shard is asked by a parcel for its part, which
 * comes back by the same parcel.
 */
#include "server/core/command_private.h"

#include <stdlib.h>

#include "cfgparse/base/mem.h"
#include "server/core/node.h"
#include "server/core/session.h"
#include "server/core/shard.h"

/* What the call gathers on its own shard. */
struct tally {
	unsigned waiting; /* shards that have not answered */
	size_t count;
	struct buf cells;
	void (*on_all)(struct command_call *call, struct tally *tally);
};

/* A question to one shard, then its answer. */
struct ask {
	struct parcel parcel; /* must stay first */
	struct command_call *call;
	unsigned origin;
	char *bare; /* sessions of this account only, or NULL: all */
	bool names; /* not only their number */
	size_t count;
	struct buf cells;
};

static void
discard_ask(struct parcel *parcel)
{
	struct ask *ask = (struct ask *)parcel;

	buf_fini(&ask->cells);
	free(ask->bare);
	free(ask);
}

static void
on_session(void *arg, struct jid full, const char *peer)
{
	struct ask *ask = arg;
	struct str text = jid_full(full);

	(void)peer;
	if (ask->bare) {
		if (!str_is(jid_bare(full), ask->bare))
			return;
		text = jid_resource(full);
	}
	ask->count++;
	buf_add(&ask->cells, text);
	buf_putc(&ask->cells, '\0');
}

static void
deliver_answer(struct shard *shard, struct parcel *parcel)
{
	struct ask *ask = (struct ask *)parcel;
	struct command_call *call = ask->call;
	struct tally *tally = call->state;

	(void)shard;
	tally->count += ask->count;
	buf_add(&tally->cells, buf_str(&ask->cells));
	discard_ask(parcel);
	if (--tally->waiting > 0)
		return;
	call->state = NULL;
	tally->on_all(call, tally);
	buf_fini(&tally->cells);
	free(tally);
	command_done(call, COMMAND_OK, NULL);
}

static void
deliver_ask(struct shard *shard, struct parcel *parcel)
{
	struct ask *ask = (struct ask *)parcel;

	if (ask->names)
		sessions_each(shard, on_session, ask);
	else
		ask->count = sessions_count(shard, STR(""));
	parcel->weight = sizeof(*ask) + ask->cells.len;
	parcel->deliver = deliver_answer;
	shard_post(shard, ask->origin, parcel);
}

static void
post_ask(struct command_call *call, unsigned to, const char *bare, bool names)
{
	struct ask *ask = mem_alloc(1, sizeof(*ask));

	ask->parcel.deliver = deliver_ask;
	ask->parcel.discard = discard_ask;
	ask->parcel.weight = sizeof(*ask);
	ask->call = call;
	ask->origin = shard_index(call->shard);
	ask->bare = mem_strdup(bare);
	ask->names = names;
	shard_post(call->shard, to, &ask->parcel);
}

static void
ask_all(struct command_call *call, bool names,
    void (*on_all)(struct command_call *call, struct tally *tally))
{
	unsigned count = node_shard_count(shard_node(call->shard));
	struct tally *tally = mem_alloc(1, sizeof(*tally));

	tally->waiting = count;
	tally->on_all = on_all;
	call->state = tally;
	for (unsigned i = 0; i < count; i++)
		post_ask(call, i, NULL, names);
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void
list_names(struct command_call *call, struct tally *tally)
{
	const char **names = mem_alloc(tally->count + 1, sizeof(*names));
	const char *at = buf_text(&tally->cells);

	for (size_t i = 0; i < tally->count; i++) {
		names[i] = at;
		at += strlen(at) + 1;
	}
	qsort(names, tally->count, sizeof(*names), compare_names);
	for (size_t i = 0; i < tally->count; i++)
		command_cell(call, str_of(names[i]));
	free(names);
}

static void
print_count(struct command_call *call, struct tally *tally)
{
	buf_printf(&call->text, "%zu", tally->count);
}

void
command_connected_users(struct command_call *call)
{
	ask_all(call, true, list_names);
}

void
command_connected_users_number(struct command_call *call)
{
	ask_all(call, false, print_count);
}

/* Only the account's home has its sessions. */
void
command_user_resources(struct command_call *call)
{
	struct arena arena = { 0 };
	struct buf why = { 0 };
	struct tally *tally;
	struct jid jid;

	if (command_jid(
		call, &arena, call->args[0], call->args[1], &jid, &why)) {
		struct str bare = jid_bare(jid);
		const char *text = arena_memdup(&arena, bare.ptr, bare.len);

		tally = mem_alloc(1, sizeof(*tally));
		tally->waiting = 1;
		tally->on_all = list_names;
		call->state = tally;
		post_ask(
		    call, node_home(shard_node(call->shard), bare), text, true);
	} else {
		command_refuse(call, &why);
	}
	arena_fini(&arena);
}
