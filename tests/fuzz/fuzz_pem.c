/*
 * Foreign bytes through the judge of PEMs and through what check --fix and join
 * read. An input that begins with D, K or P is a list of changes (two bytes of
 * offset, one of value) to a good certificate, key or PKCS#12, so that what
 * lies behind base64 is reached too. These are made from fixed keys and a fixed
 * date: findings can be repeated.
 */
#include "certgen/pem_check.h"

#include "certgen/hosts.h"
#include "certgen/pem.h"
#include "certgen/pem_parts.h"
#include "certgen/certificate.h"
#include "cfgparse/base/arena.h"
#include "cfgparse/findings.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const time_t fixed_time = 1800000000;
static const struct cert_host hosts[] = { { .name = "example.org" },
	{ .name = "conference.example.net", .role = CFG_ROLE_SERVICE } };

/* A PKCS#8 key of P-256 whose secret number is 1. */
static const unsigned char ec_key[] =
    "\x30\x81\x87\x02\x01\x00\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02"
    "\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x04\x6d\x30\x6b\x02"
    "\x01\x01\x04\x20\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
    "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
    "\x00\x00\x00\x01\xa1\x44\x03\x42\x00\x04\x6b\x17\xd1\xf2\xe1\x2c"
    "\x42\x47\xf8\xbc\xe6\xe5\x63\xa4\x40\xf2\x77\x03\x7d\x81\x2d\xeb"
    "\x33\xa0\xf4\xa1\x39\x45\xd8\x98\xc2\x96\x4f\xe3\x42\xe2\xfe\x1a"
    "\x7f\x9b\x8e\xe7\xeb\x4a\x7c\x0f\x9e\x16\x2b\xce\x33\x57\x6b\x31"
    "\x5e\xce\xcb\xb6\x40\x68\x37\xbf\x51\xf5";

static EVP_PKEY *key;
static struct str good_cert, good_key, good_bag;
static FILE *nowhere;

static struct str
taken(int len, unsigned char *bytes)
{
	if (len <= 0)
		abort();
	return (struct str){ (char *)bytes, (size_t)len };
}

/* Without encryption and MAC, so that nothing of it is random. */
static void
make_bag(X509 *cert)
{
	PKCS12 *bag =
	    PKCS12_create(NULL, "x", key, cert, NULL, -1, -1, 0, -1, 0);
	unsigned char *bytes = NULL;
	int len = i2d_PKCS12(bag, &bytes);

	good_bag = taken(len, bytes);
	PKCS12_free(bag);
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	static const unsigned char seed[32] = "a fixed key, for fuzzing only";
	struct arena arena = { 0 };
	struct cert_hosts names = { 0 };
	struct cert_request request = { &names, 90, fixed_time };
	unsigned char *bytes = NULL;
	X509 *cert;
	int len;

	(void)argc;
	(void)argv;
	key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, 32);
	cert_hosts_add(&arena, &names, hosts[0].name, CFG_ROLE_ACCOUNTS);
	cert_hosts_add(&arena, &names, "192.0.2.1", CFG_ROLE_ACCOUNTS);
	cert = certificate_make(&request, key);
	if (!cert)
		abort();
	ASN1_INTEGER_set(X509_get_serialNumber(cert), 1);
	X509_sign(cert, key, NULL);
	len = i2d_X509(cert, &bytes);
	good_cert = taken(len, bytes);
	good_key = (struct str){ (const char *)ec_key, sizeof(ec_key) - 1 };
	make_bag(cert);
	X509_free(cert);
	arena_fini(&arena);
	nowhere = fopen("/dev/null", "w");
	return nowhere ? 0 : 1;
}

static void
judge(struct str bytes)
{
	struct pem_demand demand = {
		.hosts = hosts, .host_count = 2, .now = fixed_time
	};
	struct findings_options options = { .format = FORMAT_TEXT };
	struct findings *findings = findings_create("fuzz");
	struct arena arena = { 0 };

	pem_check_bytes(&arena, "fuzz.pem", bytes, &demand, findings);
	findings_render(findings, &options, nowhere);
	findings_destroy(&findings);
	arena_fini(&arena);
}

static void
arrange(struct str bytes)
{
	struct pem_parts parts = { 0 };
	struct arena arena = { 0 };
	struct pem_order order;
	const char *why;

	if (pem_parts_add_bytes(&arena, &parts, "fuzz.pem", bytes, "x", &why))
		pem_parts_arrange(&parts, fixed_time, false, &order, &why);
	pem_parts_fini(&parts);
	arena_fini(&arena);
}

static void
both(struct str bytes)
{
	judge(bytes);
	arrange(bytes);
}

/* A copy of the good one with the changes. */
static unsigned char *
changed(struct str good, const uint8_t *data, size_t size)
{
	unsigned char *der = malloc(good.len);

	memcpy(der, good.ptr, good.len);
	for (; size >= 3; data += 3, size -= 3)
		der[(size_t)(data[0] << 8 | data[1]) % good.len] = data[2];
	return der;
}

static void
try_pem(struct str cert, struct str secret)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *text;
	long len;

	PEM_write_bio(bio, "CERTIFICATE", "", (const unsigned char *)cert.ptr,
	    (long)cert.len);
	PEM_write_bio(bio, "PRIVATE KEY", "", (const unsigned char *)secret.ptr,
	    (long)secret.len);
	len = BIO_get_mem_data(bio, &text);
	both((struct str){ text, (size_t)len });
	BIO_free(bio);
}

static void
try_changed(char what, const uint8_t *data, size_t size)
{
	struct str good = what == 'D'	? good_cert
			  : what == 'K' ? good_key
					: good_bag;
	unsigned char *der = changed(good, data, size);
	struct str bytes = { (char *)der, good.len };

	if (what == 'D')
		try_pem(bytes, good_key);
	else if (what == 'K')
		try_pem(good_cert, bytes);
	both(bytes);
	free(der);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size > PEM_SIZE_MAX)
		return 0;
	if (size > 0 && memchr("DKP", data[0], 3))
		try_changed((char)data[0], data + 1, size - 1);
	else
		both((struct str){ (const char *)data, size });
	return 0;
}
