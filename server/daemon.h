#ifndef SERVER_DAEMON_H
#define SERVER_DAEMON_H
/*
 * What makes the process a server: its state directory and lock, the user it
 * runs as, and going into the background while the caller waits for the
 * verdict.
 */
#include <stdbool.h>
#include <sys/types.h>

struct account_ids {
	uid_t uid;
	gid_t gid;
	bool change; /* false: stay who we are */
};

/* The name of who it will run as; NULL: whoever starts it. */
const char *daemon_user(const char *user);
/*
 * Who to run as. As root: user, or "_xmppd" where user is NULL; otherwise only
 * the caller itself. False: *why (free it) says what to do.
 */
bool daemon_find_user(const char *user, struct account_ids *ids, char **why);
/* For good; the process then can't come back. */
bool daemon_become(const struct account_ids *ids, char **why);

/* Makes the directory (0700, owned by ids) where it is missing and locks it.
 * Returns the lock's descriptor, which holds it until the process ends, or -1
 * with *why (free it) naming the process that has it. */
int daemon_lock_state(
    const char *dir, const struct account_ids *ids, char **why);
/* Writes our pid into the locked file. */
void daemon_write_pid(int lock);

/* Forks. In the child: returns the descriptor for daemon_report. The parent
 * doesn't return: it exits with what the child reports. */
int daemon_background(void);
/* Tells the waiting parent: NULL for "accepting", or why not. report may be -1
 * (in the foreground): then a reason is only printed. */
void daemon_report(int report, const char *why);

#endif
