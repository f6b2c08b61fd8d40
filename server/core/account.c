/*
 * Accounts: records in the store, slow derivation on helper threads. A job
 * carries one request through its steps and reports exactly once.
 */
#include "server/core/account.h"
#include "server/core/core_private.h"

#include <stdlib.h>

#include "cfgparse/base/mem.h"
#include "server/auth/scram.h"
#include "server/store/store.h"

#define COLLECTION STR("account")

enum { PASSWORD_MAX = 1023 };

enum job_kind { JOB_REGISTER, JOB_SET, JOB_REMOVE };

struct job {
	struct turn_end late; /* must stay first: a refusal, told later */
	enum account_result refusal;
	enum job_kind kind;
	struct shard *shard;
	struct arena arena;
	struct jid bare;
	struct buf password;
	struct scram_record record;
	bool derived;
	account_fn *on_done;
	void *arg;
};

const char *
account_result_text(enum account_result result)
{
	static const char *const texts[] = {
		[ACCOUNT_OK] = "done",
		[ACCOUNT_EXISTS] = "the account exists already",
		[ACCOUNT_NOT_FOUND] = "there is no such account",
		[ACCOUNT_BAD_PASSWORD] =
		    "the password is empty or has forbidden characters",
		[ACCOUNT_BUSY] = "the server is busy, try again later",
		[ACCOUNT_FAILED] = "the database failed, see the log",
		[ACCOUNT_UNCERTAIN] =
		    "the database can't tell whether it was done",
	};

	return texts[result];
}

static enum account_result
result_of(enum store_status status)
{
	switch (status) {
	case STORE_OK: return ACCOUNT_OK;
	case STORE_NOT_FOUND: return ACCOUNT_NOT_FOUND;
	case STORE_EXISTS: return ACCOUNT_EXISTS;
	case STORE_BUSY: return ACCOUNT_BUSY;
	case STORE_UNCERTAIN: return ACCOUNT_UNCERTAIN;
	case STORE_FAILED: break;
	}
	return ACCOUNT_FAILED;
}

static struct store_key
key_of(struct jid bare)
{
	return (struct store_key){ .owner = jid_bare(bare),
		.collection = COLLECTION,
		.item = STR("") };
}

/* --- reading --- */

struct reading {
	struct shard *shard;
	account_record_fn *on_record;
	void *arg;
};

static void
on_record_read(void *arg, enum store_status status, struct str value)
{
	struct reading reading = *(struct reading *)arg;
	struct scram_record record;

	free(arg);
	if (status == STORE_OK && !scram_record_read(value, &record))
		status = STORE_FAILED;
	reading.on_record(reading.arg, result_of(status),
	    status == STORE_OK ? &record : NULL);
	node_work_ends(reading.shard->node);
}

void
account_read(struct shard *shard, struct jid bare, account_record_fn *on_record,
    void *arg)
{
	struct reading *reading = mem_alloc(1, sizeof(*reading));
	struct store_key key = key_of(bare);

	*reading = (struct reading){ shard, on_record, arg };
	node_work_begins(shard->node);
	store_get(shard->store, &key, on_record_read, reading);
}

/* --- jobs --- */

static void
finish(struct job *job, enum account_result result)
{
	struct node *node = job->shard->node;

	job->on_done(job->arg, result);
	buf_wipe(&job->password);
	arena_fini(&job->arena);
	free(job);
	node_work_ends(node);
}

static struct job *
job_new(enum job_kind kind, struct shard *shard, struct jid bare,
    struct str password, account_fn *on_done, void *arg)
{
	struct job *job = mem_alloc(1, sizeof(*job));

	shard_assert_current(shard);
	job->kind = kind;
	job->shard = shard;
	job->bare = jid_copy(&job->arena, jid_to_bare(bare));
	buf_append(&job->password, password.ptr, password.len);
	job->on_done = on_done;
	job->arg = arg;
	node_work_begins(shard->node);
	return job;
}

static void
on_written(void *arg, enum store_status status)
{
	finish(arg, result_of(status));
}

struct store_change
account_required(struct jid bare)
{
	return (
	    struct store_change){ .kind = STORE_REQUIRE, .key = key_of(bare) };
}

static void
write_record(struct job *job)
{
	struct buf text = { 0 };
	struct store_change changes[] = {
		account_required(job->bare), /* it may be gone meanwhile */
		{ .kind = STORE_PUT, .key = key_of(job->bare) },
	};

	scram_record_write(&job->record, &text);
	changes[1].value = buf_str(&text);
	if (job->kind == JOB_REGISTER) {
		changes[1].kind = STORE_INSERT;
		store_apply(job->shard->store, &changes[1], 1, on_written, job);
	} else {
		store_apply(job->shard->store, changes, 2, on_written, job);
	}
	buf_fini(&text);
}

static void
derive(void *arg)
{
	struct job *job = arg;
	struct str password = buf_str(&job->password);

	job->derived = scram_record_make(password, &job->record);
}

static void
on_derived(void *arg)
{
	struct job *job = arg;

	if (!job->derived)
		finish(job, ACCOUNT_BAD_PASSWORD);
	else
		write_record(job);
}

static void
on_refused(struct turn_end *work)
{
	struct job *job = (struct job *)work;

	finish(job, job->refusal);
}

static void
refuse(struct job *job, enum account_result result)
{
	job->refusal = result;
	job->late.run = on_refused;
	loop_at_turn_end(job->shard->loop, &job->late);
}

static void
start_deriving(struct job *job)
{
	if (job->password.len == 0 || job->password.len > PASSWORD_MAX)
		refuse(job, ACCOUNT_BAD_PASSWORD);
	else if (!offload(job->shard->loop, derive, on_derived, job))
		refuse(job, ACCOUNT_BUSY);
}

struct removed {
	struct parcel parcel;
	char *bare;
	size_t len;
};

static void
discard_removed(struct parcel *parcel)
{
	free(((struct removed *)parcel)->bare);
	free(parcel);
}

static void
deliver_removed(struct shard *shard, struct parcel *parcel)
{
	struct removed *removed = (struct removed *)parcel;

	sessions_fail(shard, (struct str){ removed->bare, removed->len },
	    STREAM_NOT_AUTHORIZED, "the account was removed");
	discard_removed(parcel);
}

static struct removed *
removed_new(struct jid bare)
{
	struct removed *removed = mem_alloc(1, sizeof(*removed));
	struct str text = jid_bare(bare);

	removed->parcel.deliver = deliver_removed;
	removed->parcel.discard = discard_removed;
	removed->bare = mem_strndup(text.ptr, text.len);
	removed->len = text.len;
	return removed;
}

/* The caller's answer goes out before the sessions end: a user who removed the
 * own account hears of it. */
static void
on_removed(void *arg, enum store_status status)
{
	struct job *job = arg;
	struct shard *shard = job->shard;
	struct removed *removed;

	if (status != STORE_OK) {
		finish(job, result_of(status));
		return;
	}
	removed = removed_new(job->bare);
	node_work_begins(shard->node);
	finish(job, ACCOUNT_OK);
	shard_post(shard,
	    node_home(shard->node, (struct str){ removed->bare, removed->len }),
	    &removed->parcel);
	node_work_ends(shard->node);
}

static void
on_job_record(
    void *arg, enum account_result result, const struct scram_record *record)
{
	struct job *job = arg;
	struct store_change change = { .kind = STORE_REMOVE_OWNER,
		.key = { .owner = jid_bare(job->bare) } };

	if (result != ACCOUNT_OK) {
		finish(job, result);
		return;
	}
	if (job->kind == JOB_REMOVE) {
		store_apply(job->shard->store, &change, 1, on_removed, job);
		return;
	}
	(void)record; /* that there is one is enough */
	start_deriving(job);
}

void
account_register(struct shard *shard, struct jid bare, struct str password,
    account_fn *on_done, void *arg)
{
	start_deriving(
	    job_new(JOB_REGISTER, shard, bare, password, on_done, arg));
}

void
account_set_password(struct shard *shard, struct jid bare, struct str password,
    account_fn *on_done, void *arg)
{
	account_read(shard, bare, on_job_record,
	    job_new(JOB_SET, shard, bare, password, on_done, arg));
}

void
account_remove(
    struct shard *shard, struct jid bare, account_fn *on_done, void *arg)
{
	account_read(shard, bare, on_job_record,
	    job_new(JOB_REMOVE, shard, bare, STR(""), on_done, arg));
}

/* --- listing --- */

struct listing {
	struct shard *shard;
	account_list_fn *on_list;
	void *arg;
};

static void
on_listed(void *arg, enum store_status status, const struct store_item *items,
    size_t count)
{
	struct listing listing = *(struct listing *)arg;
	struct str *jids = mem_alloc(count, sizeof(*jids));

	free(arg);
	for (size_t i = 0; i < count; i++)
		jids[i] = items[i].key.owner;
	listing.on_list(listing.arg, result_of(status), jids, count);
	free(jids);
	node_work_ends(listing.shard->node);
}

void
account_list(struct shard *shard, struct str domain, struct str after,
    size_t limit, account_list_fn *on_list, void *arg)
{
	struct listing *listing = mem_alloc(1, sizeof(*listing));
	struct store_query query = { .owner_domain = domain,
		.collection = COLLECTION,
		.after_owner = after,
		.limit = limit };

	*listing = (struct listing){ shard, on_list, arg };
	node_work_begins(shard->node);
	store_list(shard->store, &query, on_listed, listing);
}
