#ifndef CERTGEN_PEM_FIX_H
#define CERTGEN_PEM_FIX_H
/*
 * Mends what can be mended in a PEM without asking anybody: form, order, what
 * doesn't belong there, rights. It makes no certificate and no key.
 */
#include <stdbool.h>
#include <stdio.h>

struct arena;

struct pem_fix {
	const char *passphrase; /* of an encrypted key or PKCS#12; or NULL */
	bool keep_root;
	bool dry;     /* only says what it would do */
	FILE *report; /* what is done, for people */
};

/*
 * Mends the file in its place; the old one is kept beside it. False where it
 * can't be read, understood or written: the report says why, and the file is
 * as it was. True with nothing to mend too.
 */
bool pem_fix(struct arena *arena, const struct pem_fix *fix, const char *path);

#endif
