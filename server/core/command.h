#ifndef CORE_COMMAND_H
#define CORE_COMMAND_H
/*
 * The one command registry. A command is written once; the control socket
 * (xmppctl), and later the HTTP API, ad-hoc commands and the web admin, only
 * parse arguments and render results. Names, argument order and results are
 * ejabberdctl's.
 */
#include <stdbool.h>
#include <stddef.h>

#include "cfgparse/base/buf.h"
#include "cfgparse/base/str.h"

struct shard;
struct command_call;

enum command_type {
	COMMAND_STRING,
	COMMAND_INTEGER,
	COMMAND_CONTENT, /* a file's content; xmppctl is given the file */
};

struct command_arg {
	const char *name;
	enum command_type type;
	bool secret; /* never logged or echoed */
};

/* What a command answers, which decides how it is rendered. */
enum command_shape {
	COMMAND_CODE,  /* nothing but success or not (rescode) */
	COMMAND_TEXT,  /* success or not, with a text (restuple) */
	COMMAND_VALUE, /* one integer or string */
	COMMAND_LIST,  /* rows of one or more columns */
};

enum { COMMAND_ARGS_MAX = 8, COMMAND_COLUMNS_MAX = 8 };

struct command {
	const char *name;
	const char *help;			   /* one line */
	struct command_arg args[COMMAND_ARGS_MAX]; /* ended by name NULL */
	unsigned optional; /* how many of the last args may be missing */
	enum command_shape shape;
	enum command_type value; /* of a VALUE */
	/* Of a list; of any other shape that adds rows in JSON alone. */
	const char *columns[COMMAND_COLUMNS_MAX];
	const char *tag; /* "accounts", "session", "server" */
	/* Answers by command_done, now or later, on the same shard. */
	void (*run)(struct command_call *call);
};

/* All of them, ended by name NULL, sorted by name. */
extern const struct command command_table[];
/* A dash in the name is read as an underscore. NULL: there is none. */
const struct command *command_find(struct str name);
/* One line a command: "register USER HOST PASSWORD   help". */
void command_usage(const struct command *command, struct buf *out);

enum command_status {
	COMMAND_OK = 0,
	COMMAND_ERROR = 1,
	COMMAND_USAGE = 2, /* unknown command or wrong arguments */
};

/* One call under way. Made by command_run, freed after on_done. */
struct command_call {
	const struct command *command;
	struct shard *shard;
	struct str args[COMMAND_ARGS_MAX]; /* valid until command_done */
	size_t arg_count;
	void *state; /* the command's own; freed by it before command_done */
	/* All that follow are filled by command_ functions. */
	enum command_status status;
	struct buf text;  /* TEXT, VALUE, or the message of an error */
	struct buf cells; /* LIST: cells, each NUL-terminated */
	size_t cell_count;
	void (*on_done)(void *arg, const struct command_call *call);
	void *arg;
};

/* Runs a command by name with positional arguments (copied, wiped at the end).
 * Logs the name and what isn't secret. on_done is called
 * exactly once, later or before this returns, on this shard; the call is valid
 * during it only. Unknown names and wrong counts are answered too. */
void command_run(struct shard *shard, struct str name, const struct str *args,
    size_t count, void (*on_done)(void *arg, const struct command_call *call),
    void *arg);

/* For commands: a cell of the list, row by row. */
void command_cell(struct command_call *call, struct str cell);
/* Ends the call. text may be NULL. */
void command_done(
    struct command_call *call, enum command_status status, const char *text);

/* Rendering for xmppctl: ejabberdctl's plain form, or JSON. */
void command_render_text(const struct command_call *call, struct buf *out);
void command_render_json(const struct command_call *call, struct buf *out);

#endif
