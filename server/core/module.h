#ifndef CORE_MODULE_H
#define CORE_MODULE_H
/*
 * What a module is. One XEP (or two that belong together) is one file
 * server/modules/mod_x.c with one `const struct module mod_x`; make finds it.
 * It runs where the configuration's {modules, [...]} names it.
 *
 * An iq's way: the stream stamps its from, the user's actor takes it up, and
 * where it is addressed to the server (TO_HOST), to the sender's own account
 * (TO_OWN) or to another's (TO_ACCOUNT) the table finds the handler by type,
 * target and the payload's namespace and name. The handler answers with
 * task_result or task_error and returns VERDICT_DONE; or returns VERDICT_PASS
 * to let others try; or keeps the task with task_wait, returns VERDICT_WAIT,
 * answers from a callback and then calls task_finish. Until then the user's
 * later stanzas queue: a module never sees two stanzas of one user at once.
 */
#include <stdbool.h>
#include <stddef.h>

#include "server/core/node.h"
#include "server/core/session.h"
#include "server/xmpp/stanza.h"

struct buf;
struct sockaddr;
struct user;

enum verdict {
	VERDICT_DONE, /* answered or taken: nobody else looks at it */
	VERDICT_PASS, /* left as it was */
	VERDICT_WAIT, /* kept by task_wait */
};

/* One stanza at a user's actor. */
struct task {
	struct task *next;
	struct shard *shard;
	struct user *user;
	const struct vhost *host;  /* the virtual host addressed */
	struct session_ref origin; /* the local session it came from */
	struct stanza *stanza;
	void *state;	   /* a waiting handler's own, in the stanza's arena */
	bool from_session; /* on its way out, not in */
	bool kept;
};

/* Answers with the result: empty, or with the children added since the handler
 * called stanza_make_result. Takes the stanza. */
void task_result(struct task *task);
/* Answers with an error; text may be NULL. Takes the stanza. */
void task_error(struct task *task, enum stanza_error error, const char *text);
/* Keeps the task beyond the handler's return: the argument for callbacks. */
struct task *task_wait(struct task *task);
/* The kept task is over; *task becomes NULL. An unanswered iq is answered
 * internal-server-error. */
void task_finish(struct task **task);

enum { IQ_GET = 1, IQ_SET = 2 };
/* The server, the sender's own account, somebody else's account. */
enum { TO_HOST = 1, TO_OWN = 2, TO_ACCOUNT = 4 };

typedef enum verdict iq_fn(struct task *task);

/* A row of a module's table; the last has no run. */
struct iq_handler {
	unsigned types;	  /* IQ_GET | IQ_SET */
	unsigned targets; /* TO_HOST | TO_OWN | TO_ACCOUNT */
	const char *ns;
	const char *name;
	iq_fn *run;
};

/* A client that isn't logged in, as in-band registration sees it. */
struct early_client {
	struct shard *shard;
	const struct vhost *host;
	const struct sockaddr *address;
	const char *peer;
	/* Sends the answer (taken); call once, any time later. */
	void (*answer)(struct early_client *client, struct stanza **stanza);
};

/* Points that modules hook into; a handler of the wrong shape does not
 * compile. */
enum hook_point {
	POINT_STREAM_FEATURES, /* features before login */
	POINT_EARLY_IQ,	       /* an iq before login */
};
struct hook {
	enum hook_point point;
	bool used;
	union {
		void (*features)(const struct vhost *host, struct buf *out);
		enum verdict (*early_iq)(
		    struct early_client *client, struct stanza **iq);
	} run;
};
#define HOOK_STREAM_FEATURES(fn)             \
	{                                    \
		POINT_STREAM_FEATURES, true, \
		{                            \
			.features = (fn)     \
		}                            \
	}
#define HOOK_EARLY_IQ(fn)                \
	{                                \
		POINT_EARLY_IQ, true,    \
		{                        \
			.early_iq = (fn) \
		}                        \
	}

struct xep {
	unsigned number;
	const char *version;
	const char *note; /* what is left out, or NULL */
};

struct module {
	const char *name;
	const struct xep *xeps;	     /* ended by number 0, or NULL */
	const char *const *features; /* of the server, disco; NULL-ended */
	const char *const *account_features; /* of accounts likewise */
	const struct iq_handler *iqs;	     /* ended by run NULL, or NULL */
	const struct hook *hooks;	     /* ended by used false, or NULL */
};

/* All modules, made by make; ended by NULL. */
extern const struct module *const module_table[];

/* The first hook of that point at the host, from *at on, or NULL; *at moves. */
const struct hook *module_next_hook(
    const struct vhost *host, enum hook_point point, size_t *at);
/* The handler for an iq get/set at that host, or NULL. */
const struct iq_handler *module_find_iq(
    const struct vhost *host, const struct stanza *iq, unsigned target);
/* How many modules module_table has. */
size_t module_count(void);

#endif
