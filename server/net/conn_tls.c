/*
 * TLS of a connection: the handshake, on a helper thread where its signature
 * is slow, and channel binding data (RFC 9266, RFC 5929).
 */
#include "server/net/conn_private.h"

#include <stdlib.h>

#include <openssl/err.h>

#include "cfgparse/base/mem.h"
#include "server/net/tls.h"
#include "server/net/tls_private.h"

void
conn_note_tls_error(struct conn *conn, const char *what)
{
	struct buf text = { 0 };
	unsigned long code = ERR_get_error();
	const char *reason = code ? ERR_reason_error_string(code) : NULL;

	/* Without an error of OpenSSL's the socket ended. */
	if (!reason)
		reason = code ? "unknown reason" : "the connection ended";
	buf_printf(&text, "%s: %s", what, reason);
	free(conn->why);
	conn->why = buf_take(&text);
	ERR_clear_error();
}

static void
handshake_step(void *arg)
{
	struct conn *conn = arg;

	if (tls_is_slow(conn->ssl))
		loop_assert_outside();
	ERR_clear_error();
	conn->handshake_result = SSL_accept(conn->ssl);
	conn->handshake_error =
	    SSL_get_error(conn->ssl, conn->handshake_result);
	if (conn->handshake_result != 1 &&
	    conn->handshake_error != SSL_ERROR_WANT_READ &&
	    conn->handshake_error != SSL_ERROR_WANT_WRITE)
		conn_note_tls_error(conn, "handshake");
}

static void
on_handshake_step(struct conn *conn)
{
	conn->want_write = false;
	if (conn->handshake_result == 1) {
		conn->state = CONN_OPEN;
		conn->pump_again = true;
		conn->in_callback = true;
		conn->events->on_secure(conn->arg);
		conn->in_callback = false;
		if (conn->state == CONN_DEAD) {
			conn_free(conn);
			return;
		}
		conn_update_watch(conn);
		conn_schedule(conn);
		return;
	}
	if (conn->handshake_error == SSL_ERROR_WANT_WRITE)
		conn->want_write = true;
	else if (conn->handshake_error != SSL_ERROR_WANT_READ) {
		conn_report_end(conn, CONN_TLS_FAILED);
		return;
	}
	conn_update_watch(conn);
}

static void
on_offloaded_step(void *arg)
{
	struct conn *conn = arg;

	conn->offloaded = false;
	if (conn->state == CONN_DEAD)
		conn_free(conn);
	else if (conn->state == CONN_HANDSHAKE)
		on_handshake_step(conn);
	else
		conn_schedule(conn);
}

void
conn_handshake(struct conn *conn)
{
	if (!tls_is_slow(conn->ssl)) {
		handshake_step(conn);
		on_handshake_step(conn);
		return;
	}
	conn->offloaded = true;
	conn_update_watch(conn);
	if (!offload(
		conn->net->loop, handshake_step, on_offloaded_step, conn)) {
		conn->offloaded = false;
		free(conn->why);
		conn->why = mem_strdup("too many handshakes at once");
		conn_report_end(conn, CONN_TLS_FAILED);
	}
}

bool
conn_start_tls(struct conn *conn, const struct tls_context *context)
{
	if (conn->unread.len || conn->ssl)
		return false;
	/* What was said in clear leaves before TLS owns the descriptor; it
	 * is one small element and fits any socket buffer. */
	if (conn->out.len && (!conn_flush(conn) || conn->out.len))
		return false;
	conn->ssl = tls_context_accept(context);
	if (!conn->ssl || !SSL_set_fd(conn->ssl, conn->fd))
		return false;
	conn->state = CONN_HANDSHAKE;
	return true;
}

bool
conn_is_tls(const struct conn *conn)
{
	return conn->ssl && conn->state != CONN_HANDSHAKE;
}

size_t
conn_tls_exporter(struct conn *conn, uint8_t out[CONN_BINDING_MAX])
{
	static const char label[] = "EXPORTER-Channel-Binding";
	enum { EXPORTED = 32 };

	if (!conn_is_tls(conn))
		return 0;
	/* In TLS 1.2 the exporter is bound only with the extended master
	 * secret (RFC 9266 section 3). */
	if (SSL_version(conn->ssl) < TLS1_3_VERSION &&
	    SSL_get_extms_support(conn->ssl) != 1)
		return 0;
	if (SSL_export_keying_material(conn->ssl, out, EXPORTED, label,
		sizeof(label) - 1, NULL, 0, 0) != 1)
		return 0;
	return EXPORTED;
}

size_t
conn_tls_end_point(struct conn *conn, uint8_t out[CONN_BINDING_MAX])
{
	X509 *certificate;
	const EVP_MD *digest;
	unsigned len = 0;
	int hash = NID_undef;

	if (!conn_is_tls(conn))
		return 0;
	certificate = SSL_get_certificate(conn->ssl);
	if (!certificate)
		return 0;
	OBJ_find_sigid_algs(X509_get_signature_nid(certificate), &hash, NULL);
	/* RFC 5929 4.1: MD5 and SHA-1 count as SHA-256. Signatures without a
	 * hash of their own (Ed25519) have no such binding. */
	if (hash == NID_md5 || hash == NID_sha1)
		hash = NID_sha256;
	digest = hash == NID_undef ? NULL : EVP_get_digestbynid(hash);
	if (!digest || EVP_MD_get_size(digest) > CONN_BINDING_MAX ||
	    X509_digest(certificate, digest, out, &len) != 1)
		return 0;
	return len;
}
