#ifndef CFGPARSE_MODES_H
#define CFGPARSE_MODES_H
/*
 * What xmpp-cfglint can be asked to do: each mode is a function in a file of
 * its own, mode_x.c, that does the whole job and returns the exit status.
 * main.c fills the request from the command line and picks the mode.
 */
#include <stdbool.h>
#include <stddef.h>

#include "cfgparse/cfg.h"
#include "cfgparse/question.h"
#include "cfgparse/target.h"

struct cli;
struct lint;
struct rule;

/* What the command line asks for. Its texts live as long as argv. */
struct request {
	const char **files; /* and folders; "-" is the standard input */
	size_t file_count;
	const char *stdin_name; /* what "-" is called */
	bool check_files;
	/* What the other checkers do with a file that was read; or NULL. */
	void (*look)(void *context, struct lint *lint);
	void *look_context;
	bool syntax_only;
	enum cfg_dialect dialect; /* NONE: by content */
	struct target target;
	/* Tables of rules that nothing of this run tries; ends with NULL. */
	const struct rule *const *untried;
	const char *dump;	  /* a form of mode_dump's, or NULL */
	struct question question; /* where its rule is set */
	bool effective;		  /* print what holds */
	bool asks_access;	  /* what it gives to a JID */
};

/* Lints all files, or checks their syntax, and shows the findings. */
int mode_lint(const struct cli *cli, const struct request *request);
/* Prints the terms of the one file. */
int mode_dump(const struct cli *cli, const struct request *request);
/* Answers the question about the one file; the statuses are question.h's. */
int mode_question(const struct cli *cli, const struct request *request);

#endif
