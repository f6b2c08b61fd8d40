#ifndef CERTGEN_PEM_CHECK_H
#define CERTGEN_PEM_CHECK_H
/*
 * The judge of PEM files: what the server, the linter and xmpp-certgen say
 * about one. It looks at the file alone: no network, no trust store.
 */
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "cfgparse/base/str.h"

struct arena;
struct findings;
struct span;
struct pem_reader;
struct cert_host;

/* Days before the end from which an expiry is a finding. */
enum { PEM_EXPIRY_WARN_DAYS = 14 };

/* What a PEM is judged for. Zero is a valid demand. */
struct pem_demand {
	/* Domains that it has to cover: one without any host can't serve, one
	 * without a component's or a link's is a warning. Those that are
	 * optional are passed over. */
	const struct cert_host *hosts;
	size_t host_count;
	/* A server is about to serve it: what it can do in spite of (a host
	 * that isn't covered, a key that others can read) is a warning. */
	bool starting;
	/* It is the chain that a server sent: no file, so it has no key and no
	 * lines to point to. */
	bool live;
	time_t now; /* 0: the clock's */
	/* Days before its end from which it is a warning (0:
	 * PEM_EXPIRY_WARN_DAYS) and an error (0: once it has expired). */
	int warn_days;
	int fail_days;
	/* The user that has to read the file, or NULL: whoever asks. */
	const struct pem_reader *reader;
	/* Where a configuration names the file, shown with what is found, or
	 * NULL. Its source must outlive the rendering. */
	const struct span *named;
};

/*
 * Judges the file; findings point to its lines. What they point into is put
 * into the arena, which must outlive their rendering. True where nothing of
 * it is an error.
 */
bool pem_check(struct arena *arena, const char *path,
    const struct pem_demand *demand, struct findings *findings);
/* Only who may read and change a file with a key; nothing where it can't be
 * read. */
bool pem_check_rights(struct arena *arena, const char *path,
    const struct pem_demand *demand, struct findings *findings);
/* Judges a certificate's file and its key's as the one that they could be, and
 * the rights of both. */
bool pem_check_pair(struct arena *arena, const char *path, const char *key_path,
    const struct pem_demand *demand, struct findings *findings);
/* Like pem_check for bytes from elsewhere, without what is said of files. */
bool pem_check_bytes(struct arena *arena, const char *name, struct str bytes,
    const struct pem_demand *demand, struct findings *findings);

#endif
