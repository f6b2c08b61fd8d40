/*
 * TLS on a connection: with which key a handshake runs on which thread, and
 * what ends while a helper thread works on it. The test's own SSL_accept stands
 * before OpenSSL's, notes its thread and can be made to wait.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "server/loop/loop.h"
#include "server/net/conn.h"
#include "server/net/tls.h"

static pthread_t main_thread;
static sem_t entered, let_go;
static bool wait_inside;
static _Atomic int steps_here, steps_elsewhere;

int
SSL_accept(SSL *ssl)
{
	if (pthread_equal(pthread_self(), main_thread))
		steps_here++;
	else
		steps_elsewhere++;
	if (wait_inside) {
		sem_post(&entered);
		sem_wait(&let_go);
	}
	if (SSL_in_before(ssl))
		SSL_set_accept_state(ssl);
	return SSL_do_handshake(ssl);
}

/* --- certificates --- */

static void
write_pem(EVP_PKEY *key, const char *path)
{
	X509 *cert = X509_new();
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	X509_set_version(cert, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(cert), 1);
	X509_gmtime_adj(X509_getm_notBefore(cert), -60);
	X509_gmtime_adj(X509_getm_notAfter(cert), 3600);
	X509_NAME_add_entry_by_txt(X509_get_subject_name(cert), "CN",
	    MBSTRING_ASC, (const unsigned char *)"localhost", -1, -1, 0);
	X509_set_issuer_name(cert, X509_get_subject_name(cert));
	X509_set_pubkey(cert, key);
	assert_true(X509_sign(cert, key, EVP_sha256()) > 0);
	assert_true(PEM_write_X509(file, cert));
	assert_true(PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL));
	fclose(file);
	X509_free(cert);
	EVP_PKEY_free(key);
}

static struct tls_context *
context_with(EVP_PKEY *key)
{
	char path[] = "/tmp/xmppd-tls.XXXXXX";
	struct tls_identity identity = { NULL, path };
	struct tls_settings settings = { 0 };
	struct tls_context *context;
	char *why = NULL;
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	close(fd);
	assert_non_null(key);
	write_pem(key, path);
	context = tls_context_create(&identity, 1, &settings, &why);
	if (!context)
		fail_msg("%s", why);
	unlink(path);
	return context;
}

/* --- two ends --- */

struct pair {
	struct loop *loop;
	struct net *net;
	struct tls_context *tls;
	struct conn *conn;
	SSL_CTX *client_ctx;
	SSL *client;
	int other;
	int secure, ends;
	enum conn_end end;
	char got[64];
	size_t got_len;
};

static size_t
on_bytes(void *arg, const char *bytes, size_t len)
{
	struct pair *pair = arg;

	assert_true(pair->got_len + len < sizeof(pair->got));
	memcpy(pair->got + pair->got_len, bytes, len);
	pair->got_len += len;
	return len;
}

static void
on_secure(void *arg)
{
	((struct pair *)arg)->secure++;
}

static void
on_end(void *arg, enum conn_end end)
{
	struct pair *pair = arg;

	pair->conn = NULL;
	pair->ends++;
	pair->end = end;
}

static const struct conn_events events = { on_bytes, on_secure, on_end };

static void
open_pair_of(struct pair *pair, EVP_PKEY *key, int newest)
{
	int ends[2];

	memset(pair, 0, sizeof(*pair));
	steps_here = steps_elsewhere = 0;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	fcntl(ends[1], F_SETFL, O_NONBLOCK);
	pair->other = ends[1];
	pair->tls = context_with(key);
	pair->loop = loop_create();
	pair->net = net_create(pair->loop);
	pair->conn = conn_open(pair->net, ends[0], &events, pair);
	assert_true(conn_start_tls(pair->conn, pair->tls));
	pair->client_ctx = SSL_CTX_new(TLS_client_method());
	SSL_CTX_set_max_proto_version(pair->client_ctx, newest);
	pair->client = SSL_new(pair->client_ctx);
	SSL_set_fd(pair->client, pair->other);
	SSL_set_connect_state(pair->client);
	SSL_do_handshake(pair->client); /* the ClientHello */
}

static void
open_pair(struct pair *pair, EVP_PKEY *key)
{
	open_pair_of(pair, key, TLS1_3_VERSION);
}

static void
close_pair(struct pair *pair)
{
	conn_close(&pair->conn);
	SSL_free(pair->client);
	SSL_CTX_free(pair->client_ctx);
	close(pair->other);
	net_destroy(&pair->net);
	loop_destroy(&pair->loop);
	tls_context_destroy(&pair->tls);
}

static void
shake_hands(struct pair *pair)
{
	while (!pair->secure || !SSL_is_init_finished(pair->client)) {
		loop_turn(pair->loop);
		SSL_do_handshake(pair->client);
		assert_int_equal(pair->ends, 0);
	}
}

static void
talk(struct pair *pair)
{
	char answer[16];
	size_t len = 0;

	assert_int_equal(SSL_write(pair->client, "hello", 5), 5);
	while (pair->got_len < 5)
		loop_turn(pair->loop);
	assert_memory_equal(pair->got, "hello", 5);
	buf_puts(conn_output(pair->conn), "welcome");
	while (!SSL_read_ex(pair->client, answer, sizeof(answer), &len))
		loop_turn(pair->loop);
	assert_int_equal(len, 7);
	assert_memory_equal(answer, "welcome", 7);
}

static void
test_large_keys_sign_on_helper_threads(void **state)
{
	struct pair pair;

	(void)state;
	open_pair(&pair, EVP_RSA_gen(3072));
	shake_hands(&pair);
	talk(&pair);
	assert_int_equal(steps_here, 0);
	assert_true(steps_elsewhere > 0);
	close_pair(&pair);
}

static void
test_small_keys_need_no_helper(void **state)
{
	struct pair pair;

	(void)state;
	open_pair(&pair, EVP_EC_gen("P-256"));
	shake_hands(&pair);
	talk(&pair);
	assert_true(steps_here > 0);
	assert_int_equal(steps_elsewhere, 0);
	close_pair(&pair);
}

/* Both ends know the same secret (RFC 9266), which no other connection has. */
static void
test_exporter_binds_the_connection(void **state)
{
	static const char label[] = "EXPORTER-Channel-Binding";
	uint8_t ours[CONN_BINDING_MAX], theirs[32];
	struct pair pair;

	(void)state;
	for (int old = 0; old < 2; old++) {
		open_pair_of(&pair, EVP_EC_gen("P-256"),
		    old ? TLS1_2_VERSION : TLS1_3_VERSION);
		shake_hands(&pair);
		assert_int_equal(conn_tls_exporter(pair.conn, ours), 32);
		assert_int_equal(
		    SSL_export_keying_material(pair.client, theirs,
			sizeof(theirs), label, sizeof(label) - 1, NULL, 0, 0),
		    1);
		assert_memory_equal(ours, theirs, sizeof(theirs));
		close_pair(&pair);
	}
}

/* A helper thread sits inside the handshake's first step. */
static void
begin_waiting(struct pair *pair)
{
	wait_inside = true;
	open_pair(pair, EVP_RSA_gen(3072));
	while (sem_trywait(&entered) != 0)
		loop_turn(pair->loop);
	wait_inside = false;
}

static void
test_finish_during_a_slow_handshake(void **state)
{
	struct pair pair;

	(void)state;
	begin_waiting(&pair);
	buf_puts(conn_output(pair.conn), "never to be said in clear");
	conn_finish(pair.conn);
	loop_turn(pair.loop);
	assert_int_equal(pair.ends, 0);
	sem_post(&let_go);
	SSL_free(pair.client);
	pair.client = NULL;
	shutdown(pair.other, SHUT_WR);
	while (!pair.ends)
		loop_turn(pair.loop);
	assert_int_equal(pair.end, CONN_FINISHED);
	assert_int_equal(pair.secure, 0);
	close_pair(&pair);
}

static void
test_close_during_a_slow_handshake(void **state)
{
	struct pair pair;

	(void)state;
	begin_waiting(&pair);
	assert_false(conn_may_detach(pair.conn));
	conn_close(&pair.conn);
	loop_turn(pair.loop);
	sem_post(&let_go);
	close_pair(&pair);
	assert_int_equal(pair.ends, 0);
	assert_int_equal(pair.secure, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_large_keys_sign_on_helper_threads),
		cmocka_unit_test(test_small_keys_need_no_helper),
		cmocka_unit_test(test_exporter_binds_the_connection),
		cmocka_unit_test(test_finish_during_a_slow_handshake),
		cmocka_unit_test(test_close_during_a_slow_handshake),
	};

	signal(SIGPIPE, SIG_IGN); /* as the server does */
	main_thread = pthread_self();
	sem_init(&entered, 0, 0);
	sem_init(&let_go, 0, 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
