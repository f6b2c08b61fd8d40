/*
 * Foreign PEM bytes through the judge. An input that begins with D is a list
 * of changes (two bytes of offset, one of value) to a good certificate, so
 * that what lies behind base64 is reached too. That one is made from a fixed
 * key and a fixed date: findings can be repeated.
 */
#include "certgen/pem_check.h"

#include "certgen/hosts.h"
#include "certgen/pem.h"
#include "certgen/certificate.h"
#include "cfgparse/base/arena.h"
#include "cfgparse/findings.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
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

static EVP_PKEY *key;
static unsigned char *good;
static int good_len;
static FILE *nowhere;

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	static const unsigned char seed[32] = "a fixed key, for fuzzing only";
	struct arena arena = { 0 };
	struct cert_hosts names = { 0 };
	struct cert_request request = { &names, 90, fixed_time };
	X509 *cert;

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
	good_len = i2d_X509(cert, &good);
	X509_free(cert);
	arena_fini(&arena);
	nowhere = fopen("/dev/null", "w");
	return good_len > 0 && nowhere ? 0 : 1;
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
judge_changed(const uint8_t *data, size_t size)
{
	BIO *bio = BIO_new(BIO_s_mem());
	unsigned char *der = malloc((size_t)good_len);
	char *text;
	long len;

	memcpy(der, good, (size_t)good_len);
	for (; size >= 3; data += 3, size -= 3)
		der[(data[0] << 8 | data[1]) % good_len] = data[2];
	PEM_write_bio(bio, "CERTIFICATE", "", der, good_len);
	PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL);
	len = BIO_get_mem_data(bio, &text);
	judge((struct str){ text, (size_t)len });
	BIO_free(bio);
	free(der);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size > PEM_SIZE_MAX)
		return 0;
	if (size > 0 && data[0] == 'D')
		judge_changed(data + 1, size - 1);
	else
		judge((struct str){ (const char *)data, size });
	return 0;
}
