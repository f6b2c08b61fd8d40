#ifndef CERTGEN_PEM_H
#define CERTGEN_PEM_H
/*
 * A PEM file (RFC 7468) taken apart into its blocks, each with its line. It
 * knows how to read one within limits; it doesn't judge.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "cfgparse/findings.h"

struct arena;
struct evp_pkey_st;
struct x509_st;

/* What is over these limits is no PEM for a server. Bytes; blocks. */
enum { PEM_SIZE_MAX = 1 << 20, PEM_BLOCKS_MAX = 64 };

enum pem_kind {
	PEM_CERTIFICATE,
	PEM_KEY,
	PEM_KEY_ENCRYPTED,
	PEM_OTHER, /* parameters, requests, public keys, ... */
};

struct pem_block {
	enum pem_kind kind;
	struct str label; /* "CERTIFICATE"; not yet cleared of control bytes */
	uint32_t line;	  /* of BEGIN, from 1 */
	bool complete;	  /* its END was found */
	bool shares_line; /* what should be its END line has more behind it */
	struct str text;  /* from BEGIN to behind END, or to where it's cut */
	struct str der;	  /* what it stands for; empty: it can't be decoded */
	/* What it holds, or NULL where it's another kind or doesn't decode.
	 * Owned by the pem. The key only by pem_open and pem_parse. */
	struct x509_st *cert;
	struct evp_pkey_st *key;
};

/* Lives in the arena given, except for what pem_close wipes and frees: all
 * that texts and DER of the blocks point into. */
struct pem {
	/* For findings, once pem_excerpts has filled in its text. */
	struct source source;
	struct pem_block *blocks;
	size_t count;
	bool too_many;	 /* more than PEM_BLOCKS_MAX; the rest is cut */
	bool binary;	 /* begins like DER or PKCS#12 */
	bool byte_order; /* begins with U+FEFF, so a BEGIN there is missed */
	/* Lines, 0 where there is none: one that ends in CR, one with text
	 * outside of blocks, one with a BEGIN and more than it. */
	uint32_t crlf_line;
	uint32_t text_line;
	uint32_t hidden_line;
	bool runs_on; /* there the BEGIN comes first */
	/* Of the file; 0 where it was read from memory. */
	mode_t mode;
	struct str bytes; /* all of it */
	char *ders;	  /* private */
};

enum pem_status {
	PEM_READ,
	PEM_UNREADABLE, /* errno says why */
	PEM_NOT_REGULAR,
	PEM_TOO_LARGE,
};

/*
 * Reads the file. Never waits for a pipe and never asks for a passphrase.
 * *out is set, and must be closed, only with PEM_READ.
 */
enum pem_status pem_open(
    struct arena *arena, const char *path, struct pem **out);
/* The same, without loading the keys: that is costly. */
enum pem_status pem_open_unloaded(
    struct arena *arena, const char *path, struct pem **out);
/* The same, without loading certificates: only to see what is in it. */
enum pem_status pem_open_text(
    struct arena *arena, const char *path, struct pem **out);
/* The same for at most PEM_SIZE_MAX bytes that stay the caller's. Close it. */
struct pem *pem_parse(struct arena *arena, const char *name, struct str bytes);
struct pem *pem_parse_unloaded(
    struct arena *arena, const char *name, struct str bytes);
/* Wipes the bytes, frees certificates and keys; the rest goes with the
 * arena. */
void pem_close(struct pem **pem);

/* The first block of the kind, or NULL. */
const struct pem_block *pem_first(const struct pem *pem, enum pem_kind kind);
/* Where a block begins. */
struct span pem_span(const struct pem *pem, const struct pem_block *block);
/* A text for excerpts: the BEGIN and END lines as they are, the others empty,
 * so that no byte of a key gets into one. In the arena. */
struct str pem_excerpts(struct arena *arena, const struct pem *pem);

#endif
