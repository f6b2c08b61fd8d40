#ifndef CFGPARSE_CLI_H
#define CFGPARSE_CLI_H
/*
 * The command line of the three checkers: what they share (how findings are
 * shown and which of them count, --explain, --help and the like) and a walk
 * over what each has of its own. Knows nothing of what is checked.
 */
#include <stdbool.h>

#include "cfgparse/base/terminal.h"
#include "cfgparse/findings.h"

/* One option of a program's own; the table ends with a zero row. */
struct cli_option {
	const char *name;  /* "--config" */
	const char *value; /* "FILE", or NULL: it takes none */
	const char *help;  /* one line */
	int id;		   /* over 0, as cli_next returns it */
};

/* Rules of one area; the table ends with a zero row. */
struct cli_program {
	const char *name;  /* "xmpp-cfglint" */
	const char *usage; /* what follows the name: "[OPTION...] FILE..." */
	const char *about; /* one or two lines on what it does */
	const struct cli_option *options;
	const struct rule *const *rules; /* tables, ends with NULL */
	/* Explains what is no rule, such as an option; NULL: nothing is.
	 * False where it doesn't know the name. */
	bool (*explain)(const char *name, FILE *out);
};

/* What cli_next returns beside ids. */
enum {
	CLI_END = 0,
	CLI_ARGUMENT = -1, /* no option: *value is the argument */
	CLI_EXIT = -2,	   /* nothing more to do: leave with cli.status */
};

/* Values of an option that may be given several times. */
struct cli_list {
	const char *values[16]; /* each may be A,B,C */
	size_t count;
};

struct cli {
	const struct cli_program *program;
	struct findings_options findings; /* colour is set at CLI_END */
	int status;
	/* All that follow are private. */
	int argc;
	char **argv;
	int next;
	bool only_arguments;
	enum colour_choice colour;
	struct cli_list disable;
	struct cli_list only;
	const char *baseline; /* file, or NULL */
	const char *write_baseline;
};

/* argv is main's and must outlive cli. */
void cli_init(
    struct cli *cli, const struct cli_program *program, int argc, char **argv);

/*
 * The next option of the program's own (its id), CLI_ARGUMENT, or CLI_END.
 * Shared options are taken on the way. CLI_EXIT where help was printed or the
 * usage was wrong (said on stderr, status EXIT_FAILED). *value is the
 * option's value and points into argv, or NULL.
 */
int cli_next(struct cli *cli, const char **value);
/* Says on stderr that the usage is wrong; returns EXIT_FAILED. */
int cli_usage(const struct cli *cli, const char *message, ...)
    __attribute__((format(printf, 2, 3)));
/* Findings of which those count that the options ask for; at CLI_END. Destroy
 * them. */
struct findings *cli_findings(const struct cli *cli);
/* Sorts and prints the findings on stdout as the options ask; returns the
 * exit status. */
int cli_finish(const struct cli *cli, struct findings *findings);
/* The parts of the program's manual page that its tables hold, for
 * tools/make-man: options, exit statuses, rules. */
void cli_manual(const struct cli_program *program, FILE *out);
/* What the tables of all checkers share; the first ends with a zero row, the
 * second, indexed by exit status, with NULL. */
extern const struct cli_option cli_shared_options[];
extern const char *const cli_statuses[];
/* Sees to it that everything said on stdout arrived; returns status, or
 * EXIT_FAILED (said on stderr). The last thing a program does. */
int cli_close(const char *program, int status);

/* The rule of that id in the tables, or NULL. */
const struct rule *rule_find(const struct rule *const *tables, const char *id);
/* The same by a view; where there is none, *nearest is one that only has other
 * letters as capitals, or NULL. */
const struct rule *rule_named(
    const struct rule *const *tables, struct str id, const char **nearest);
/* Prints the rule's page, as --explain shows it. */
void rule_explain(const struct rule *rule, FILE *out);
/* A line for each rule: its name, severity and title. */
void rules_list(const struct rule *const *tables, FILE *out);
/* The rules' pages as Markdown, for docs/rules.md. */
void rules_document(const struct rule *const *tables, FILE *out);

#endif
