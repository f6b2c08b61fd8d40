/*
 * XEP-0199 (XMPP Ping): answers pings to the server and to accounts.
 */
#include "server/core/module.h"

static enum verdict
on_ping(struct task *task)
{
	task_result(task);
	return VERDICT_DONE;
}

static const struct iq_handler iqs[] = {
	{ IQ_GET, TO_HOST | TO_OWN | TO_ACCOUNT, "urn:xmpp:ping", "ping",
	    on_ping },
	{ 0 },
};

const struct module mod_ping = {
	.name = "mod_ping",
	.xeps = (const struct xep[]){ { 199, "2.0.1", NULL }, { 0 } },
	.features = (const char *const[]){ "urn:xmpp:ping", NULL },
	.account_features = (const char *const[]){ "urn:xmpp:ping", NULL },
	.iqs = iqs,
};
