#ifndef CERTGEN_AUTHORITY_H
#define CERTGEN_AUTHORITY_H
/*
 * A certificate authority of one's own: its certificate, for those who are to
 * trust it, and its key in a file of its own. It signs servers' certificates
 * only, for the domains that it was made for and those below them.
 */
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

struct arena;
struct cert_hosts;
struct evp_pkey_st;
struct x509_st;

/* Zero-initialised: closed. */
struct authority {
	struct x509_st *cert;
	struct evp_pkey_st *key;
};

/* What it is opened for: one that has expired can only be renewed. */
enum authority_use { AUTHORITY_SIGNS, AUTHORITY_IS_RENEWED };

/* Days. Its own ten years, because each device that trusts it has to be told;
 * a year for what it signs, because nobody has to be told of that. */
enum { AUTHORITY_DAYS_DEFAULT = 3650, ISSUED_DAYS_DEFAULT = 365 };

/* Where the key of the certificate at path stands: "ca.key" for "ca.pem". In
 * the arena. */
const char *authority_key_path(struct arena *arena, const char *path);

/*
 * Opens both files. False: *why says in a sentence why not and what to do; also
 * where it has expired, where its key is another one's, and where others may
 * read the key. Close it.
 */
bool authority_open(struct arena *arena, const char *path,
    enum authority_use use, struct authority *authority, const char **why);
/* Wipes the key. */
void authority_close(struct authority *authority);

struct authority_request {
	/* What it may sign for, with all below; at least one, and at most
	 * CERT_HOSTS_MAX constraints. NULL: anything. */
	const struct cert_hosts *hosts;
	int days;
	time_t now;
};

/* How many of the hosts are below no other one: that many constraints it
 * takes to permit all. */
size_t authority_constraints(const struct cert_hosts *hosts);
/* Its certificate, or NULL where OpenSSL fails. The caller frees it. */
struct x509_st *authority_make(
    const struct authority_request *request, struct evp_pkey_st *key);
/* The same certificate, with the same key, for days from now on. */
struct x509_st *authority_renew(
    const struct authority *authority, time_t now, int days);

/* True where the certificate is one that it signed. */
bool authority_signed(const struct authority *authority, struct x509_st *cert);
/* True where its constraints let it sign these names. Otherwise *host is the
 * first that it may not sign for, or NULL: there are more than OpenSSL would
 * compare. */
bool authority_permits(const struct authority *authority, struct x509_st *cert,
    const struct cert_hosts *hosts, const char **host);

#endif
