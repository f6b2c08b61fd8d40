#ifndef CERTGEN_PEM_WRITE_H
#define CERTGEN_PEM_WRITE_H
/*
 * Writes a certificate and its key as one combined PEM, which no one else can
 * read at any moment, and keeps what was there before.
 */
#include <stdbool.h>
#include <sys/types.h>

struct arena;
struct evp_pkey_st;
struct x509_st;

/* Who is to read the file beside root. Zero: nobody but its writer. */
struct pem_owner {
	bool given;
	uid_t user;
	gid_t group;
};

/* Reads "USER" (and its own group) or "USER:GROUP", names or numbers; false
 * where there is none such. */
bool pem_owner_parse(const char *text, struct pem_owner *owner);

struct pem_output {
	struct x509_st *cert;
	struct evp_pkey_st *key;
	struct pem_owner owner; /* given: mode 0640, else 0600 */
	bool replace;		/* false: an existing file is an error */
};

/*
 * Writes the certificate, then the key, to path (as place_resolve gives it).
 * A file that is replaced is kept beside it: *backup is its name, or NULL.
 * False where it can't, *why says why, and the old file is as it was. Texts
 * are in the arena.
 */
bool pem_write(struct arena *arena, const char *path,
    const struct pem_output *output, const char **backup, const char **why);

#endif
