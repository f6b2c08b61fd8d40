/*
 * One SSL_CTX for each PEM, chosen by the name the client asks for. The
 * private keys are read once, here.
 */
#include "server/net/tls.h"
#include "server/net/tls_private.h"

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

struct tls_context {
	SSL_CTX **by_pem;
	size_t count;
	struct map by_host; /* SSL_CTX, borrowed from by_pem */
	bool slow;
};

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
	struct tls_context *context = arg;
	const char *name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
	char host[HOSTNAME_MAX + 1];
	SSL_CTX *chosen;

	(void)alert;
	if (!name || !hostname_prepare(str_of(name), host))
		return SSL_TLSEXT_ERR_NOACK;
	chosen = map_get(&context->by_host, str_of(host));
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
load_pem(struct tls_context *context, const char *path,
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
	SSL_CTX_set_tlsext_servername_arg(ctx, context);
	context->slow |= has_slow_key(ctx);
	return ctx;
}

struct tls_context *
tls_context_create(const struct tls_identity *identities, size_t count,
    const struct tls_settings *settings, char **why)
{
	struct tls_context *context = mem_alloc(1, sizeof(*context));
	struct map by_path = { 0 };

	*why = NULL;
	context->by_pem = mem_alloc(count, sizeof(SSL_CTX *));
	for (size_t i = 0; i < count && !*why; i++) {
		struct str path = str_of(identities[i].pem);
		SSL_CTX *ctx = map_get(&by_path, path);

		if (!ctx) {
			ctx =
			    load_pem(context, identities[i].pem, settings, why);
			if (!ctx)
				break;
			context->by_pem[context->count++] = ctx;
			map_put(&by_path, path, ctx);
		}
		if (identities[i].host)
			map_put(
			    &context->by_host, str_of(identities[i].host), ctx);
	}
	map_fini(&by_path);
	if (*why)
		tls_context_destroy(&context);
	return context;
}

void
tls_context_destroy(struct tls_context **context)
{
	struct tls_context *gone = *context;

	if (!gone)
		return;
	*context = NULL;
	for (size_t i = 0; i < gone->count; i++)
		SSL_CTX_free(gone->by_pem[i]);
	free(gone->by_pem);
	map_fini(&gone->by_host);
	free(gone);
}

bool
tls_context_is_slow(const struct tls_context *context)
{
	return context->slow;
}

SSL *
tls_context_accept(const struct tls_context *context)
{
	return SSL_new(context->by_pem[0]);
}
