#ifndef STREAM_STREAM_H
#define STREAM_STREAM_H
/*
 * A client's stream on one connection (RFC 6120 sections 4 to 7): header,
 * STARTTLS, SASL, restart, binding, stanzas, errors, end. It owns connection
 * and parser and emits events; it knows no router, store or configuration.
 * One shard's loop at a time; moves with stream_detach and stream_attach.
 */
#include <stdbool.h>
#include <stddef.h>

#include "cfgparse/base/buf.h"
#include "cfgparse/base/str.h"
#include "server/xml/xml.h"
#include "server/xmpp/error.h"
#include "server/xmpp/jid.h"

struct conn;
struct loop;
struct net;
struct scram_record;
struct sockaddr_storage;
struct stanza;
struct stream;
struct tls_context;
struct wire;

/* What a listener says; frozen, shared by its streams. */
struct stream_settings {
	const struct tls_context *tls; /* NULL: no TLS here */
	bool tls_direct;	       /* TLS from the first byte */
	bool tls_required;	       /* no SASL before STARTTLS */
	struct xml_limits before_auth;
	struct xml_limits after_auth;
	size_t queue_limit; /* unsent bytes after which it is dropped */
	/* From accept to authentication, and from there to a session. */
	unsigned auth_timeout_ms;
	const char *lang;
};

/*
 * What the stream asks and tells its owner. All are called from the loop;
 * except where said they may call any stream_ function but stream_detach and
 * stream_destroy.
 */
struct stream_ops {
	/* May this domain be served? Sets the SASL mechanisms it allows. */
	bool (*on_host)(void *arg, struct str domain, unsigned *mechanisms);
	/* Appends stream features for a client that isn't logged in. */
	void (*on_features)(void *arg, struct buf *out);
	/* Wants the account's keys: answer once with stream_keys. */
	void (*on_want_keys)(void *arg, struct jid account);
	/* <success/> is on its way; reading is stopped. The owner moves the
	 * stream where it belongs and then calls stream_go_on. */
	void (*on_login)(void *arg, struct jid account);
	/* A failed attempt, for the log; user may be empty. */
	void (*on_login_failed)(void *arg, const char *mechanism,
	    struct str user, const char *reason);
	/* Wants a resource ("" for any): answer with stream_bound or
	 * stream_bind_refused. */
	void (*on_bind)(void *arg, struct str resource);
	/* A stanza of the bound client, from set to its full JID; take it. */
	void (*on_stanza)(void *arg, struct stanza **stanza);
	/* An iq before login (in-band registration); take it or leave it, then
	 * it is answered not-authorized. */
	void (*on_early_iq)(void *arg, struct stanza **iq);
	/* Bytes came in, for shapers. */
	void (*on_traffic)(void *arg, size_t bytes);
	/* The last words are queued: nothing that is sent from now on arrives.
	 * Once; on_end follows. */
	void (*on_closing)(void *arg);
	/* The connection with peer is gone; stream_destroy may be called now.
	 * reason is for the log; both are valid during the call. */
	void (*on_end)(void *arg, const char *peer, const char *reason);
};

/* Takes the socket. settings and ops must outlive it. */
struct stream *stream_create(struct loop *loop, struct net *net, int fd,
    const struct stream_settings *settings, const struct stream_ops *ops,
    void *arg);
/* Drops the connection if it is still there; no callback. */
void stream_destroy(struct stream **stream);

/* record NULL: no such account. Does nothing where the stream has ended. */
void stream_keys(struct stream *stream, const struct scram_record *record);
/* The store could not tell: temporary-auth-failure. */
void stream_keys_failed(struct stream *stream);
/* False once it is closing or has ended. */
bool stream_is_open(const struct stream *stream);
/* After on_login, wherever the stream lives now. */
void stream_go_on(struct stream *stream);
void stream_bound(struct stream *stream, struct jid full);
void stream_bind_refused(
    struct stream *stream, enum stanza_error error, const char *text);

/* Send; nothing happens once the stream is closing. */
void stream_send(struct stream *stream, const struct stanza *stanza);
void stream_send_wire(
    struct stream *stream, const struct wire *wire, struct jid to);
/* A stream error (text may be NULL) and the end; on_end follows. */
void stream_fail(
    struct stream *stream, enum stream_error error, const char *text);

/* Reading stops until no reason is left. */
enum stream_pause {
	PAUSE_WAITING = 1, /* the stream's own: keys, move */
	PAUSE_SHAPER = 2,
	PAUSE_BACKLOG = 4, /* another shard is full */
	PAUSE_ACTOR = 8,   /* the user's queue is long */
	PAUSE_STOP = 16,   /* the server is stopping */
};
void stream_pause(struct stream *stream, enum stream_pause reason);
void stream_unpause(struct stream *stream, enum stream_pause reason);

/* Not from within a callback; only between on_login and stream_go_on. */
void stream_detach(struct stream *stream);
void stream_attach(struct stream *stream, struct loop *loop, struct net *net);

/* Gives back the memory of a quiet stream's parser. */
void stream_rest(struct stream *stream);
/* True where nothing came in since the last call. */
bool stream_was_quiet(struct stream *stream);

/* Until on_end. */
const char *stream_peer(const struct stream *stream);
void stream_copy_address(
    const struct stream *stream, struct sockaddr_storage *address);
bool stream_is_tls(const struct stream *stream);
/* "SCRAM-SHA-256-PLUS" after login, for the log. */
const char *stream_mechanism(const struct stream *stream);
/* The domain of the header, prepared; empty before it came. */
struct str stream_host(const struct stream *stream);

#endif
