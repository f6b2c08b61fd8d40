/*
 * XEP-0030 (Service Discovery) for the server and for accounts. What is
 * listed comes from the modules that the host runs; a module never edits this
 * file. Without subscriptions, accounts show themselves to their owner only.
 */
#include "server/core/module.h"

#define NS_INFO "http://jabber.org/protocol/disco#info"
#define NS_ITEMS "http://jabber.org/protocol/disco#items"

/* Starts the answer; returns its <query/>, or NULL where the request names a
 * node, of which there is none (then it is answered). */
static struct xml_node *
begin(struct task *task, struct str ns)
{
	struct stanza *stanza = task->stanza;

	if (xml_get(stanza->payload, "node").ptr) {
		task_error(task, ERROR_ITEM_NOT_FOUND, NULL);
		return NULL;
	}
	stanza_make_result(stanza);
	return xml_add(
	    stanza_arena(stanza), stanza->tree->root, ns, STR("query"));
}

static bool
has_feature(const struct xml_node *query, const char *feature)
{
	const struct xml_node *node = xml_first(query);

	while (node && !str_is(xml_get(node, "var"), feature))
		node = xml_next(node);
	return node != NULL;
}

static void
add_feature(struct arena *arena, struct xml_node *query, const char *feature)
{
	struct xml_node *node;

	if (has_feature(query, feature))
		return;
	node = xml_add(arena, query, STR(NS_INFO), STR("feature"));
	xml_set(arena, node, "var", str_of(feature));
}

static void
add_features(struct arena *arena, struct xml_node *query,
    const struct vhost *host, bool account)
{
	for (size_t i = 0; module_table[i]; i++) {
		const char *const *feature =
		    account ? module_table[i]->account_features
			    : module_table[i]->features;

		if (!host->modules[i])
			continue;
		for (; feature && *feature; feature++)
			add_feature(arena, query, *feature);
	}
}

static void
answer_info(
    struct task *task, const char *category, const char *type, bool account)
{
	struct arena *arena;
	struct xml_node *query, *identity;

	query = begin(task, STR(NS_INFO));
	if (!query)
		return;
	arena = stanza_arena(task->stanza);
	identity = xml_add(arena, query, STR(NS_INFO), STR("identity"));
	xml_set(arena, identity, "category", str_of(category));
	xml_set(arena, identity, "type", str_of(type));
	if (!account)
		xml_set(arena, identity, "name", STR("xmppd"));
	add_features(arena, query, task->host, account);
	task_result(task);
}

static enum verdict
on_host_info(struct task *task)
{
	answer_info(task, "server", "im", false);
	return VERDICT_DONE;
}

static enum verdict
on_own_info(struct task *task)
{
	answer_info(task, "account", "registered", true);
	return VERDICT_DONE;
}

static enum verdict
on_items(struct task *task)
{
	if (begin(task, STR(NS_ITEMS)))
		task_result(task);
	return VERDICT_DONE;
}

static const struct iq_handler iqs[] = {
	{ IQ_GET, TO_HOST, NS_INFO, "query", on_host_info },
	{ IQ_GET, TO_OWN, NS_INFO, "query", on_own_info },
	{ IQ_GET, TO_HOST | TO_OWN, NS_ITEMS, "query", on_items },
	{ 0 },
};

const struct module mod_disco = {
	.name = "mod_disco",
	.xeps = (const struct xep[]){ { 30, "2.5.0", NULL }, { 0 } },
	.features = (const char *const[]){ NS_INFO, NS_ITEMS, NULL },
	.account_features = (const char *const[]){ NS_INFO, NS_ITEMS, NULL },
	.iqs = iqs,
};
