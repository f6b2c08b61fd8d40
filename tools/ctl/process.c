/*
 * The server's process: started by executing xmppd, told by its lock on
 * DIR/xmppd.pid, which ends with the process however that ends.
 */
#include "tools/ctl/ctl.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "server/start_arguments.h"

enum {
	POLL_MS = 50,
	STOP_SECONDS = 60,
	READY_SECONDS = 10,   /* a start takes milliseconds */
	STARTED_SECONDS = 60, /* as ejabberdctl's 30 tries, 2 s apart */
	STOPPED_SECONDS = 30,
};

pid_t
process_of(const char *state)
{
	struct flock lock = { .l_type = F_RDLCK, .l_whence = SEEK_SET };
	struct buf path = { 0 };
	pid_t pid = 0;
	int fd;

	buf_printf(&path, "%s/xmppd.pid", state);
	fd = open(buf_text(&path), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	buf_fini(&path);
	if (fd < 0)
		return 0;
	if (fcntl(fd, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK)
		pid = lock.l_pid;
	close(fd);
	return pid;
}

static void
pause_ms(long ms)
{
	struct timespec wait = { ms / 1000, ms % 1000 * 1000000 };

	nanosleep(&wait, NULL);
}

static time_t
seconds_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

bool
process_wait_gone(const char *state, int seconds)
{
	time_t end = seconds_now() + seconds;

	while (process_of(state)) {
		if (seconds && seconds_now() >= end)
			return false;
		pause_ms(POLL_MS);
	}
	return true;
}

enum ask_result
ask_when_ready(const struct ctl *ctl, const struct str *words, size_t count,
    int *code, struct buf *body)
{
	time_t end = seconds_now() + READY_SECONDS;

	for (;;) {
		enum ask_result result =
		    ask_server(ctl, words, count, code, body);

		if (result != ASK_NOT_RUNNING || !process_of(ctl->state) ||
		    seconds_now() >= end)
			return result;
		pause_ms(POLL_MS);
	}
}

/* --- starting --- */

/* The xmppd beside ourselves, where we were called by a path; NULL where there
 * is none: then PATH decides. To be freed. */
static char *
find_sibling(const struct ctl *ctl)
{
	const char *slash = strrchr(ctl->program, '/');
	struct buf path = { 0 };
	char *whole;

	if (!slash)
		return NULL;
	buf_append(&path, ctl->program, (size_t)(slash + 1 - ctl->program));
	buf_puts(&path, "xmppd");
	whole = realpath(buf_text(&path), NULL);
	buf_fini(&path);
	if (whole && access(whole, X_OK) == 0)
		return whole;
	free(whole);
	return NULL;
}

/* Returns only where it can't, or the directory (NULL: stay) isn't there. */
static void
execute(const struct ctl *ctl, const char *directory, char *const *words)
{
	char *path = find_sibling(ctl);

	if (directory && chdir(directory) != 0) {
		fprintf(
		    stderr, "xmppctl: %s: %s\n", directory, strerror(errno));
	} else {
		if (path)
			execv(path, words);
		else
			execvp("xmppd", words);
		fprintf(stderr, "xmppctl: can't execute %s: %s\n",
		    path ? path : "xmppd", strerror(errno));
	}
	free(path);
}

struct words {
	const char *list[START_ARGUMENTS_MAX + 8];
	size_t count;
};

static void
add_word(struct words *words, const char *word)
{
	if (words->count + 1 < sizeof(words->list) / sizeof(*words->list))
		words->list[words->count++] = word;
}

/* Later options count, where one is said twice. */
static void
add_more(struct words *words, const struct ctl *ctl, char **more)
{
	if (ctl->node) {
		add_word(words, "--node");
		add_word(words, ctl->node);
	}
	for (; *more; more++)
		add_word(words, *more);
}

static int
start_as(const struct ctl *ctl, char **more, bool foreground)
{
	struct words words = { 0 };

	add_word(&words, "xmppd");
	add_word(&words, "--config");
	add_word(&words, ctl->config);
	add_word(&words, "--state");
	add_word(&words, ctl->state);
	if (foreground)
		add_word(&words, "--foreground");
	add_more(&words, ctl, more);
	execute(ctl, NULL, (char *const *)words.list);
	return CTL_ERROR;
}

/* As it was started last; in the background, unless live. */
static int
start_again(const struct ctl *ctl, char **more, bool foreground)
{
	struct start_arguments before;
	struct words words = { 0 };
	char *why = NULL;

	if (!start_arguments_read(ctl->state, &before, &why)) {
		fprintf(stderr,
		    "xmppctl: say --config FILE: how the server was started "
		    "before is not known (%s)\n",
		    why);
		free(why);
		return CTL_USAGE;
	}
	add_word(&words, "xmppd");
	for (size_t i = 0; i < before.count; i++)
		if (strcmp(before.words[i], "--foreground") != 0)
			add_word(&words, before.words[i]);
	if (foreground)
		add_word(&words, "--foreground");
	add_more(&words, ctl, more);
	execute(ctl, before.directory, (char *const *)words.list);
	free(before.text);
	return CTL_ERROR;
}

int
ctl_start(const struct ctl *ctl, char **words, bool foreground)
{
	if (ctl->config)
		return start_as(ctl, words, foreground);
	return start_again(ctl, words, foreground);
}

/* --- stopping --- */

int
ctl_stop(const struct ctl *ctl)
{
	struct str word = STR("stop");
	struct buf body = { 0 };
	int code = CTL_ERROR;
	pid_t pid = process_of(ctl->state);
	enum ask_result result = ask_server(ctl, &word, 1, &code, &body);

	if (result == ASK_ANSWERED)
		fwrite(body.data, 1, body.len, stdout);
	buf_fini(&body);
	/* It may be stopping already. */
	if (result == ASK_NOT_RUNNING)
		code = pid ? CTL_OK : CTL_NOT_RUNNING;
	if (result == ASK_FAILED || code != CTL_OK)
		return code;
	if (process_wait_gone(ctl->state, STOP_SECONDS))
		return CTL_OK;
	fprintf(stderr,
	    "xmppctl: the server (pid %ld) is stopping, but has not ended "
	    "after %d seconds\n",
	    (long)pid, STOP_SECONDS);
	return CTL_ERROR;
}

int
ctl_restart(const struct ctl *ctl)
{
	char *none[] = { NULL };
	struct start_arguments before;
	char *why = NULL;
	int code;

	/* Before it is stopped: can it be started again? */
	if (!ctl->config) {
		if (!start_arguments_read(ctl->state, &before, &why)) {
			fprintf(stderr,
			    "xmppctl: say --config FILE: how the server was "
			    "started is not known (%s)\n",
			    why);
			free(why);
			return process_of(ctl->state) ? CTL_USAGE
						      : CTL_NOT_RUNNING;
		}
		free(before.text);
	}
	code = ctl_stop(ctl);
	return code == CTL_OK ? ctl_start(ctl, none, false) : code;
}

/* --- waiting --- */

static bool
answers(const struct ctl *ctl)
{
	struct str word = STR("status");
	struct buf body = { 0 };
	int code = CTL_ERROR;
	enum ask_result result = ask_server(ctl, &word, 1, &code, &body);

	buf_fini(&body);
	return result == ASK_ANSWERED && code == CTL_OK;
}

int
ctl_started(const struct ctl *ctl)
{
	time_t end = seconds_now() + STARTED_SECONDS;

	while (!answers(ctl)) {
		if (seconds_now() >= end)
			return CTL_ERROR;
		pause_ms(POLL_MS);
	}
	return CTL_OK;
}

int
ctl_stopped(const struct ctl *ctl)
{
	return process_wait_gone(ctl->state, STOPPED_SECONDS) ? CTL_OK
							      : CTL_ERROR;
}
