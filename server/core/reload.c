/*
 * Reading certificates anew while the server runs: on a helper thread, since
 * files are read and judged, and one at a time.
 */
#include <stdlib.h>

#include "cfgparse/base/buf.h"
#include "cfgparse/base/mem.h"
#include "server/core/core_private.h"
#include "server/core/node.h"
#include "server/loop/loop.h"

struct reload {
	struct node *node;
	void (*on_done)(void *arg, bool done, struct str said);
	void *arg;
	struct buf said;
	bool done;
};

static void
run(void *arg)
{
	struct reload *reload = arg;
	const struct node_ports *ports = reload->node->ports;

	reload->done = ports->reload(ports->arg, &reload->said);
}

static void
finish(void *arg)
{
	struct reload *reload = arg;

	reload->node->reloading = false;
	reload->on_done(reload->arg, reload->done, buf_str(&reload->said));
	node_work_ends(reload->node);
	buf_fini(&reload->said);
	free(reload);
}

void
node_reload(struct node *node,
    void (*on_done)(void *arg, bool done, struct str said), void *arg)
{
	struct reload *reload;

	shard_assert_current(&node->shards[0]);
	if (!node->ports->reload || node->reloading || node_is_stopping(node)) {
		on_done(arg, false,
		    node->reloading ? STR("a reload is under way already")
				    : STR("there is nothing to reload"));
		return;
	}
	reload = mem_alloc(1, sizeof(*reload));
	*reload =
	    (struct reload){ .node = node, .on_done = on_done, .arg = arg };
	node->reloading = true;
	node_work_begins(node);
	if (offload(node->shards[0].loop, run, finish, reload))
		return;
	buf_puts(&reload->said, "too much is under way, try again");
	finish(reload);
}
