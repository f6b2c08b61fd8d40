#ifndef CERTGEN_MAKING_H
#define CERTGEN_MAKING_H
/*
 * What the commands that make certificates and requests share: for which
 * hosts, of which kind, and where to. Each puts the rows that it takes into its
 * own table of options.
 */
#include <stdbool.h>

#include "certgen/install.h"
#include "certgen/maker.h"
#include "cfgparse/cli.h"

struct cfg;
struct host_groups;

/* A command's own options are numbered from MAKING_OWN on. */
enum making_option {
	MAKING_CONFIG = 1,
	MAKING_HOST,
	MAKING_COMPONENT,
	MAKING_WEB_HOST,
	MAKING_WILDCARD,
	MAKING_PER_HOST,
	MAKING_OUT,
	MAKING_SEPARATE,
	MAKING_OWNER,
	MAKING_GROUP,
	MAKING_KEY,
	MAKING_DAYS,
	MAKING_RENEW,
	MAKING_ROTATE,
	MAKING_IF_MISSING,
	MAKING_CA,
	MAKING_INSTALL,
	MAKING_UPDATE_CONFIG,
	MAKING_DIFF,
	MAKING_DIALECT,
	MAKING_OWN,
};

/* clang-format off */
#define MAKING_HOST_ROWS                                                       \
	{ "--host", "HOST", "a domain of accounts; may be repeated",           \
	    MAKING_HOST },                                                     \
	{ "--component", "HOST",                                               \
	    "a component's address, which only servers ask for",               \
	    MAKING_COMPONENT },                                                \
	{ "--web-host", "HOST", "a host in links, such as those of uploads",   \
	    MAKING_WEB_HOST },                                                 \
	{ "--wildcard", NULL, "*.HOST in place of the components below HOST",  \
	    MAKING_WILDCARD },                                                 \
	{ "--per-host", "DIRECTORY",                                           \
	    "one file a host, with its components, in the directory",          \
	    MAKING_PER_HOST }
#define MAKING_KEY_ROW                                                         \
	{ "--key", "KIND",                                                     \
	    "ecdsa-p256 (default), ecdsa-p384, ed25519, rsa-2048...8192",      \
	    MAKING_KEY }
#define MAKING_OWNER_ROWS                                                      \
	{ "--owner", "USER[:GROUP]",                                           \
	    "give it to the user; the group may read", MAKING_OWNER },         \
	{ "--group", "GROUP", "let the group read it", MAKING_GROUP }
#define MAKING_SEPARATE_ROW                                                    \
	{ "--separate", NULL,                                                  \
	    "certificate and key in two files, .crt and .key",                 \
	    MAKING_SEPARATE }
/* days: how long by default, a string. */
#define MAKING_PEM_ROWS(days)                                                  \
	MAKING_HOST_ROWS,                                                      \
	{ "--out", "FILE",                                                     \
	    "where to (default: the first host's name and .pem)",              \
	    MAKING_OUT },                                                      \
	MAKING_SEPARATE_ROW,                                                   \
	MAKING_OWNER_ROWS, MAKING_KEY_ROW,                                     \
	{ "--days", "N",                                                       \
	    "valid so long (" days "), or public, public-2027, public-2029",   \
	    MAKING_DAYS },                                                     \
	{ "--renew", NULL, "replace the certificate, keep its key",            \
	    MAKING_RENEW },                                                    \
	{ "--rotate", NULL, "replace the certificate and its key",             \
	    MAKING_ROTATE },                                                   \
	{ "--if-missing", NULL,                                                \
	    "a file that is there is judged and left alone",                   \
	    MAKING_IF_MISSING },                                               \
	{ "--install", NULL, "print the lines for the configuration",          \
	    MAKING_INSTALL },                                                  \
	{ "--update-config", NULL,                                             \
	    "put --out in the place of what --config names",                   \
	    MAKING_UPDATE_CONFIG },                                            \
	{ "--diff", NULL, "show what --update-config would change",            \
	    MAKING_DIFF },                                                     \
	{ "--dialect", "terms|yaml", "language of the lines of --install",     \
	    MAKING_DIALECT }
/* clang-format on */

/* One run of a command. */
struct making {
	struct cli cli;
	struct maker maker;
	struct cert_hosts hosts; /* of --host and the like */
	struct findings *lint;	 /* of --config; findings may point into it */
	struct cfg *cfg;	 /* of --config, once it's loaded */
	const char *config;
	const char *directory; /* of --per-host */
	const char *out;
	const char *authority; /* of --ca */
	struct install install;
	bool key_given, days_given;
};

/* Ready for options; making_end frees all. */
void making_start(struct making *making, const struct cli_program *program,
    int argc, char **argv);
void making_end(struct making *making);

/* False, with the status to leave with. */
bool making_leave(struct making *making, int status);
/* Reads one of the options above; false where the usage is wrong (said, and
 * the status is set). */
bool making_read(struct making *making, int id, const char *value);
/* Whether the options that were given go together; likewise. */
bool making_check(struct making *making);
/* Loads --config, where it's given: false where it can't be used, likewise.
 * Once all options are read. */
bool making_load(struct making *making);
/* Makes what is asked for and judges it; returns the exit status. */
int making_run(struct making *making);
/* Shows what was found about what is made; returns the exit status. */
int making_finish(struct making *making);
/* What --per-host makes a file each for, in the arena. */
void making_groups(struct making *making, struct host_groups *groups);
/* The first host's name and the ending, in the arena. */
const char *making_default_name(
    struct making *making, const struct cert_hosts *hosts, const char *ending);

#endif
