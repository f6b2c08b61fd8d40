#ifndef CFGPARSE_CIPHER_LIST_H
#define CFGPARSE_CIPHER_LIST_H
/*
 * Lists of ciphers as OpenSSL takes them (its manual page ciphers(1)): which
 * weak ones a list lets in once its exclusions were applied. Knows what the
 * words mean, not which ciphers a library has.
 */
#include <stdbool.h>

#include "cfgparse/base/str.h"

enum cipher_weakness {
	CIPHER_NULL = 1,      /* no encryption */
	CIPHER_ANONYMOUS = 2, /* no certificate */
	CIPHER_EXPORT = 4,    /* 40 or 56 bits */
	CIPHER_LOW = 8,	      /* 64 bits or less */
	CIPHER_DES = 16,      /* 56 bits */
	CIPHER_RC4 = 32,
	CIPHER_RC2 = 64,
	CIPHER_MD5 = 128,
	CIPHER_LEVEL = 256, /* @SECLEVEL=0 */
	CIPHER_WEAKNESSES = 9,
};

struct cipher_list {
	unsigned weak;	    /* enum cipher_weakness, or-ed */
	bool empty;	    /* it only takes away */
	struct str unknown; /* the first word that OpenSSL doesn't know */
};

/* Reads the list; nothing is kept of the text but where unknown points. */
void cipher_list_read(struct str text, struct cipher_list *list);
/* "RC4", "no encryption (NULL)"; of one bit. */
const char *cipher_weakness_text(enum cipher_weakness weakness);

#endif
