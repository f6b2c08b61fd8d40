#ifndef TOOLS_CTL_H
#define TOOLS_CTL_H
/*
 * xmppctl's parts: asking a running server over its control socket, and
 * starting, stopping and watching its process.
 */
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "cfgparse/base/buf.h"
#include "cfgparse/base/str.h"

/* ejabberdctl's exit codes. */
enum {
	CTL_OK = 0,
	CTL_ERROR = 1,
	CTL_USAGE = 2,
	CTL_NOT_RUNNING = 3,
};

struct ctl {
	const char *program; /* argv[0] */
	const char *state;
	const char *config; /* NULL: not said */
	const char *node;   /* likewise */
	bool json;
};

/* --- ctl/ask.c --- */

enum ask_result {
	ASK_ANSWERED,
	ASK_NOT_RUNNING,
	ASK_FAILED, /* said on stderr why */
};
/* Runs a command in the server. ASK_ANSWERED: its exit code, and its text in
 * body (the caller's to free). Blocks until then. */
enum ask_result ask_server(const struct ctl *ctl, const struct str *words,
    size_t count, int *code, struct buf *body);

/* --- ctl/process.c --- */

/* The process that holds the state directory, or 0. */
pid_t process_of(const char *state);
/* Waits until nobody holds it, at most seconds; 0 seconds: for ever. */
bool process_wait_gone(const char *state, int seconds);

/* ask_server, once a process that holds the state directory listens: its port
 * accepts a moment before its control socket does. */
enum ask_result ask_when_ready(const struct ctl *ctl, const struct str *words,
    size_t count, int *code, struct buf *body);

/* Each is the whole command and returns xmppctl's exit code; words are what
 * follows the command's name. start and live don't return where xmppd could be
 * executed. */
int ctl_start(const struct ctl *ctl, char **words, bool foreground);
int ctl_stop(const struct ctl *ctl);
int ctl_restart(const struct ctl *ctl);
int ctl_started(const struct ctl *ctl);
int ctl_stopped(const struct ctl *ctl);

/* --- ctl/input.c --- */

/* One line from stdin without its end, without echo on a terminal; false: no
 * line, said on stderr. */
bool input_password(struct buf *out);
/* The file's whole content, or stdin's for "-"; false: said on stderr. */
bool input_content(const char *path, struct buf *out);

#endif
