/*
 * Rosters (RFC 6121 section 2): get, set, remove and pushes, for the own
 * account alone. Subscriptions come with a later issue: every item says
 * "none". What an item is stands in roster_item.h.
 */
#include "server/core/module.h"

#include <stdatomic.h>
#include <stdio.h>

#include "cfgparse/base/buf.h"
#include "server/base/log.h"
#include "server/core/account.h"
#include "server/core/shard.h"
#include "server/modules/roster_item.h"
#include "server/store/store.h"

#define COLLECTION STR("roster")

enum {
	ITEMS_MAX = 10000,
	/* Of a roster's stored items and addresses together: the whole is
	 * sent as one stanza, which must stay below what a client may have
	 * unread. */
	ROSTER_BYTES_MAX = 384 * 1024,
};

/* A roster set under way, in its stanza's arena. */
struct setting {
	struct roster_wish wish;
	struct str stored; /* the item's new form */
};

static struct str
owner_of(const struct task *task)
{
	return jid_bare(task->stanza->from);
}

static void
fail(struct task *task, enum store_status status)
{
	if (status == STORE_NOT_FOUND)
		task_error(task, ERROR_ITEM_NOT_FOUND, "the account is gone");
	else if (status == STORE_BUSY)
		task_error(task, ERROR_RESOURCE_CONSTRAINT,
		    "the server is busy, try again later");
	else
		task_error(task, ERROR_INTERNAL_SERVER_ERROR,
		    status == STORE_UNCERTAIN
			? "the database can't tell whether it was done"
			: NULL);
	task_finish(&task);
}

/* --- get --- */

static void
show_stored(struct arena *arena, struct xml_node *query,
    const struct store_item *stored)
{
	struct roster_item item;

	if (!roster_item_read(arena, stored->value, &item)) {
		log_error("the stored roster item %.*s of %.*s is damaged",
		    STR_ARG(stored->key.item), STR_ARG(stored->key.owner));
		item = (struct roster_item){ 0 };
	}
	roster_item_show(arena, query, stored->key.item, "none", &item);
}

static void
on_got(void *arg, enum store_status status, const struct store_item *items,
    size_t count)
{
	struct task *task = arg;
	struct arena *arena = stanza_arena(task->stanza);
	struct xml_node *query;

	if (status != STORE_OK) {
		fail(task, status);
		return;
	}
	stanza_make_result(task->stanza);
	query =
	    xml_add(arena, task->stanza->tree->root, NS_ROSTER, STR("query"));
	for (size_t i = 0; i < count; i++)
		show_stored(arena, query, &items[i]);
	task_result(task);
	task_finish(&task);
}

static void
list_roster(struct task *task, store_on_list *on_list)
{
	struct store_query query = { .owner = owner_of(task),
		.collection = COLLECTION,
		.limit = ITEMS_MAX };

	store_list(shard_store(task->shard), &query, on_list, task);
}

static enum verdict
on_get(struct task *task)
{
	if (xml_first(task->stanza->payload)) {
		task_error(
		    task, ERROR_BAD_REQUEST, "a roster get has no items");
		return VERDICT_DONE;
	}
	/* Before reading: what changes from now on is pushed. */
	session_mark(task->shard, task->origin, SESSION_ROSTER);
	list_roster(task_wait(task), on_got);
	return VERDICT_WAIT;
}

/* --- set and remove --- */

static void
push(const struct task *task, const struct roster_wish *wish)
{
	static _Atomic unsigned long pushes;
	char id[32];
	struct stanza *stanza;
	struct arena *arena;
	struct xml_node *query;

	snprintf(id, sizeof(id), "push%lu", atomic_fetch_add(&pushes, 1));
	stanza = stanza_new(STANZA_IQ, TYPE_SET, (struct jid){ 0 },
	    (struct jid){ 0 }, str_of(id));
	arena = stanza_arena(stanza);
	query = xml_add(arena, stanza->tree->root, NS_ROSTER, STR("query"));
	roster_item_show(arena, query, jid_bare(wish->contact),
	    wish->remove ? "remove" : "none", &wish->item);
	sessions_send_marked(
	    task->shard, owner_of(task), SESSION_ROSTER, stanza);
	stanza_drop(&stanza);
}

static void
on_applied(void *arg, enum store_status status)
{
	struct task *task = arg;
	struct setting *setting = task->state;

	if (status != STORE_OK) {
		fail(task, status);
		return;
	}
	push(task, &setting->wish);
	task_result(task);
	task_finish(&task);
}

static struct store_key
key_of(const struct task *task)
{
	const struct setting *setting = task->state;

	return (struct store_key){ .owner = owner_of(task),
		.collection = COLLECTION,
		.item = jid_bare(setting->wish.contact) };
}

static void
apply(struct task *task)
{
	const struct setting *setting = task->state;
	struct store_change changes[] = {
		account_required(jid_to_bare(task->stanza->from)),
		{
		    .kind = setting->wish.remove ? STORE_REMOVE : STORE_PUT,
		    .key = key_of(task),
		    .value = setting->stored,
		},
	};

	store_apply(shard_store(task->shard), changes, 2, on_applied, task);
}

/* The item is new or grows: is there room? */
static void
on_measured(void *arg, enum store_status status, const struct store_item *items,
    size_t count)
{
	struct task *task = arg;
	const struct setting *setting = task->state;
	struct str contact = jid_bare(setting->wish.contact);
	size_t bytes = setting->stored.len + contact.len, others = 0;

	if (status != STORE_OK) {
		fail(task, status);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		if (str_eq(items[i].key.item, contact))
			continue;
		others++;
		bytes += items[i].key.item.len + items[i].value.len;
	}
	if (others < ITEMS_MAX && bytes <= ROSTER_BYTES_MAX) {
		apply(task);
		return;
	}
	task_error(task, ERROR_RESOURCE_CONSTRAINT, "the roster is full");
	task_finish(&task);
}

static void
on_existing(void *arg, enum store_status status, struct str value)
{
	struct task *task = arg;
	const struct setting *setting = task->state;

	if (status != STORE_OK && status != STORE_NOT_FOUND) {
		fail(task, status);
	} else if (setting->wish.remove) {
		if (status == STORE_OK) {
			apply(task);
			return;
		}
		task_error(task, ERROR_ITEM_NOT_FOUND, NULL);
		task_finish(&task);
	} else if (status == STORE_OK && value.len >= setting->stored.len) {
		apply(task);
	} else {
		list_roster(task, on_measured);
	}
}

static enum verdict
on_set(struct task *task)
{
	struct arena *arena = stanza_arena(task->stanza);
	struct setting *setting = arena_alloc(arena, sizeof(*setting));
	struct buf stored = { 0 };
	struct store_key key;
	enum stanza_error error;
	const char *why;

	if (!roster_wish_read(
		arena, task->stanza->payload, &setting->wish, &error, &why)) {
		task_error(task, error, why);
		return VERDICT_DONE;
	}
	roster_item_write(&setting->wish.item, &stored);
	setting->stored = arena_str(arena, buf_str(&stored));
	buf_fini(&stored);
	task->state = setting;
	task = task_wait(task);
	key = key_of(task);
	store_get(shard_store(task->shard), &key, on_existing, task);
	return VERDICT_WAIT;
}

static const struct iq_handler iqs[] = {
	{ IQ_GET, TO_OWN, "jabber:iq:roster", "query", on_get },
	{ IQ_SET, TO_OWN, "jabber:iq:roster", "query", on_set },
	{ 0 },
};

const struct module mod_roster = {
	.name = "mod_roster",
	.features = (const char *const[]){ "jabber:iq:roster", NULL },
	.iqs = iqs,
};
