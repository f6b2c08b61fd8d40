/*
 * XEP-0077 (In-Band Registration): new accounts before login, and changing the
 * password or removing the own account after it. Who may register is decided
 * by the options access and ip_access, by password_strength and by the
 * top-level registration_timeout.
 */
#include "server/core/module.h"

#include <sys/socket.h>

#include "cfgparse/base/buf.h"
#include "cfgparse/cfg.h"
#include "server/base/log.h"
#include "server/core/account.h"
#include "server/core/shard.h"
#include "server/loop/loop.h"
#include "server/modules/address_limit.h"
#include "server/modules/password_strength.h"

#define NS_REGISTER STR("jabber:iq:register")
#define TOO_WEAK "the password is too weak"

enum { ADDRESSES_MAX = 65536 };

/* Addresses that registered an account within registration_timeout. */
static struct address_limit registrations = ADDRESS_LIMIT_INIT(ADDRESSES_MAX);

/* --- requests and answers --- */

/* What a set brings; ptr NULL where it lacks. */
struct fields {
	struct str username;
	struct str password;
};

static struct str
field(struct stanza *iq, const char *name)
{
	const struct xml_node *node = xml_child(iq->payload, NS_REGISTER, name);

	return node ? xml_text(stanza_arena(iq), node) : (struct str){ 0 };
}

static bool
read_fields(struct stanza *iq, struct fields *fields)
{
	fields->username = field(iq, "username");
	fields->password = field(iq, "password");
	return fields->username.len && fields->password.len;
}

static struct xml_node *
begin_result(struct stanza *iq)
{
	stanza_make_result(iq);
	return xml_add(
	    stanza_arena(iq), iq->tree->root, NS_REGISTER, STR("query"));
}

static void
add(struct stanza *iq, struct xml_node *query, const char *name,
    struct str text)
{
	struct arena *arena = stanza_arena(iq);

	xml_add_text(
	    arena, xml_add(arena, query, NS_REGISTER, str_of(name)), text);
}

static enum stanza_error
error_of(enum account_result result)
{
	switch (result) {
	case ACCOUNT_EXISTS: return ERROR_CONFLICT;
	case ACCOUNT_NOT_FOUND: return ERROR_ITEM_NOT_FOUND;
	case ACCOUNT_BAD_PASSWORD: return ERROR_NOT_ACCEPTABLE;
	case ACCOUNT_BUSY: return ERROR_RESOURCE_CONSTRAINT;
	default: return ERROR_INTERNAL_SERVER_ERROR;
	}
}

static bool
is_strong(const struct vhost *host, struct str password)
{
	int64_t bits = cfg_module_int(
	    cfg_module(host->cfg, "mod_register"), "password_strength", 0);

	return bits <= 0 || password_entropy(password) >= (double)bits;
}

/* --- before login --- */

/* A registration under way, in its iq's arena. */
struct registration {
	struct early_client *client;
	struct stanza *iq;
	struct jid account;
	struct address_key address;
	bool noted; /* the address, against the next one */
};

static void
on_features(const struct vhost *host, struct buf *out)
{
	(void)host;
	buf_puts(
	    out, "<register xmlns='http://jabber.org/features/iq-register'/>");
}

static enum verdict
refuse(struct early_client *client, struct stanza **iq, enum stanza_error error,
    const char *text)
{
	log_info("%s: registration at %.*s refused: %s", client->peer,
	    STR_ARG(client->host->name), text);
	stanza_make_error(*iq, error, text);
	client->answer(client, iq);
	return VERDICT_DONE;
}

static enum verdict
show_form(struct early_client *client, struct stanza **iq)
{
	struct xml_node *query = begin_result(*iq);

	add(*iq, query, "instructions",
	    STR("Choose a user name and a password."));
	add(*iq, query, "username", STR(""));
	add(*iq, query, "password", STR(""));
	client->answer(client, iq);
	return VERDICT_DONE;
}

static void
on_registered(void *arg, enum account_result result)
{
	struct registration *registration = arg;
	struct early_client *client = registration->client;
	struct stanza *iq = registration->iq;

	if (result == ACCOUNT_OK) {
		log_info("%s: account %.*s registered", client->peer,
		    STR_ARG(jid_full(registration->account)));
		stanza_make_result(iq);
		client->answer(client, &iq);
		return;
	}
	if (registration->noted && result != ACCOUNT_UNCERTAIN)
		address_limit_give_back(&registrations, &registration->address);
	refuse(client, &iq, error_of(result), account_result_text(result));
}

/* May this address have this account? Returns why not, or NULL. */
static const char *
find_objection(struct early_client *client, struct jid account,
    struct str password, enum stanza_error *error)
{
	const struct vhost *host = client->host;
	const struct cfg *cfg = node_cfg(shard_node(client->shard));
	const char *access = cfg_module_text(
	    cfg_module(host->cfg, "mod_register"), "access", "all");
	struct cfg_subject subject = { .user = jid_local(account),
		.server = jid_domain(account) };

	*error = ERROR_FORBIDDEN;
	if (!cfg_register_address_allowed(cfg, host->cfg, client->address))
		return "this address may not register (ip_access)";
	if (!cfg_allowed(cfg, host->cfg, access, &subject))
		return "the access rule does not admit this account";
	*error = ERROR_NOT_ACCEPTABLE;
	return is_strong(host, password) ? NULL : TOO_WEAK;
}

/* Returns why it has to wait, or NULL. */
static const char *
note_address(struct registration *registration)
{
	struct shard *shard = registration->client->shard;
	uint64_t span =
	    node_cfg(shard_node(shard))->registration_timeout_s * 1000ull;

	if (span == 0)
		return NULL;
	registration->address = address_key_of(registration->client->address);
	switch (address_limit_take(&registrations, &registration->address,
	    loop_now(shard_loop(shard)), span)) {
	case ADDRESS_TAKEN: registration->noted = true; return NULL;
	case ADDRESS_TOO_SOON:
		return "an account was registered from this address just now";
	case ADDRESS_FULL: break;
	}
	return "too many accounts are being registered";
}

static enum verdict
start_registration(struct early_client *client, struct stanza **iq)
{
	struct registration *registration =
	    arena_alloc(stanza_arena(*iq), sizeof(*registration));
	struct fields fields;
	enum stanza_error error;
	const char *why;

	if (xml_child((*iq)->payload, NS_REGISTER, "remove"))
		return refuse(client, iq, ERROR_REGISTRATION_REQUIRED,
		    "only who is logged in can remove an account");
	if (!read_fields(*iq, &fields))
		return refuse(client, iq, ERROR_NOT_ACCEPTABLE,
		    "username and password are needed");
	if (!jid_make(stanza_arena(*iq), fields.username, client->host->name,
		STR(""), &registration->account))
		return refuse(client, iq, ERROR_JID_MALFORMED,
		    "the user name has forbidden characters or is too long");
	why = find_objection(
	    client, registration->account, fields.password, &error);
	if (why)
		return refuse(client, iq, error, why);
	registration->client = client;
	why = note_address(registration);
	if (why)
		return refuse(client, iq, ERROR_RESOURCE_CONSTRAINT, why);
	registration->iq = *iq;
	*iq = NULL;
	account_register(client->shard, registration->account, fields.password,
	    on_registered, registration);
	return VERDICT_DONE;
}

static enum verdict
on_early_iq(struct early_client *client, struct stanza **iq)
{
	struct jid to = (*iq)->to;

	if (!(*iq)->payload || !xml_is((*iq)->payload, NS_REGISTER, "query"))
		return VERDICT_PASS;
	if (jid_is_set(to) && !str_eq(jid_full(to), client->host->name))
		return VERDICT_PASS;
	switch ((*iq)->type) {
	case TYPE_GET: return show_form(client, iq);
	case TYPE_SET: return start_registration(client, iq);
	default: return VERDICT_PASS;
	}
}

/* --- after login --- */

/* Other hosts' accounts are none of this user's business. */
static bool
is_at_home(struct task *task)
{
	if (str_eq(task->host->name, jid_domain(task->stanza->from)))
		return true;
	task_error(task, ERROR_NOT_ALLOWED,
	    "accounts of other hosts are registered before login");
	return false;
}

static enum verdict
on_get(struct task *task)
{
	struct stanza *iq = task->stanza;
	struct str username = jid_local(iq->from);
	struct xml_node *query;

	if (!is_at_home(task))
		return VERDICT_DONE;
	query = begin_result(iq);
	add(iq, query, "registered", STR(""));
	add(iq, query, "username", username);
	add(iq, query, "password", STR(""));
	task_result(task);
	return VERDICT_DONE;
}

static void
on_changed(void *arg, enum account_result result)
{
	struct task *task = arg;

	if (result == ACCOUNT_OK)
		task_result(task);
	else
		task_error(task, error_of(result), account_result_text(result));
	task_finish(&task);
}

static enum verdict
remove_account(struct task *task)
{
	if (xml_next(xml_first(task->stanza->payload))) {
		task_error(task, ERROR_BAD_REQUEST,
		    "nothing else goes with a removal");
		return VERDICT_DONE;
	}
	log_info(
	    "%.*s removes the account", STR_ARG(jid_full(task->stanza->from)));
	task = task_wait(task);
	account_remove(
	    task->shard, jid_to_bare(task->stanza->from), on_changed, task);
	return VERDICT_WAIT;
}

static bool
is_own_name(const struct task *task, struct str username)
{
	char prepared[JID_PART_MAX + 1];
	size_t len;

	return prepare_local(username, prepared, &len) &&
	       str_eq((struct str){ prepared, len },
		   jid_local(task->stanza->from));
}

static enum verdict
change_password(struct task *task)
{
	struct fields fields;

	if (!read_fields(task->stanza, &fields)) {
		task_error(task, ERROR_NOT_ACCEPTABLE,
		    "username and password are needed");
	} else if (!is_own_name(task, fields.username)) {
		task_error(task, ERROR_NOT_ALLOWED,
		    "only the own password can be changed");
	} else if (!is_strong(task->host, fields.password)) {
		task_error(task, ERROR_NOT_ACCEPTABLE, TOO_WEAK);
	} else {
		log_info("%.*s changes the password",
		    STR_ARG(jid_full(task->stanza->from)));
		task = task_wait(task);
		account_set_password(task->shard,
		    jid_to_bare(task->stanza->from), fields.password,
		    on_changed, task);
		return VERDICT_WAIT;
	}
	return VERDICT_DONE;
}

static enum verdict
on_set(struct task *task)
{
	if (!is_at_home(task))
		return VERDICT_DONE;
	if (xml_child(task->stanza->payload, NS_REGISTER, "remove"))
		return remove_account(task);
	return change_password(task);
}

static const struct iq_handler iqs[] = {
	{ IQ_GET, TO_HOST | TO_OWN, "jabber:iq:register", "query", on_get },
	{ IQ_SET, TO_HOST | TO_OWN, "jabber:iq:register", "query", on_set },
	{ 0 },
};

static const struct hook hooks[] = {
	HOOK_STREAM_FEATURES(on_features),
	HOOK_EARLY_IQ(on_early_iq),
	{ 0 },
};

const struct module mod_register = {
	.name = "mod_register",
	.xeps =
	    (const struct xep[]){
		{ 77, "2.4", "user name and password only, no data forms" },
		{ 0 } },
	.features = (const char *const[]){ "jabber:iq:register", NULL },
	.iqs = iqs,
	.hooks = hooks,
};
