#ifndef CERTGEN_PROFILE_H
#define CERTGEN_PROFILE_H
/*
 * What all certificates made here have in common (RFC 5280): version, serial
 * number, dates, subject and extensions. Each function returns false where
 * OpenSSL fails; its error queue says why.
 */
#include <stdbool.h>
#include <time.h>

struct X509_name_st;
struct cert_hosts;
struct evp_pkey_st;
struct x509_st;

/* Version 3, a random serial number of 127 bits, and days from an hour before
 * now on: who has a clock that is a little late accepts it at once. */
bool profile_start(struct x509_st *cert, time_t now, int days);
/* Puts text into the name as its common name. */
bool profile_name(struct X509_name_st *name, const char *text);
/* The first host that fits as a common name, for people's eyes; NULL: none. It
 * is no address, which OpenSSL would compare with constraints of domains. */
const char *profile_common_name(const struct cert_hosts *hosts);
/* Adds an extension as openssl's configuration files write it. issuer is the
 * certificate itself where it signs itself. */
bool profile_extend(
    struct x509_st *cert, struct x509_st *issuer, int nid, const char *value);

#endif
