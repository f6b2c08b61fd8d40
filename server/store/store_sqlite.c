/*
 * The SQLite engine: its threads and queues. One writer takes whatever has
 * queued while it committed and commits that at once; readers see what is
 * committed. No loop ever waits for the disk.
 */
#include "server/store/store.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cfgparse/base/buf.h"
#include "cfgparse/base/mem.h"
#include "server/store/backend.h"
#include "server/store/sqlite_private.h"

enum {
	READERS = 2,
	GROUP_MAX = 100,
	QUEUE_MAX = 20000,
	QUEUE_BYTES = 64 * 1024 * 1024,
};

/* A queue and who serves it. */
struct lane {
	pthread_mutex_t lock;
	pthread_cond_t filled;
	struct request_queue queue;
	bool closing;
	unsigned delay_ms;
};

struct worker {
	struct lane *lane;
	struct sqlite_connection connection;
	pthread_t thread;
	bool runs;
};

struct sqlite_backend {
	struct store_backend base;
	struct lane reads, writes;
	struct worker readers[READERS], writer;
};

struct sqlite_store {
	struct store base;
	struct sqlite_backend *backend;
	struct inbox *inbox;
};

static void
lane_init(struct lane *lane, unsigned delay_ms)
{
	pthread_mutex_init(&lane->lock, NULL);
	pthread_cond_init(&lane->filled, NULL);
	lane->delay_ms = delay_ms;
}

/* Queues it, or answers at once (still a turn later) that there's no room. */
static void
lane_put(struct lane *lane, struct request *request)
{
	bool room;

	pthread_mutex_lock(&lane->lock);
	room = lane->queue.count < QUEUE_MAX && lane->queue.size <= QUEUE_BYTES;
	if (room) {
		request_put(&lane->queue, request);
		pthread_cond_signal(&lane->filled);
	}
	pthread_mutex_unlock(&lane->lock);
	if (!room) {
		request->status = STORE_BUSY;
		inbox_deliver(request);
	}
}

static void
delay(unsigned ms)
{
	struct timespec time = { ms / 1000, (long)(ms % 1000) * 1000000 };

	if (ms)
		nanosleep(&time, NULL);
}

/* Up to max requests, chained; NULL where the lane is closing and empty. */
static struct request *
lane_take(struct lane *lane, size_t max)
{
	struct request_queue taken = { 0 };
	struct request *request;

	pthread_mutex_lock(&lane->lock);
	while (!lane->queue.first && !lane->closing)
		pthread_cond_wait(&lane->filled, &lane->lock);
	while (taken.count < max && (request = request_take(&lane->queue)))
		request_put(&taken, request);
	pthread_mutex_unlock(&lane->lock);
	if (taken.first)
		delay(lane->delay_ms);
	return taken.first;
}

static void *
run_writer(void *arg)
{
	struct worker *worker = arg;
	struct request *first;

	while ((first = lane_take(worker->lane, GROUP_MAX))) {
		sqlite_write(&worker->connection, first);
		while (first) {
			struct request *next = first->next;

			inbox_deliver(first);
			first = next;
		}
	}
	return NULL;
}

static void *
run_reader(void *arg)
{
	struct worker *worker = arg;
	struct request *request;

	while ((request = lane_take(worker->lane, 1))) {
		sqlite_read(&worker->connection, request);
		inbox_deliver(request);
	}
	return NULL;
}

static void
lane_close(struct lane *lane)
{
	pthread_mutex_lock(&lane->lock);
	lane->closing = true;
	pthread_cond_broadcast(&lane->filled);
	pthread_mutex_unlock(&lane->lock);
}

static void
worker_stop(struct worker *worker)
{
	if (worker->runs)
		pthread_join(worker->thread, NULL);
	sqlite_disconnect(&worker->connection);
}

static void
backend_close(struct store_backend *base)
{
	struct sqlite_backend *backend = (struct sqlite_backend *)base;

	lane_close(&backend->reads);
	lane_close(&backend->writes);
	for (int i = 0; i < READERS; i++)
		worker_stop(&backend->readers[i]);
	/* The last connection closed folds the log into the database. */
	worker_stop(&backend->writer);
	pthread_mutex_destroy(&backend->reads.lock);
	pthread_cond_destroy(&backend->reads.filled);
	pthread_mutex_destroy(&backend->writes.lock);
	pthread_cond_destroy(&backend->writes.filled);
	free(backend);
}

static const struct store_ops ops;

static struct store *
open_store(struct store_backend *backend, struct loop *loop)
{
	struct sqlite_store *store = mem_alloc(1, sizeof(*store));

	store->base.ops = &ops;
	store->backend = (struct sqlite_backend *)backend;
	store->inbox = inbox_open(loop);
	return &store->base;
}

static bool
close_store(struct store *base)
{
	struct sqlite_store *store = (struct sqlite_store *)base;

	if (!inbox_close(store->inbox))
		return false;
	free(store);
	return true;
}

static void
get(struct store *base, const struct store_key *key, store_on_get *on_get,
    void *arg)
{
	struct sqlite_store *store = (struct sqlite_store *)base;
	struct request *request = inbox_request(store->inbox, REQUEST_GET);

	request->key = request_copy_key(request, key);
	request->on_get = on_get;
	request->arg = arg;
	lane_put(&store->backend->reads, request);
}

static void
list(struct store *base, const struct store_query *query,
    store_on_list *on_list, void *arg)
{
	struct sqlite_store *store = (struct sqlite_store *)base;
	struct request *request = inbox_request(store->inbox, REQUEST_LIST);

	request_copy_query(request, query);
	request->on_list = on_list;
	request->arg = arg;
	lane_put(&store->backend->reads, request);
}

static void
apply(struct store *base, const struct store_change *changes, size_t count,
    store_on_done *on_done, void *arg)
{
	struct sqlite_store *store = (struct sqlite_store *)base;
	struct request *request = inbox_request(store->inbox, REQUEST_APPLY);

	request_copy_changes(request, changes, count);
	request->on_done = on_done;
	request->arg = arg;
	lane_put(&store->backend->writes, request);
}

static const struct store_ops ops = { backend_close, open_store, close_store,
	get, list, apply };

/* The writer first: it creates the file and the tables. */
static bool
connect_all(struct sqlite_backend *backend, const char *path, char **why)
{
	struct sqlite_connection *writer = &backend->writer.connection;

	if (!sqlite_connect(path, writer, why) ||
	    !sqlite_prepare_schema(writer, path, why) ||
	    !sqlite_prepare_statements(writer, path, why))
		return false;
	for (int i = 0; i < READERS; i++) {
		struct sqlite_connection *reader =
		    &backend->readers[i].connection;

		if (!sqlite_connect(path, reader, why) ||
		    !sqlite_prepare_statements(reader, path, why))
			return false;
	}
	return true;
}

static bool
worker_start(
    struct worker *worker, struct lane *lane, void *(*run)(void *), char **why)
{
	int error;

	worker->lane = lane;
	error = pthread_create(&worker->thread, NULL, run, worker);
	worker->runs = error == 0;
	if (error)
		*why = mem_strdup("can't start the database's threads");
	return worker->runs;
}

static bool
start_all(struct sqlite_backend *backend, char **why)
{
	for (int i = 0; i < READERS; i++)
		if (!worker_start(
			&backend->readers[i], &backend->reads, run_reader, why))
			return false;
	return worker_start(
	    &backend->writer, &backend->writes, run_writer, why);
}

struct store_backend *
store_sqlite_open_with(
    const char *dir, const struct store_sqlite_options *options, char **why)
{
	struct sqlite_backend *backend = mem_alloc(1, sizeof(*backend));
	struct buf path = { 0 };
	bool open;

	backend->base.ops = &ops;
	lane_init(&backend->reads, options->delay_ms);
	lane_init(&backend->writes, options->delay_ms);
	buf_printf(&path, "%s/xmppd.db", dir);
	open = connect_all(backend, buf_text(&path), why) &&
	       start_all(backend, why);
	buf_fini(&path);
	if (open)
		return &backend->base;
	backend_close(&backend->base);
	return NULL;
}

struct store_backend *
store_sqlite_open(const char *dir, char **why)
{
	struct store_sqlite_options options = { 0 };

	return store_sqlite_open_with(dir, &options, why);
}
