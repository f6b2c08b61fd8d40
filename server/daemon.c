/*
 * State directory, privileges and background: see daemon.h. The lock is an
 * fcntl lock on DIR/xmppd.pid, which tells the holder's pid and vanishes with
 * the process however it ends.
 */
#include "server/daemon.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cfgparse/base/buf.h"

#define DEFAULT_USER "_xmppd"

static char *
text_of(struct buf *text)
{
	return buf_take(text);
}

const char *
daemon_user(const char *user)
{
	return geteuid() == 0 && !user ? DEFAULT_USER : user;
}

bool
daemon_find_user(const char *user, struct account_ids *ids, char **why)
{
	struct buf text = { 0 };
	const struct passwd *entry;

	*ids = (struct account_ids){ getuid(), getgid(), false };
	if (!user && geteuid() != 0)
		return true;
	entry = getpwnam(user ? user : DEFAULT_USER);
	if (!entry) {
		buf_printf(&text,
		    user ? "there is no user %s"
			 : "started as root, and there is no user %s to run "
			   "as: create it (adduser --system --group %s) or "
			   "say --user NAME",
		    user ? user : DEFAULT_USER, DEFAULT_USER);
	} else if (geteuid() != 0 && entry->pw_uid != geteuid()) {
		buf_printf(&text, "only root can run the server as %s", user);
	} else {
		ids->uid = entry->pw_uid;
		ids->gid = entry->pw_gid;
		ids->change = entry->pw_uid != geteuid();
		return true;
	}
	*why = text_of(&text);
	return false;
}

bool
daemon_become(const struct account_ids *ids, char **why)
{
	struct buf text = { 0 };

	if (!ids->change)
		return true;
	if (setgroups(0, NULL) == 0 && setgid(ids->gid) == 0 &&
	    setuid(ids->uid) == 0 && setuid(0) != 0)
		return true;
	buf_printf(&text, "can't give up root: %s", strerror(errno));
	*why = text_of(&text);
	return false;
}

static bool
make_directory(const char *dir, const struct account_ids *ids, struct buf *why)
{
	struct stat info;

	if (mkdir(dir, 0700) == 0) {
		if (!ids->change || chown(dir, ids->uid, ids->gid) == 0)
			return true;
	} else if (errno == EEXIST && stat(dir, &info) == 0) {
		if (!S_ISDIR(info.st_mode)) {
			buf_printf(why, "%s is no directory", dir);
			return false;
		}
		if (info.st_uid != ids->uid) {
			buf_printf(why,
			    "%s belongs to another user (uid %lu): give it to "
			    "the user that the server runs as (uid %lu), or "
			    "say --user",
			    dir, (unsigned long)info.st_uid,
			    (unsigned long)ids->uid);
			return false;
		}
		if ((info.st_mode & 077) == 0 || chmod(dir, 0700) == 0)
			return true;
	}
	buf_printf(why, "state directory %s: %s", dir, strerror(errno));
	return false;
}

/* Root opens it in a directory of somebody else's: another name of a file that
 * isn't theirs must not become theirs, and be overwritten. */
static bool
is_lock_file(int fd, const struct account_ids *ids)
{
	struct stat info;

	return fstat(fd, &info) == 0 && S_ISREG(info.st_mode) &&
	       info.st_nlink == 1 &&
	       (info.st_uid == ids->uid || info.st_uid == geteuid());
}

static int
lock_file(const char *path, const struct account_ids *ids, struct buf *why)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640);

	if (fd < 0) {
		buf_printf(why, "%s: %s", path, strerror(errno));
		return -1;
	}
	if (!is_lock_file(fd, ids))
		buf_printf(why, "%s is no file of xmppd's: remove it", path);
	else if (ids->change && fchown(fd, ids->uid, ids->gid) != 0)
		buf_printf(why, "%s: %s", path, strerror(errno));
	else if (fcntl(fd, F_SETLK, &lock) == 0)
		return fd;
	else if (errno == EACCES || errno == EAGAIN) {
		lock.l_pid = 0;
		fcntl(fd, F_GETLK, &lock);
		buf_printf(why,
		    "another xmppd (pid %ld) uses this state directory",
		    (long)lock.l_pid);
	} else {
		buf_printf(why, "%s: %s", path, strerror(errno));
	}
	close(fd);
	return -1;
}

int
daemon_lock_state(const char *dir, const struct account_ids *ids, char **why)
{
	struct buf text = { 0 }, path = { 0 };
	int fd = -1;

	if (make_directory(dir, ids, &text)) {
		buf_printf(&path, "%s/xmppd.pid", dir);
		fd = lock_file(buf_text(&path), ids, &text);
		buf_fini(&path);
		if (fd < 0) {
			buf_printf(&path, "%s: %s", dir, buf_text(&text));
			buf_fini(&text);
			text = path;
		}
	}
	if (fd < 0)
		*why = text_of(&text);
	else
		buf_fini(&text);
	return fd;
}

void
daemon_write_pid(int lock)
{
	char text[32];
	int len = snprintf(text, sizeof(text), "%ld\n", (long)getpid());

	/* The lock counts, the text is for people. */
	if (ftruncate(lock, 0) != 0 ||
	    pwrite(lock, text, (size_t)len, 0) != len)
		return;
}

static void
wait_for_report(int report)
{
	char text[4096];
	size_t len = 0;
	ssize_t got;

	while (len < sizeof(text) - 1 &&
	       ((got = read(report, text + len, sizeof(text) - 1 - len)) > 0 ||
		   (got < 0 && errno == EINTR)))
		len += got > 0 ? (size_t)got : 0;
	text[len] = '\0';
	if (len > 0 && text[0] == '+')
		_exit(0);
	fprintf(stderr, "xmppd: %s\n",
	    len > 1 ? text + 1 : "ended before it was accepting, see its log");
	_exit(1);
}

int
daemon_background(void)
{
	int ends[2], null;
	pid_t child;

	if (pipe(ends) != 0 || (child = fork()) < 0) {
		fprintf(stderr, "xmppd: %s\n", strerror(errno));
		exit(1);
	}
	if (child > 0) {
		close(ends[1]);
		wait_for_report(ends[0]);
	}
	close(ends[0]);
	fcntl(ends[1], F_SETFD, FD_CLOEXEC);
	setsid();
	null = open("/dev/null", O_RDWR);
	if (null >= 0) {
		dup2(null, STDIN_FILENO);
		dup2(null, STDOUT_FILENO);
		dup2(null, STDERR_FILENO);
		if (null > STDERR_FILENO)
			close(null);
	}
	return ends[1];
}

void
daemon_report(int report, const char *why)
{
	struct buf text = { 0 };
	size_t done = 0;

	if (report < 0) {
		if (why)
			fprintf(stderr, "xmppd: %s\n", why);
		return;
	}
	buf_putc(&text, why ? '-' : '+');
	if (why)
		buf_puts(&text, why);
	while (done < text.len) {
		ssize_t wrote =
		    write(report, text.data + done, text.len - done);

		if (wrote < 0 && errno != EINTR)
			break;
		done += wrote > 0 ? (size_t)wrote : 0;
	}
	buf_fini(&text);
	close(report);
}
