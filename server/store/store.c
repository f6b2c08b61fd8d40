/* store.h's calls, handed to the engine behind them. */
#include "server/store/store.h"

#include "server/store/backend.h"

void
store_backend_close(struct store_backend **backend)
{
	if (*backend)
		(*backend)->ops->backend_close(*backend);
	*backend = NULL;
}

struct store *
store_open(struct store_backend *backend, struct loop *loop)
{
	return backend->ops->open(backend, loop);
}

bool
store_close(struct store **store)
{
	if (*store && !(*store)->ops->close(*store))
		return false;
	*store = NULL;
	return true;
}

void
store_get(struct store *store, const struct store_key *key,
    store_on_get *on_get, void *arg)
{
	store->ops->get(store, key, on_get, arg);
}

void
store_list(struct store *store, const struct store_query *query,
    store_on_list *on_list, void *arg)
{
	store->ops->list(store, query, on_list, arg);
}

void
store_apply(struct store *store, const struct store_change *changes,
    size_t count, store_on_done *on_done, void *arg)
{
	store->ops->apply(store, changes, count, on_done, arg);
}
