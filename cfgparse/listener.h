#ifndef CFGPARSE_LISTENER_H
#define CFGPARSE_LISTENER_H
/*
 * Who can reach what a listener opens, and how it encrypts: what several
 * families of rules ask of one. Judges nothing.
 */
#include <stdbool.h>

#include "cfgparse/model.h"

enum listener_reach {
	REACH_LOCAL,   /* this machine alone: loopback, a path */
	REACH_PRIVATE, /* networks that strangers aren't in */
	REACH_PUBLIC,  /* all addresses, or one of the open Internet */
};

/* By its address; one that can't be read counts as REACH_LOCAL. */
enum listener_reach listener_reach(const struct model_listener *listener);
/* REACH_PUBLIC. */
bool listener_is_public(const struct model_listener *listener);
/* True for 0.0.0.0 and ::. */
bool listener_is_wildcard(const struct model_listener *listener);

/* True where it has the service of that name. */
bool listener_is(const struct model_listener *listener, const char *module);

/* True where it can be opened: it has a port or path, and an address. */
bool listener_is_sound(const struct model_listener *listener);
/* It encrypts from the first byte: tls. */
bool listener_is_tls(const struct model_listener *listener);
/* starttls or starttls_required. */
bool listener_offers_starttls(const struct model_listener *listener);
/* tls or starttls_required: nothing passes in clear text. */
bool listener_is_private(const struct model_listener *listener);

struct arena;
/* "0.0.0.0:5222", "[::]:5222", "0.0.0.0:3478 (udp)" or the path, for
 * messages; in the arena. */
const char *listener_name(
    struct arena *arena, const struct model_listener *listener);

#endif
