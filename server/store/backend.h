#ifndef STORE_BACKEND_H
#define STORE_BACKEND_H
/*
 * The seam between store.h and an engine. An engine fills in a table of
 * functions and puts store_backend and store first into its own structs. For
 * this room and the contract test.
 */
#include "server/store/store.h"

/* Each function keeps the promise store.h makes for its namesake. */
struct store_ops {
	void (*backend_close)(struct store_backend *backend);
	struct store *(*open)(struct store_backend *backend, struct loop *loop);
	bool (*close)(struct store *store);
	void (*get)(struct store *store, const struct store_key *key,
	    store_on_get *on_get, void *arg);
	void (*list)(struct store *store, const struct store_query *query,
	    store_on_list *on_list, void *arg);
	void (*apply)(struct store *store, const struct store_change *changes,
	    size_t count, store_on_done *on_done, void *arg);
};

struct store_backend {
	const struct store_ops *ops;
};

struct store {
	const struct store_ops *ops;
};

#endif
