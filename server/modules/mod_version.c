/*
 * XEP-0092 (Software Version). {show_os, false} keeps the system's name back.
 */
#include "server/core/module.h"

#include <sys/utsname.h>

#include "cfgparse/cfg.h"

#define NS_VERSION "jabber:iq:version"

static void
add(struct stanza *stanza, const char *name, const char *text)
{
	struct arena *arena = stanza_arena(stanza);
	struct xml_node *query = stanza->tree->root->children;

	xml_add_text(arena,
	    xml_add(arena, query, STR(NS_VERSION), str_of(name)), str_of(text));
}

static enum verdict
on_version(struct task *task)
{
	const struct cfg_module *options =
	    cfg_module(task->host->cfg, "mod_version");
	struct stanza *stanza = task->stanza;
	struct utsname system;

	stanza_make_result(stanza);
	xml_add(stanza_arena(stanza), stanza->tree->root, STR(NS_VERSION),
	    STR("query"));
	add(stanza, "name", "xmppd");
	add(stanza, "version", XMPPD_VERSION);
	if (cfg_module_bool(options, "show_os", true) && uname(&system) >= 0)
		add(stanza, "os", system.sysname);
	task_result(task);
	return VERDICT_DONE;
}

static const struct iq_handler iqs[] = {
	{ IQ_GET, TO_HOST, NS_VERSION, "query", on_version },
	{ 0 },
};

const struct module mod_version = {
	.name = "mod_version",
	.xeps = (const struct xep[]){ { 92, "1.1", NULL }, { 0 } },
	.features = (const char *const[]){ NS_VERSION, NULL },
	.iqs = iqs,
};
