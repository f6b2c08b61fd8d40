/*
 * xmppctl: ejabberdctl's commands for xmppd. Starting, stopping and waiting
 * are done here; everything else is a command of the server's registry, asked
 * over the control socket.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/core/command.h"
#include "tools/ctl/ctl.h"

enum { WORDS_MAX = 31, USAGE_WIDTH = 36 };

static const char usage_head[] =
    "usage: xmppctl --state DIR [--config FILE] [--node NAME]\n"
    "               [--format text|json] COMMAND ...\n"
    "\n"
    "  --state DIR     the server's state directory (or in XMPPD_STATE)\n"
    "  --config FILE   configuration for start, live and restart; without it\n"
    "                  the server starts as it was started before\n"
    "  --node NAME     node name for them; xmppd's default otherwise\n"
    "  --format F      text (default) or json\n"
    "  --help          print this and leave\n"
    "  --version       print the version and leave\n"
    "\n"
    "The process:\n";

static int
not_running(const struct ctl *ctl, bool status)
{
	pid_t pid = process_of(ctl->state);

	if (pid) {
		fprintf(status ? stdout : stderr,
		    "xmppd (pid %ld) is starting or stopping in %s\n",
		    (long)pid, ctl->state);
		return CTL_ERROR;
	}
	fprintf(status ? stdout : stderr,
	    "Failed RPC connection to the node of %s: nodedown\n"
	    "xmppd is not running there; xmppctl start starts it\n",
	    ctl->state);
	return CTL_NOT_RUNNING;
}

static int
do_start(const struct ctl *ctl, char **words)
{
	return ctl_start(ctl, words, false);
}

static int
do_live(const struct ctl *ctl, char **words)
{
	return ctl_start(ctl, words, true);
}

static int
do_stop(const struct ctl *ctl, char **words)
{
	int code = ctl_stop(ctl);

	(void)words;
	return code == CTL_NOT_RUNNING ? not_running(ctl, false) : code;
}

static int
do_restart(const struct ctl *ctl, char **words)
{
	int code = ctl_restart(ctl);

	(void)words;
	return code == CTL_NOT_RUNNING ? not_running(ctl, false) : code;
}

static int
do_started(const struct ctl *ctl, char **words)
{
	(void)words;
	return ctl_started(ctl);
}

static int
do_stopped(const struct ctl *ctl, char **words)
{
	(void)words;
	return ctl_stopped(ctl);
}

/* What concerns the process, and is done by us. */
static const struct verb {
	const char *name;
	const char *usage;
	const char *help;
	bool takes_words;
	int (*run)(const struct ctl *ctl, char **words);
} verbs[] = {
	{ "start", "start [XMPPD OPTION...]", "start; returns when it accepts",
	    true, do_start },
	{ "live", "live [XMPPD OPTION...]", "start in the foreground", true,
	    do_live },
	{ "stop", "stop", "stop; returns when the process has gone", false,
	    do_stop },
	{ "restart", "restart", "stop, then start the same way", false,
	    do_restart },
	{ "started", "started", "wait until it runs (60 s at most)", false,
	    do_started },
	{ "stopped", "stopped", "wait until it has gone (30 s at most)", false,
	    do_stopped },
	{ 0 },
};

static const struct verb *
verb_find(const char *name)
{
	for (const struct verb *verb = verbs; verb->name; verb++)
		if (strcmp(verb->name, name) == 0)
			return verb;
	return NULL;
}

/* --- help --- */

static void
print_command(const struct command *command, FILE *out)
{
	struct buf usage = { 0 };

	command_usage(command, &usage);
	fprintf(
	    out, "  %-*s %s\n", USAGE_WIDTH, buf_text(&usage), command->help);
	buf_fini(&usage);
}

static void
print_usage(FILE *out)
{
	fputs(usage_head, out);
	for (const struct verb *verb = verbs; verb->name; verb++)
		fprintf(
		    out, "  %-*s %s\n", USAGE_WIDTH, verb->usage, verb->help);
	fputs("\nIn the running server:\n", out);
	for (const struct command *at = command_table; at->name; at++)
		if (!verb_find(at->name))
			print_command(at, out);
	fputs("\nA PASSWORD of - is read from standard input, as is a FILE of "
	      "-.\nExit status: 0 done, 1 failed, 2 usage, 3 not running.\n"
	      "xmppctl(8) has the details.\n",
	    out);
}

/* Works without a server: the commands are compiled in. */
static int
help(const char *name)
{
	const struct verb *verb;
	const struct command *command;

	if (!name) {
		print_usage(stdout);
		return CTL_USAGE;
	}
	verb = verb_find(name);
	command = command_find(str_of(name));
	if (verb)
		printf("  %-*s %s\n", USAGE_WIDTH, verb->usage, verb->help);
	else if (command)
		print_command(command, stdout);
	else
		printf("Error: command \"%s\" not known.\n", name);
	return verb || command ? CTL_OK : CTL_ERROR;
}

/* --- commands of the server --- */

/* A copy of the argument as the command wants it, in out. */
static bool
read_word(const struct command_arg *arg, char *word, struct buf *out)
{
	bool secret = arg && arg->secret && arg->type != COMMAND_CONTENT;

	if (arg && arg->type == COMMAND_CONTENT)
		return input_content(word, out);
	if (secret && strcmp(word, "-") == 0)
		return input_password(out);
	buf_puts(out, word);
	/* ps shows arguments to everybody, so the shorter the better. */
	if (secret)
		memset(word, 'x', strlen(word));
	return true;
}

static int
ask(const struct ctl *ctl, const struct str *words, size_t count)
{
	struct buf body = { 0 };
	int code = CTL_ERROR;
	/* status tells how things are now, everything else waits for a start
	 * under way. */
	bool is_status = str_is(words[0], "status");
	enum ask_result result;

	result = is_status ? ask_server(ctl, words, count, &code, &body)
			   : ask_when_ready(ctl, words, count, &code, &body);
	switch (result) {
	case ASK_ANSWERED:
		fwrite(buf_text(&body), 1, body.len, stdout);
		if (fflush(stdout) != 0)
			code = CTL_ERROR;
		break;
	case ASK_NOT_RUNNING: code = not_running(ctl, is_status); break;
	case ASK_FAILED: code = CTL_ERROR; break;
	}
	buf_fini(&body);
	return code;
}

static int
run_command(const struct ctl *ctl, char **words, size_t count)
{
	const struct command *command = command_find(str_of(words[0]));
	struct buf copies[WORDS_MAX] = { 0 };
	struct str fields[WORDS_MAX];
	bool fine = true;
	int code = CTL_ERROR;

	for (size_t i = 0; fine && i < count; i++) {
		bool known = command && i > 0 && i <= COMMAND_ARGS_MAX &&
			     command->args[i - 1].name;

		fine = read_word(
		    known ? &command->args[i - 1] : NULL, words[i], &copies[i]);
		fields[i] = buf_str(&copies[i]);
	}
	if (fine)
		code = ask(ctl, fields, count);
	for (size_t i = 0; i < count; i++)
		buf_wipe(&copies[i]);
	return code;
}

/* --- command line --- */

static int
fail_usage(const char *what, const char *which)
{
	fprintf(stderr, "xmppctl: %s%s; xmppctl help lists what there is\n",
	    what, which);
	return CTL_USAGE;
}

/* The value of `--name VALUE` or `--name=VALUE`; NULL: another option, or the
 * value is missing. */
static const char *
option_value(char ***at, const char *name)
{
	size_t len = strlen(name);
	char *word = **at;

	if (strncmp(word, name, len) != 0)
		return NULL;
	if (word[len] == '=')
		return word + len + 1;
	if (word[len] != '\0' || !(*at)[1])
		return NULL;
	return *++*at;
}

/* Options stand before the command, so that arguments may look like them.
 * -1 to go on with **at, or the exit code. */
static int
read_options(struct ctl *ctl, char ***at)
{
	const char *value;

	for (; **at && strncmp(**at, "--", 2) == 0; ++*at) {
		if (strcmp(**at, "--help") == 0) {
			print_usage(stdout);
			return CTL_OK;
		}
		if (strcmp(**at, "--version") == 0) {
			printf("xmppctl %s\n", XMPPD_VERSION);
			return CTL_OK;
		}
		if ((value = option_value(at, "--state"))) {
			ctl->state = value;
		} else if ((value = option_value(at, "--config"))) {
			ctl->config = value;
		} else if ((value = option_value(at, "--node"))) {
			ctl->node = value;
		} else if ((value = option_value(at, "--format"))) {
			ctl->json = strcmp(value, "json") == 0;
			if (!ctl->json && strcmp(value, "text") != 0)
				return fail_usage(
				    "--format takes text or json, not ", value);
		} else {
			return fail_usage("bad option ", **at);
		}
	}
	return -1;
}

static int
run_verb(const struct ctl *ctl, const struct verb *verb, char **words)
{
	if (*words && !verb->takes_words) {
		fprintf(stderr, "xmppctl: %s takes no arguments\n", verb->name);
		return CTL_ERROR;
	}
	return verb->run(ctl, words);
}

int
main(int argc, char **argv)
{
	struct ctl ctl = { .program = argv[0], .state = getenv("XMPPD_STATE") };
	char **at = argv + 1;
	int code = read_options(&ctl, &at);
	const struct verb *verb;
	size_t count;

	if (code >= 0)
		return code;
	if (!*at) {
		print_usage(stdout);
		return CTL_USAGE;
	}
	if (strcmp(*at, "help") == 0)
		return help(at[1]);
	if (!ctl.state || !*ctl.state)
		return fail_usage("--state DIR is missing", "");
	verb = verb_find(*at);
	if (verb)
		return run_verb(&ctl, verb, at + 1);
	count = (size_t)(argv + argc - at);
	if (count > WORDS_MAX)
		return fail_usage("too many arguments", "");
	return run_command(&ctl, at, count);
}
