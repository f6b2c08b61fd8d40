#ifndef STREAM_PRIVATE_H
#define STREAM_PRIVATE_H
/* What the files of this room share; included inside stream/ only. */
#include "cfgparse/base/arena.h"
#include "server/auth/sasl.h"
#include "server/loop/loop.h"
#include "server/net/conn.h"
#include "server/stream/stream.h"
#include "server/xmpp/stanza.h"

#define NS_STREAM "http://etherx.jabber.org/streams"
#define NS_TLS "urn:ietf:params:xml:ns:xmpp-tls"
#define NS_SASL "urn:ietf:params:xml:ns:xmpp-sasl"
#define NS_BIND "urn:ietf:params:xml:ns:xmpp-bind"
#define NS_SESSION "urn:ietf:params:xml:ns:xmpp-session"
#define NS_STREAM_ERRORS "urn:ietf:params:xml:ns:xmpp-streams"

enum stream_state {
	STATE_HEADER,	 /* waiting for a stream header */
	STATE_NEGOTIATE, /* features sent, not logged in */
	STATE_SASL,	 /* waiting for a <response/> */
	STATE_KEYS,	 /* waiting for the owner's stream_keys */
	STATE_SLOW,	 /* a helper thread works on the exchange */
	STATE_MOVING,	 /* between on_login and stream_go_on */
	STATE_BIND,	 /* logged in, waiting for the bind request */
	STATE_BINDING,	 /* waiting for the owner's answer to it */
	STATE_BOUND,
	STATE_CLOSING, /* the last words are queued */
	STATE_ENDED,   /* no connection any more */
};

struct stream {
	struct turn_end overflow; /* must stay first */
	struct loop *loop;
	struct conn *conn; /* NULL once ended */
	struct xml_parser *parser;
	const struct stream_settings *settings;
	const struct stream_ops *ops;
	void *arg;
	struct timer *auth_timer; /* until login, then until bound */
	struct arena arena;	  /* host and account: the stream's life long */
	enum stream_state state;
	unsigned pauses;
	bool logged_in;
	bool header_sent;
	bool quiet;
	bool overrun;	       /* something was left out: it has to end */
	bool feeding;	       /* inside xml_parser_feed */
	unsigned failures;     /* of SASL */
	unsigned sasl_offered; /* mechanisms, this stream header */
	unsigned sasl_allowed; /* by the host */
	struct sasl *sasl;
	enum sasl_mechanism mechanism;
	bool zombie; /* destroyed while a helper thread has its sasl */
	struct str host;
	struct str lang;	/* of the client's last header; empty: none */
	struct str header_from; /* of the header being read: bare */
	struct jid account;	/* bare; full once bound */
	struct str bind_id;
	const char *end_reason;
};

/* Where to append what the client is to read. */
struct buf *stream_output(struct stream *stream);
/* The parser, if it is at work, ends at this element's border. */
void stream_stop_parser(struct stream *stream);
/* Goes to STATE_CLOSING with reason kept for on_end. */
void stream_shut(struct stream *stream, const char *reason);

/* stream_sasl.c */
/* Appends <mechanisms/> and remembers what was offered. */
void stream_offer_sasl(struct stream *stream, struct buf *out);
/* An element of the SASL namespace. */
void stream_sasl_element(struct stream *stream, struct xml_node *root);
void stream_sasl_drop(struct stream *stream);

/* stream_bind.c */
/* A stanza after login and before binding. */
void stream_bind_stanza(struct stream *stream, struct stanza **stanza);
/* True where it is an iq that the stream itself answers (session, bind). */
bool stream_bound_iq(struct stream *stream, struct stanza **stanza);

#endif
