#ifndef CERTGEN_PASSPHRASE_H
#define CERTGEN_PASSPHRASE_H
/*
 * The passphrase of an encrypted key, from a file or a terminal: never from
 * the command line, which everybody on the machine can read.
 */
#include <stdbool.h>

#include "cfgparse/base/file.h"

enum { PASSPHRASE_MAX = 1023 };

/* What the command line says; zero: there is none. */
struct passphrase_source {
	const char *file;
	bool ask;
};

/*
 * Reads the first line of the file, or asks on the terminal, which doesn't
 * show it. An empty *out where neither is wanted. False: why says why. Call
 * passphrase_wipe in any case.
 */
bool passphrase_read(const struct passphrase_source *source,
    char out[PASSPHRASE_MAX + 1], char why[FILE_WHY_MAX]);
void passphrase_wipe(char passphrase[PASSPHRASE_MAX + 1]);

#endif
