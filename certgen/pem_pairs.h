#ifndef CERTGEN_PEM_PAIRS_H
#define CERTGEN_PEM_PAIRS_H
/*
 * Certificates and keys in files of their own, as certbot and Prosody have
 * them: which key file belongs to which certificate file of a list.
 */
#include <stdbool.h>
#include <stddef.h>

struct arena;

/* One file of a list. */
struct pem_pair {
	const char *path;
	const char *key; /* found: the file with its key; NULL: there is none */
	bool spare;	 /* found: the key of another one, and nothing more */
};

/*
 * Fills in key and spare. A single certificate and a single key that don't fit
 * are a pair too, so that this is what is said of them. Linear in the files.
 */
void pem_pairs_find(struct arena *arena, struct pem_pair *pairs, size_t count);

#endif
