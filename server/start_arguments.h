#ifndef SERVER_START_ARGUMENTS_H
#define SERVER_START_ARGUMENTS_H
/*
 * How the server was started: its working directory and arguments in
 * DIR/xmppd.args, so that `xmppctl start` and `restart` can start it the same
 * way again.
 */
#include <stdbool.h>
#include <stddef.h>

enum { START_ARGUMENTS_MAX = 64 };

struct start_arguments {
	char *text; /* the file's content; all others point into it */
	const char *directory;
	size_t count;
	const char *words[START_ARGUMENTS_MAX + 1]; /* without argv[0] */
};

/* Writes the file anew, 0600. Call it before root is given up: only then can
 * root believe the file later. False: *why (free it). */
bool start_arguments_keep(
    const char *dir, int argc, char *const *argv, char **why);
/* Reads it; free text afterwards. Refuses a file that somebody else than the
 * caller could have written. False: *why (free it). */
bool start_arguments_read(
    const char *dir, struct start_arguments *arguments, char **why);

#endif
