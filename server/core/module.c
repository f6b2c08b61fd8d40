/*
 * Finding what modules offer: iq handlers and hooks. The tables are few and
 * short; handlers are found by a map built once.
 */
#include "server/core/module.h"

#include <pthread.h>

#include "cfgparse/base/buf.h"
#include "cfgparse/base/map.h"
#include "cfgparse/base/mem.h"

/* All handlers of one payload name and namespace. */
struct iq_entry {
	struct iq_entry *next;
	const struct iq_handler *handler;
	size_t module;
};

static struct map iq_entries; /* "name namespace" -> struct iq_entry */
static pthread_once_t iq_once = PTHREAD_ONCE_INIT;

size_t
module_count(void)
{
	size_t count = 0;

	while (module_table[count])
		count++;
	return count;
}

static void
add_handler(size_t module, const struct iq_handler *handler)
{
	struct iq_entry *entry = mem_alloc(1, sizeof(*entry));
	struct buf key = { 0 };

	buf_printf(&key, "%s %s", handler->name, handler->ns);
	entry->handler = handler;
	entry->module = module;
	entry->next = map_get(&iq_entries, buf_str(&key));
	map_put(&iq_entries, buf_str(&key), entry);
	buf_fini(&key);
}

static void
build_table(void)
{
	for (size_t i = 0; module_table[i]; i++) {
		const struct iq_handler *handler = module_table[i]->iqs;

		for (; handler && handler->run; handler++)
			add_handler(i, handler);
	}
}

const struct iq_handler *
module_find_iq(
    const struct vhost *host, const struct stanza *iq, unsigned target)
{
	enum { KEY_MAX = 256 };
	unsigned type = iq->type == TYPE_GET ? IQ_GET : IQ_SET;
	const struct xml_node *payload = iq->payload;
	char key[KEY_MAX];
	size_t len;
	const struct iq_entry *entry;

	pthread_once(&iq_once, build_table);
	if (!payload)
		return NULL;
	len = payload->name.len + 1 + payload->ns.len;
	if (len > sizeof(key))
		return NULL;
	memcpy(key, payload->name.ptr, payload->name.len);
	key[payload->name.len] = ' ';
	if (payload->ns.len)
		memcpy(key + payload->name.len + 1, payload->ns.ptr,
		    payload->ns.len);
	entry = map_get(&iq_entries, (struct str){ key, len });
	for (; entry; entry = entry->next)
		if ((entry->handler->types & type) &&
		    (entry->handler->targets & target) &&
		    host->modules[entry->module])
			return entry->handler;
	return NULL;
}

const struct hook *
module_next_hook(const struct vhost *host, enum hook_point point, size_t *at)
{
	size_t seen = 0;

	for (size_t i = 0; module_table[i]; i++) {
		const struct hook *hook = module_table[i]->hooks;

		if (!host->modules[i])
			continue;
		for (; hook && hook->used; hook++)
			if (hook->point == point && seen++ == *at) {
				*at = seen;
				return hook;
			}
	}
	return NULL;
}
