#ifndef CERTGEN_TLSA_H
#define CERTGEN_TLSA_H
/*
 * TLSA records (RFC 6698, RFC 7671): what one says of a certificate, and
 * whether it matches what a PEM file holds. Knows nothing of the DNS.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;
struct pem;
struct x509_st;

enum tlsa_usage { TLSA_PKIX_TA, TLSA_PKIX_EE, TLSA_DANE_TA, TLSA_DANE_EE };
enum tlsa_selector { TLSA_CERT, TLSA_KEY };
enum tlsa_matching { TLSA_FULL, TLSA_SHA256, TLSA_SHA512 };

/* data belongs to whoever made the record. */
struct tlsa_record {
	uint8_t usage;
	uint8_t selector;
	uint8_t matching;
	const uint8_t *data;
	size_t len;
};

/* A digest that a record has, with its room. */
struct tlsa_digest {
	uint8_t bytes[64];
	size_t len;
};

/* The SHA-256 of the certificate or of its key, for 3 0 1 and 3 1 1. False
 * where OpenSSL fails. */
bool tlsa_digest_make(const struct x509_st *cert, enum tlsa_selector selector,
    struct tlsa_digest *out);
/* True where the record names the certificate that the PEM serves, or, for the
 * usages of authorities, one of its chain. */
bool tlsa_matches(const struct tlsa_record *record, const struct pem *pem);
/* Appends "3 1 1 0123AB...": as zone files have it, in capitals. */
void tlsa_print(const struct tlsa_record *record, struct buf *out);

#endif
