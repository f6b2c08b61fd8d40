#include "certgen/profile.h"

#include "certgen/hosts.h"

#include <openssl/bn.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <string.h>

/* RFC 5280, appendix A.1: ub-common-name. */
enum { COMMON_NAME_MAX = 64 };
/* Seconds. */
enum { CLOCK_SKEW = 3600, DAY = 86400 };

/* 16 octets whose highest bit is 0 and the next 1: positive, always as long. */
static bool
serial_set(X509 *cert)
{
	BIGNUM *number = BN_new();
	bool done = number &&
		    BN_rand(number, 127, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) &&
		    BN_to_ASN1_INTEGER(number, X509_get_serialNumber(cert));

	BN_free(number);
	return done;
}

/* Both ends are part of the validity (RFC 5280, section 4.1.2.5). */
static bool
dates_set(X509 *cert, time_t now, int days)
{
	time_t begin = now - CLOCK_SKEW;
	time_t last = begin + (time_t)days * DAY - 1;

	return ASN1_TIME_set(X509_getm_notBefore(cert), begin) &&
	       ASN1_TIME_set(X509_getm_notAfter(cert), last);
}

bool
profile_start(struct x509_st *cert, time_t now, int days)
{
	return X509_set_version(cert, X509_VERSION_3) && serial_set(cert) &&
	       dates_set(cert, now, days);
}

bool
profile_name(struct X509_name_st *name, const char *text)
{
	return X509_NAME_add_entry_by_txt(
	    name, "CN", MBSTRING_UTF8, (const unsigned char *)text, -1, -1, 0);
}

const char *
profile_common_name(const struct cert_hosts *hosts)
{
	size_t i;

	for (i = 0; i < hosts->count; i++) {
		const char *ascii = hosts->items[i].ascii;

		if (ascii && strlen(ascii) <= COMMON_NAME_MAX)
			return ascii;
	}
	return NULL;
}

bool
profile_extend(
    struct x509_st *cert, struct x509_st *issuer, int nid, const char *value)
{
	X509_EXTENSION *extension;
	X509V3_CTX context;
	bool done;

	X509V3_set_ctx_nodb(&context);
	X509V3_set_ctx(&context, issuer, cert, NULL, NULL, 0);
	extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
	done = extension && X509_add_ext(cert, extension, -1);
	X509_EXTENSION_free(extension);
	return done;
}
