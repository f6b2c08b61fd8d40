/*
 * One SSL_CTX for each PEM, chosen by the name the client asks for. The
 * private keys are read here alone.
 */
#include "server/net/tls.h"
#include "server/net/tls_private.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "cfgparse/base/buf.h"
#include "cfgparse/base/map.h"
#include "cfgparse/base/mem.h"
#include "cfgparse/hostname.h"

/* An RSA signature costs over a millisecond above this many bits. */
enum { SLOW_RSA_BITS = 2048 };

/* TLS 1.2: forward secrecy and authenticated encryption, RFC 9325 4.2. */
#define DEFAULT_CIPHERS "ECDHE+AESGCM:ECDHE+CHACHA20"

/* What was loaded at one time; frozen. Each connection keeps its own. */
struct tls_set {
	atomic_size_t users;
	SSL_CTX **by_pem;
	size_t count;
	struct map by_host; /* SSL_CTX, borrowed from by_pem */
	bool slow;
};

struct tls_context {
	pthread_mutex_t lock; /* only while one is taken or replaced */
	struct tls_set *now;
};

static pthread_once_t index_once = PTHREAD_ONCE_INIT;
static int set_index; /* of the set in an SSL object */

static void
set_drop(struct tls_set *set)
{
	if (!set || atomic_fetch_sub(&set->users, 1) > 1)
		return;
	for (size_t i = 0; i < set->count; i++)
		SSL_CTX_free(set->by_pem[i]);
	free(set->by_pem);
	map_fini(&set->by_host);
	free(set);
}

static void
on_ssl_free(void *ssl, void *set, CRYPTO_EX_DATA *data, int index, long number,
    void *arg)
{
	(void)ssl;
	(void)data;
	(void)index;
	(void)number;
	(void)arg;
	set_drop(set);
}

static void
make_index(void)
{
	set_index = SSL_get_ex_new_index(0, NULL, NULL, NULL, on_ssl_free);
	if (set_index < 0)
		abort();
}

static struct tls_set *
set_keep(const struct tls_context *context)
{
	pthread_mutex_t *lock = (pthread_mutex_t *)&context->lock;
	struct tls_set *set;

	pthread_mutex_lock(lock);
	set = context->now;
	atomic_fetch_add(&set->users, 1);
	pthread_mutex_unlock(lock);
	return set;
}

static char *
explain(const char *path, const char *what)
{
	struct buf text = { 0 };
	char reason[256];
	unsigned long code = ERR_get_error();

	ERR_error_string_n(code, reason, sizeof(reason));
	buf_printf(&text, "%s: %s", path, what);
	if (code)
		buf_printf(&text, " (%s)", reason);
	ERR_clear_error();
	return buf_take(&text);
}

static int
on_servername(SSL *ssl, int *alert, void *arg)
{
	struct tls_set *set = arg;
	const char *name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
	char host[HOSTNAME_MAX + 1];
	SSL_CTX *chosen;

	(void)alert;
	if (!name || !hostname_prepare(str_of(name), host))
		return SSL_TLSEXT_ERR_NOACK;
	chosen = map_get(&set->by_host, str_of(host));
	if (!chosen)
		return SSL_TLSEXT_ERR_NOACK;
	if (chosen != SSL_get_SSL_CTX(ssl))
		SSL_set_SSL_CTX(ssl, chosen);
	return SSL_TLSEXT_ERR_OK;
}

static int
no_pass_phrase(char *out, int size, int writing, void *arg)
{
	(void)out;
	(void)size;
	(void)writing;
	(void)arg;
	return -1;
}

static bool
apply_settings(SSL_CTX *ctx, const struct tls_settings *settings)
{
	uint64_t options = SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
			   SSL_OP_CIPHER_SERVER_PREFERENCE |
			   SSL_OP_IGNORE_UNEXPECTED_EOF;

	if (settings->no_tlsv1_2)
		options |= SSL_OP_NO_TLSv1_2;
	if (settings->no_tlsv1_3)
		options |= SSL_OP_NO_TLSv1_3;
	SSL_CTX_set_options(ctx, options);
	SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS |
				  SSL_MODE_ENABLE_PARTIAL_WRITE |
				  SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	SSL_CTX_set_read_ahead(ctx, 1);
	SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
	/* A key with a pass phrase is refused, not asked for on a terminal. */
	SSL_CTX_set_default_passwd_cb(ctx, no_pass_phrase);
	return SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION) &&
	       SSL_CTX_set_cipher_list(ctx,
		   settings->ciphers ? settings->ciphers : DEFAULT_CIPHERS);
}

static bool
has_slow_key(SSL_CTX *ctx)
{
	EVP_PKEY *key = SSL_CTX_get0_privatekey(ctx);

	return key && EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA &&
	       EVP_PKEY_get_bits(key) > SLOW_RSA_BITS;
}

static SSL_CTX *
load_pem(struct tls_set *set, const char *path,
    const struct tls_settings *settings, char **why)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());

	ERR_clear_error();
	if (!ctx || !apply_settings(ctx, settings))
		*why = explain(path, "the TLS settings are refused");
	else if (SSL_CTX_use_certificate_chain_file(ctx, path) != 1)
		*why = explain(path, "no usable certificate");
	else if (SSL_CTX_use_PrivateKey_file(ctx, path, SSL_FILETYPE_PEM) != 1)
		*why = explain(path, "no private key that fits");
	else if (SSL_CTX_check_private_key(ctx) != 1)
		*why = explain(path, "the key does not match the certificate");
	if (*why) {
		SSL_CTX_free(ctx);
		return NULL;
	}
	SSL_CTX_set_tlsext_servername_callback(ctx, on_servername);
	SSL_CTX_set_tlsext_servername_arg(ctx, set);
	set->slow |= has_slow_key(ctx);
	return ctx;
}

static struct tls_set *
set_load(const struct tls_identity *identities, size_t count,
    const struct tls_settings *settings, char **why)
{
	struct tls_set *set = mem_alloc(1, sizeof(*set));
	struct map by_path = { 0 };

	atomic_init(&set->users, 1);
	set->by_pem = mem_alloc(count, sizeof(SSL_CTX *));
	for (size_t i = 0; i < count && !*why; i++) {
		struct str path = str_of(identities[i].pem);
		SSL_CTX *ctx = map_get(&by_path, path);

		if (!ctx) {
			ctx = load_pem(set, identities[i].pem, settings, why);
			if (!ctx)
				break;
			set->by_pem[set->count++] = ctx;
			map_put(&by_path, path, ctx);
		}
		if (identities[i].host)
			map_put(&set->by_host, str_of(identities[i].host), ctx);
	}
	map_fini(&by_path);
	if (*why) {
		set_drop(set);
		return NULL;
	}
	return set;
}

struct tls_context *
tls_context_create(const struct tls_identity *identities, size_t count,
    const struct tls_settings *settings, char **why)
{
	struct tls_context *context;
	struct tls_set *set;

	*why = NULL;
	pthread_once(&index_once, make_index);
	set = set_load(identities, count, settings, why);
	if (!set)
		return NULL;
	context = mem_alloc(1, sizeof(*context));
	pthread_mutex_init(&context->lock, NULL);
	context->now = set;
	return context;
}

void
tls_context_destroy(struct tls_context **context)
{
	struct tls_context *gone = *context;

	if (!gone)
		return;
	*context = NULL;
	set_drop(gone->now);
	pthread_mutex_destroy(&gone->lock);
	free(gone);
}

void
tls_context_replace(struct tls_context *context, struct tls_context **fresh)
{
	struct tls_set *old;

	pthread_mutex_lock(&context->lock);
	old = context->now;
	context->now = (*fresh)->now;
	pthread_mutex_unlock(&context->lock);
	(*fresh)->now = old;
	tls_context_destroy(fresh);
}

SSL *
tls_context_accept(const struct tls_context *context)
{
	struct tls_set *set = set_keep(context);
	SSL *ssl = SSL_new(set->by_pem[0]);

	if (ssl && SSL_set_ex_data(ssl, set_index, set))
		return ssl;
	SSL_free(ssl);
	set_drop(set);
	return NULL;
}

bool
tls_is_slow(const SSL *ssl)
{
	const struct tls_set *set = SSL_get_ex_data(ssl, set_index);

	return set->slow;
}
