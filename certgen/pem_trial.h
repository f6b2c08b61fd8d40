#ifndef CERTGEN_PEM_TRIAL_H
#define CERTGEN_PEM_TRIAL_H
/*
 * One PEM on trial: what the parts of the judge (judge_*.c) share. Each looks
 * at one thing and adds what it finds.
 */
#include <openssl/types.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "certgen/key_match.h"
#include "certgen/pem.h"
#include "certgen/pem_chain.h"
#include "certgen/pem_check.h"
#include "certgen/pem_identity.h"
#include "certgen/rules.h"
#include "cfgparse/base/map.h"

enum { DAY = 86400 };

struct pem_trial {
	struct arena *arena;   /* lives as long as the findings */
	struct arena *scratch; /* dies with the trial */
	const struct pem *pem;
	const char *path; /* NULL: it is no file */
	const struct pem_demand *demand;
	struct findings *findings;
	time_t now;
	const struct source *source; /* made with the first finding */
	/* The first key, and the certificate that it belongs to; where there
	 * is none, the first certificate. NULL where there is nothing. */
	const struct pem_block *key;
	struct key_half half;
	bool key_readable;
	bool key_fits;
	const struct pem_block *leaf;
	struct pem_identity identity; /* the leaf's */
	struct map demanded;	      /* the demand's hosts, once asked for */
	bool public; /* it has the marks of a public authority */
	struct x509_st *certs[PEM_BLOCKS_MAX]; /* by block, NULL elsewhere */
	struct chain chain;
};

/* Adds a finding at the block, or at the file as a whole (NULL). */
struct finding *trial_find(struct pem_trial *trial, enum cert_rule rule,
    const struct pem_block *block, const char *message, ...)
    __attribute__((format(printf, 4, 5)));
/* The same at a line. */
struct finding *trial_find_line(struct pem_trial *trial, enum cert_rule rule,
    uint32_t line, const char *message, ...)
    __attribute__((format(printf, 4, 5)));
/* Adds the block as a further place. */
void trial_related(struct pem_trial *trial, struct finding *finding,
    const struct pem_block *block, const char *message);
/* What a server about to start can do in spite of is a warning then. */
void trial_soften(const struct pem_trial *trial, struct finding *finding);
/* Foreign bytes, made harmless for people's terminals. */
const char *trial_shown(struct pem_trial *trial, struct str text);
/* The common name, or the whole name where it has none. */
const char *trial_name(struct pem_trial *trial, const X509_NAME *name);
/* "2026-11-22 10:00 UTC" */
const char *trial_day(struct pem_trial *trial, const ASN1_TIME *time);

/* Each adds what it finds; those below judge_rights need a leaf. */
/* The text and its blocks. */
void judge_blocks(struct pem_trial *trial);
/* The private key, and whose it is. */
void judge_key(struct pem_trial *trial);
/* Who may read and change the file. */
void judge_rights(struct pem_trial *trial);
/* When it is valid. */
void judge_dates(struct pem_trial *trial);
/* Its strength and purpose. */
void judge_profile(struct pem_trial *trial);
/* Whom it is for. */
void judge_names(struct pem_trial *trial);
/* Who signed it. */
void judge_chain(struct pem_trial *trial);

/* Whether the certificate has the marks of a public authority: a policy of the
 * CA/Browser Forum, or signed timestamps of certificate logs (RFC 6962). */
bool judge_is_public(const struct x509_st *cert);

#endif
