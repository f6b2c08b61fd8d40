#ifndef CFGPARSE_TARGET_H
#define CFGPARSE_TARGET_H
/*
 * The server that a configuration is meant for: this one, ejabberd 2.1, or a
 * release of ejabberd with a year in its name. Knows no options.
 */
#include <stdbool.h>

#include "cfgparse/base/str.h"

/* The first release that read YAML, and the newest known. */
#define TARGET_OLDEST 1310
#define TARGET_NEWEST 2607

struct target {
	bool xmppd;
	bool terms;	  /* ejabberd 2.1, which reads Erlang terms only */
	unsigned release; /* year * 100 + month, 1310 to 2607; or 0 */
};

/* What a file is checked for where nobody says. */
extern const struct target target_default;

/* "xmppd", "ejabberd-2.1" or "ejabberd-26.07"; a patch level, as in
 * "ejabberd-19.09.1", counts as its release. Otherwise *why says in one
 * sentence what is wrong and what comes nearest (static memory of this
 * thread, until the next call). */
bool target_parse(struct str text, struct target *target, const char **why);

/* The name that target_parse() reads, in static memory. */
const char *target_name(const struct target *target);

/* "15.06", in static memory; for a release that exists or not. */
const char *release_name(unsigned release);

/* The release before or behind a known one; 0 at the ends. */
unsigned release_before(unsigned release);
unsigned release_after(unsigned release);

/* All releases, oldest first, ended by 0. */
const unsigned *target_releases(void);

/* True where an option that it doesn't know keeps the server from starting;
 * false where that is a line in its log. */
bool target_is_strict(const struct target *target);

#endif
