#ifndef CORE_ACCOUNT_H
#define CORE_ACCOUNT_H
/*
 * Accounts of the embedded store: a bare JID and its SCRAM keys. Everything
 * answers later, on the calling shard, exactly once. Passwords are copied,
 * used on a helper thread and wiped.
 */
#include <stdbool.h>
#include <stddef.h>

#include "cfgparse/base/str.h"
#include "server/xmpp/jid.h"

struct scram_record;
struct shard;
struct store_change;

enum account_result {
	ACCOUNT_OK,
	ACCOUNT_EXISTS,
	ACCOUNT_NOT_FOUND,
	ACCOUNT_BAD_PASSWORD, /* can't be prepared (RFC 4013), or is empty */
	ACCOUNT_BUSY,	      /* too much at once: try later */
	ACCOUNT_FAILED,	      /* the store failed; nothing changed */
	ACCOUNT_UNCERTAIN,    /* the store can't tell whether it changed */
};

/* For people: "the account exists already". Static text. */
const char *account_result_text(enum account_result result);

typedef void account_fn(void *arg, enum account_result result);
/* record is valid for the call only; NULL unless ACCOUNT_OK. */
typedef void account_record_fn(
    void *arg, enum account_result result, const struct scram_record *record);
/* One page of bare JIDs, sorted; valid for the call only. */
typedef void account_list_fn(void *arg, enum account_result result,
    const struct str *jids, size_t count);

/* The account's keys. */
void account_read(struct shard *shard, struct jid bare,
    account_record_fn *on_record, void *arg);
/* A new account; ACCOUNT_EXISTS leaves the old one as it is. */
void account_register(struct shard *shard, struct jid bare, struct str password,
    account_fn *on_done, void *arg);
/* New keys for an account that exists. */
void account_set_password(struct shard *shard, struct jid bare,
    struct str password, account_fn *on_done, void *arg);
/* Removes the account with everything stored for it, then ends its sessions on
 * whichever shard they live. ACCOUNT_NOT_FOUND where there is none. */
void account_remove(
    struct shard *shard, struct jid bare, account_fn *on_done, void *arg);
/* For a batch that stores something for the account: makes all of it fail with
 * STORE_NOT_FOUND once the account is gone. Without it a write under way could
 * leave something for whoever takes the name next. Borrows bare. */
struct store_change account_required(struct jid bare);
/* The accounts of a domain behind `after` (a bare JID or ""). */
void account_list(struct shard *shard, struct str domain, struct str after,
    size_t limit, account_list_fn *on_list, void *arg);

#endif
