#ifndef DNSCHECK_HOST_PROBE_H
#define DNSCHECK_HOST_PROBE_H
/*
 * What this machine calls itself and whether that name leads back to it:
 * `hostname -s` and `-f`, the hosts file, the DNS, the node name. The C
 * library's own look-up isn't used: it blocks, and hides which source spoke.
 */
#include <stdbool.h>

#include "cfgparse/base/arena.h"
#include "cfgparse/base/buf.h"
#include "cfgparse/findings.h"
#include "dnscheck/hosts.h"
#include "dnscheck/resolver.h"

/* Where to look; NULL is the system's own. */
struct host_paths {
	const char *hosts;    /* /etc/hosts */
	const char *nsswitch; /* /etc/nsswitch.conf */
	const char *hostname; /* the name itself, as gethostname gives it */
};

/* Fields are for reading, after on_done. */
struct host_probe {
	const char *hostname;	/* whole */
	const char *short_name; /* up to the first dot */
	const char *full_name;	/* `hostname -f`; may be without dot */
	const char *address;	/* of the short name, or NULL */
	/* All that follow are private. */
	struct arena arena;
	struct buf hosts_text;
	struct source hosts_source;
	struct hosts hosts;
	bool use_dns;
	bool use_local; /* a source that always knows the own name */
	const char *search;
	struct findings *findings;
	size_t pending;
	bool elsewhere;
	void (*on_done)(void *arg);
	void *arg;
};

/*
 * Reads the files at once, asks resolver (NULL: nobody) where the name isn't
 * in them, adds findings, then calls on_done on the loop or, where nobody has
 * to be asked, before it returns. search: the domain to complete the short
 * name with, or "". Findings point into the probe: it must outlive them.
 */
void host_probe_start(struct host_probe *probe, const struct host_paths *paths,
    struct resolver *resolver, const char *search, struct findings *findings,
    void (*on_done)(void *arg), void *arg);
void host_probe_fini(struct host_probe *probe);

#endif
