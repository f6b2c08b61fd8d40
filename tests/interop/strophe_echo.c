/*
 * A client on libstrophe: logs in over STARTTLS, says hello to JID, and ends
 * with status 0 once a message has come back. What it got is on stdout.
 *
 *	strophe_echo JID PASSWORD HOST PORT TO
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <strophe.h>

struct client {
	xmpp_ctx_t *ctx;
	const char *to;
	bool answered;
};

/* The certificate is self-signed. */
static int
trust(const xmpp_tlscert_t *cert, const char *error)
{
	(void)cert;
	(void)error;
	return 1;
}

static int
on_message(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *arg)
{
	struct client *client = arg;
	char *text = xmpp_message_get_body(stanza);

	if (!text)
		return 1;
	printf("message %s: %s\n", xmpp_stanza_get_from(stanza), text);
	xmpp_free(client->ctx, text);
	client->answered = true;
	xmpp_disconnect(conn);
	return 0;
}

static void
say_hello(xmpp_conn_t *conn, struct client *client)
{
	xmpp_stanza_t *presence = xmpp_presence_new(client->ctx);
	xmpp_stanza_t *hello =
	    xmpp_message_new(client->ctx, "chat", client->to, "hello-1");

	xmpp_send(conn, presence);
	xmpp_stanza_release(presence);
	xmpp_message_set_body(hello, "hello <&> from libstrophe");
	xmpp_send(conn, hello);
	xmpp_stanza_release(hello);
}

static void
on_connection(xmpp_conn_t *conn, xmpp_conn_event_t event, int error,
    xmpp_stream_error_t *stream_error, void *arg)
{
	struct client *client = arg;

	if (event != XMPP_CONN_CONNECT) {
		printf("ended: %d %s\n", error,
		    stream_error && stream_error->text ? stream_error->text
						       : "");
		xmpp_stop(client->ctx);
		return;
	}
	printf("connected %s %s\n", xmpp_conn_get_bound_jid(conn),
	    xmpp_conn_is_secured(conn) ? "with TLS" : "without TLS");
	xmpp_handler_add(conn, on_message, NULL, "message", NULL, client);
	say_hello(conn, client);
}

int
main(int argc, char **argv)
{
	struct client client = { 0 };
	xmpp_conn_t *conn;

	if (argc != 6)
		return 2;
	xmpp_initialize();
	client.ctx =
	    xmpp_ctx_new(NULL, xmpp_get_default_logger(XMPP_LEVEL_DEBUG));
	client.to = argv[5];
	conn = xmpp_conn_new(client.ctx);
	xmpp_conn_set_flags(conn, XMPP_CONN_FLAG_MANDATORY_TLS);
	xmpp_conn_set_certfail_handler(conn, trust);
	xmpp_conn_set_jid(conn, argv[1]);
	xmpp_conn_set_pass(conn, argv[2]);
	if (xmpp_connect_client(conn, argv[3], (unsigned short)atoi(argv[4]),
		on_connection, &client) == XMPP_EOK)
		xmpp_run(client.ctx);
	xmpp_conn_release(conn);
	xmpp_ctx_free(client.ctx);
	xmpp_shutdown();
	return client.answered ? 0 : 1;
}
