#include "certgen/probe.h"

#include "cfgparse/base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/ocsp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

enum { READ_SIZE = 16 * 1024, STATUS_REQUEST = 5, CLOCK_SKEW = 300 };

/* Everything that OpenSSL still can do, the good ones first: the server's
 * choice shows what it has to offer at best. */
#define CIPHERS "ALL:COMPLEMENTOFALL:@SECLEVEL=0"

struct probe {
	struct probe_order order;
	struct probe_facts facts;
	struct opening opening;
	int fd;
	SSL_CTX *context;
	SSL *ssl;
	BIO *in, *out;	   /* of ssl, between it and the socket; owned by it */
	struct buf unsent; /* taken out of `out` */
	size_t taken;	   /* bytes of TLS read */
};

static void
ends(struct probe *probe, enum probe_end end)
{
	if (probe->facts.end == PROBE_GOES_ON)
		probe->facts.end = end;
}

static void
tls_failed(struct probe *probe)
{
	unsigned long error = ERR_peek_last_error();
	const char *text = error ? ERR_reason_error_string(error) : NULL;

	probe->facts.other_protocol =
	    ERR_GET_REASON(error) == SSL_R_TLSV1_ALERT_NO_APPLICATION_PROTOCOL;
	snprintf(probe->facts.tls_error, sizeof(probe->facts.tls_error), "%s",
	    text ? text : "no reason given");
	ERR_clear_error();
	ends(probe, PROBE_TLS_FAILED);
}

/* --- beginning --- */

/* Puts the handshake's engine between two memory buffers. */
static bool
tls_open(struct probe *probe)
{
	static const unsigned char client[] = "\x0bxmpp-client";
	static const unsigned char server[] = "\x0bxmpp-server";
	SSL_CTX *context = SSL_CTX_new(TLS_client_method());

	probe->context = context;
	if (!context || !SSL_CTX_set_min_proto_version(context, TLS1_VERSION) ||
	    !SSL_CTX_set_cipher_list(context, CIPHERS) ||
	    (probe->order.only_old &&
		!SSL_CTX_set_max_proto_version(context, TLS1_1_VERSION)))
		return false;
	/* Without a store nothing is trusted, which the verdict then says. */
	SSL_CTX_set_default_verify_paths(context);
	probe->ssl = SSL_new(context);
	probe->in = BIO_new(BIO_s_mem());
	probe->out = BIO_new(BIO_s_mem());
	if (!probe->ssl || !probe->in || !probe->out)
		return false;
	SSL_set_bio(probe->ssl, probe->in, probe->out);
	SSL_set_connect_state(probe->ssl);
	SSL_set_tlsext_status_type(probe->ssl, TLSEXT_STATUSTYPE_ocsp);
	if (!probe->order.starttls)
		SSL_set_alpn_protos(probe->ssl,
		    probe->order.kind == OPENING_CLIENT ? client : server,
		    sizeof(client) - 1);
	return !probe->order.ascii ||
	       SSL_set_tlsext_host_name(probe->ssl, probe->order.ascii) == 1;
}

static bool
socket_open(struct probe *probe)
{
	const struct sockaddr *address =
	    (const struct sockaddr *)&probe->order.address;

	probe->fd = socket(
	    address->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	return probe->fd >= 0 &&
	       (connect(probe->fd, address, probe->order.address_len) == 0 ||
		   errno == EINPROGRESS);
}

struct probe *
probe_create(const struct probe_order *order)
{
	struct probe *probe = mem_alloc(1, sizeof(*probe));

	probe->order = *order;
	opening_init(&probe->opening, order->kind, order->domain);
	if (!socket_open(probe)) {
		probe->facts.error = errno;
		ends(probe, PROBE_NOT_CONNECTED);
	} else if (!tls_open(probe)) {
		tls_failed(probe);
	}
	return probe;
}

void
probe_destroy(struct probe **out)
{
	struct probe *probe = *out;

	if (!probe)
		return;
	if (!probe->ssl) {
		BIO_free(probe->in);
		BIO_free(probe->out);
	}
	SSL_free(probe->ssl);
	SSL_CTX_free(probe->context);
	if (probe->fd >= 0)
		close(probe->fd);
	opening_fini(&probe->opening);
	buf_fini(&probe->unsent);
	buf_fini(&probe->facts.chain);
	free(probe);
	*out = NULL;
}

/* --- what the handshake shows --- */

static void
read_chain(struct probe *probe)
{
	STACK_OF(X509) *chain = SSL_get_peer_cert_chain(probe->ssl);
	BIO *bio = BIO_new(BIO_s_mem());
	char *text;
	long len;

	for (int i = 0; i < sk_X509_num(chain) && i < PROBE_CHAIN_MAX; i++)
		PEM_write_bio_X509(bio, sk_X509_value(chain, i));
	len = BIO_get_mem_data(bio, &text);
	if (len > 0)
		buf_append(&probe->facts.chain, text, (size_t)len);
	BIO_free(bio);
}

/* RFC 7633: the certificate names the extensions that have to come. */
static bool
must_staple(const X509 *cert)
{
	TLS_FEATURE *features =
	    X509_get_ext_d2i(cert, NID_tlsfeature, NULL, NULL);
	bool must = false;

	for (int i = 0; i < sk_ASN1_INTEGER_num(features); i++)
		must = must || ASN1_INTEGER_get(sk_ASN1_INTEGER_value(
				   features, i)) == STATUS_REQUEST;
	TLS_FEATURE_free(features);
	return must;
}

/* The word of the response on the certificate, if it has one. */
static enum probe_staple
judge_single(OCSP_BASICRESP *basic, const X509 *cert, const X509 *issuer)
{
	ASN1_GENERALIZEDTIME *from, *until;
	OCSP_CERTID *id;
	int status, reason, found;

	for (int i = 0; i < OCSP_resp_count(basic); i++) {
		OCSP_SINGLERESP *one = OCSP_resp_get0(basic, i);
		const EVP_MD *digest = NULL;
		ASN1_OBJECT *name;

		OCSP_id_get0_info(NULL, &name, NULL, NULL,
		    (OCSP_CERTID *)OCSP_SINGLERESP_get0_id(one));
		digest = EVP_get_digestbyobj(name);
		id = digest ? OCSP_cert_to_id(digest, cert, issuer) : NULL;
		found =
		    id && OCSP_id_cmp(id, OCSP_SINGLERESP_get0_id(one)) == 0;
		OCSP_CERTID_free(id);
		if (!found)
			continue;
		status =
		    OCSP_single_get0_status(one, &reason, NULL, &from, &until);
		if (!OCSP_check_validity(from, until, CLOCK_SKEW, -1))
			return STAPLE_STALE;
		return status == V_OCSP_CERTSTATUS_GOOD	     ? STAPLE_GOOD
		       : status == V_OCSP_CERTSTATUS_REVOKED ? STAPLE_REVOKED
							     : STAPLE_UNKNOWN;
	}
	return STAPLE_BROKEN;
}

/* Whether the chain's issuer, or somebody it entrusted with it, signed. Where
 * the chain is not trusted itself, that can't be told. */
static bool
signed_well(SSL *ssl, OCSP_BASICRESP *basic, STACK_OF(X509) * chain)
{
	X509_STORE *store = SSL_CTX_get_cert_store(SSL_get_SSL_CTX(ssl));

	return SSL_get_verify_result(ssl) != X509_V_OK ||
	       OCSP_basic_verify(basic, chain, store, OCSP_TRUSTOTHER) == 1;
}

static enum probe_staple
read_staple(SSL *ssl)
{
	STACK_OF(X509) *chain = SSL_get_peer_cert_chain(ssl);
	enum probe_staple staple = STAPLE_BROKEN;
	OCSP_RESPONSE *response;
	OCSP_BASICRESP *basic;
	const unsigned char *der;
	long len = SSL_get_tlsext_status_ocsp_resp(ssl, &der);

	if (len <= 0)
		return STAPLE_NONE;
	response = d2i_OCSP_RESPONSE(NULL, &der, len);
	basic = response && OCSP_response_status(response) ==
				OCSP_RESPONSE_STATUS_SUCCESSFUL
		    ? OCSP_response_get1_basic(response)
		    : NULL;
	if (basic && sk_X509_num(chain) > 1 && signed_well(ssl, basic, chain))
		staple = judge_single(
		    basic, sk_X509_value(chain, 0), sk_X509_value(chain, 1));
	OCSP_BASICRESP_free(basic);
	OCSP_RESPONSE_free(response);
	return staple;
}

static void
read_cipher(struct probe *probe)
{
	const SSL_CIPHER *cipher = SSL_get_current_cipher(probe->ssl);
	struct probe_facts *facts = &probe->facts;
	int exchange = SSL_CIPHER_get_kx_nid(cipher);

	facts->version = SSL_version(probe->ssl);
	facts->version_text = SSL_get_version(probe->ssl);
	facts->cipher = SSL_CIPHER_get_name(cipher);
	facts->cipher_bits = SSL_CIPHER_get_bits(cipher, NULL);
	facts->forward_secret = exchange == NID_kx_any ||
				exchange == NID_kx_ecdhe ||
				exchange == NID_kx_dhe;
	facts->authenticated = SSL_CIPHER_get_auth_nid(cipher) != NID_auth_null;
}

static void
handshake_done(struct probe *probe)
{
	struct probe_facts *facts = &probe->facts;
	X509 *cert = SSL_get0_peer_certificate(probe->ssl);

	read_cipher(probe);
	read_chain(probe);
	facts->verify_error = SSL_get_verify_result(probe->ssl);
	facts->verify_text = X509_verify_cert_error_string(facts->verify_error);
	facts->must_staple = cert && must_staple(cert);
	facts->staple = read_staple(probe->ssl);
	ERR_clear_error();
	ends(probe, PROBE_DONE);
}

/* --- going on --- */

static void
step_tls(struct probe *probe)
{
	int result, error;

	ERR_clear_error();
	result = SSL_do_handshake(probe->ssl);
	error = SSL_get_error(probe->ssl, result);
	if (result == 1) {
		SSL_shutdown(probe->ssl);
		handshake_done(probe);
	} else if (error != SSL_ERROR_WANT_READ) {
		tls_failed(probe);
	}
}

/* What is to be sent now. */
static struct buf *
unsent(struct probe *probe)
{
	char *bytes;
	long len;

	if (probe->facts.phase == PROBE_BEFORE_TLS)
		return &probe->opening.out;
	len = BIO_get_mem_data(probe->out, &bytes);
	if (len > 0)
		buf_append(&probe->unsent, bytes, (size_t)len);
	(void)BIO_reset(probe->out);
	return &probe->unsent;
}

/* Sends what there is; what a full socket doesn't take stays. */
static void
flush(struct probe *probe)
{
	struct buf *out = unsent(probe);
	ssize_t sent;

	while (out->len > 0) {
		sent = send(probe->fd, out->data, out->len, MSG_NOSIGNAL);
		if (sent < 0 && errno == EINTR)
			continue;
		/* That it was closed is met when reading, behind what the
		 * server said before. */
		if (sent < 0)
			return;
		buf_consume(out, (size_t)sent);
	}
}

static void
take_clear(struct probe *probe, const char *bytes, size_t len)
{
	opening_feed(&probe->opening, bytes, len);
	if (probe->opening.end == OPENING_GOES_ON)
		return;
	if (probe->opening.end != OPENING_TLS) {
		ends(probe, PROBE_OPENING);
		return;
	}
	probe->facts.phase = PROBE_HANDSHAKE;
	step_tls(probe);
}

static void
take(struct probe *probe, const char *bytes, size_t len)
{
	if (probe->facts.phase == PROBE_BEFORE_TLS) {
		take_clear(probe, bytes, len);
		return;
	}
	probe->taken += len;
	if (probe->taken > PROBE_HANDSHAKE_MAX) {
		ends(probe, PROBE_TLS_TOO_LARGE);
		return;
	}
	if (BIO_write(probe->in, bytes, (int)len) != (int)len)
		tls_failed(probe);
	else
		step_tls(probe);
}

static bool
connected(struct probe *probe)
{
	struct pollfd ready = { probe->fd, POLLOUT, 0 };
	int error = 0;
	socklen_t len = sizeof(error);

	if (poll(&ready, 1, 0) <= 0)
		return false;
	if (getsockopt(probe->fd, SOL_SOCKET, SO_ERROR, &error, &len) < 0)
		error = errno;
	if (error) {
		probe->facts.error = error;
		ends(probe, PROBE_NOT_CONNECTED);
		return false;
	}
	probe->facts.phase =
	    probe->order.starttls ? PROBE_BEFORE_TLS : PROBE_HANDSHAKE;
	if (!probe->order.starttls)
		step_tls(probe);
	return true;
}

void
probe_step(struct probe *probe)
{
	char bytes[READ_SIZE];
	ssize_t len;

	if (probe->facts.end != PROBE_GOES_ON ||
	    (probe->facts.phase == PROBE_CONNECTING && !connected(probe)))
		return;
	flush(probe);
	while (probe->facts.end == PROBE_GOES_ON) {
		len = recv(probe->fd, bytes, sizeof(bytes), 0);
		if (len < 0 && errno == EINTR)
			continue;
		if (len < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
			break;
		if (len <= 0)
			ends(probe, PROBE_CLOSED);
		else
			take(probe, bytes, (size_t)len);
		flush(probe);
	}
}

int
probe_fd(const struct probe *probe)
{
	return probe->fd;
}

short
probe_events(const struct probe *probe)
{
	if (probe->facts.phase == PROBE_CONNECTING || probe->unsent.len > 0 ||
	    (probe->facts.phase == PROBE_BEFORE_TLS &&
		probe->opening.out.len > 0))
		return POLLIN | POLLOUT;
	return POLLIN;
}

const struct probe_facts *
probe_facts(const struct probe *probe)
{
	return &probe->facts;
}

const struct opening *
probe_opening(const struct probe *probe)
{
	return &probe->opening;
}
