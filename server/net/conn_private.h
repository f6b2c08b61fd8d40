#ifndef NET_CONN_PRIVATE_H
#define NET_CONN_PRIVATE_H
/* What the files of a connection share: its life (conn.c), bytes (conn_io.c)
 * and TLS (conn_tls.c). Included inside net/ only. */
#include <stdbool.h>
#include <sys/socket.h>

#include <openssl/ssl.h>

#include "cfgparse/base/buf.h"
#include "server/loop/loop.h"
#include "server/net/conn.h"

enum {
	CONN_SCRATCH = 16 * 1024, /* bytes of a thread's read buffer */
	CONN_PEER_TEXT = 64,
};

enum conn_state {
	CONN_OPEN,
	CONN_HANDSHAKE,
	CONN_FLUSHING, /* conn_finish: output under way */
	CONN_DRAINING, /* our side is closed, waiting for the peer's */
	CONN_DEAD,     /* closed; freed when nothing refers to it */
};

struct net {
	struct loop *loop;
	char *scratch;
	struct buf spare; /* an empty output buffer looking for work */
};

struct conn {
	struct turn_end turn_end; /* must stay first */
	struct net *net;	  /* NULL while detached */
	const struct conn_events *events;
	void *arg;
	struct watch *watch;
	struct timer *finish_timer;
	SSL *ssl;
	struct buf out;
	struct buf unread;
	int fd;
	enum conn_state state;
	enum conn_end end;
	bool paused;
	bool want_write; /* the socket's buffer is full */
	bool pump_again; /* bytes wait inside TLS or in unread */
	bool in_callback;
	bool offloaded; /* a helper thread owns ssl */
	int handshake_result;
	int handshake_error;
	char *why;
	struct sockaddr_storage address;
	char peer[CONN_PEER_TEXT];
};

/* conn.c */
/* Flushing, and pumping where wanted, at the end of this turn. */
void conn_schedule(struct conn *conn);
/* Has the loop report what the state asks for. */
void conn_update_watch(struct conn *conn);
/* Leaves the loop, tells the owner, and frees it unless a helper has it. */
void conn_report_end(struct conn *conn, enum conn_end end);
void conn_free(struct conn *conn);

/* conn_io.c */
/* Writes what the kernel takes. False: the connection has failed. */
bool conn_flush(struct conn *conn);
/* Reads for as long as there is something and the owner wants it, up to a fair
 * share. False: the connection is gone, and conn with it. */
bool conn_pump(struct conn *conn);
/* Discards what the peer still sends after our end; true at its end. */
bool conn_drain(struct conn *conn);

/* conn_tls.c */
/* One step, here or on a helper thread. conn may be gone afterwards. */
void conn_handshake(struct conn *conn);
/* Keeps OpenSSL's reason for conn_why. */
void conn_note_tls_error(struct conn *conn, const char *what);

#endif
