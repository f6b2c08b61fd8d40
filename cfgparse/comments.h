#ifndef CFGPARSE_COMMENTS_H
#define CFGPARSE_COMMENTS_H
/*
 * Finds the comments of a text, in order, in one pass and without a parser, so
 * also in texts with errors. It knows what a comment can't stand in (strings,
 * quoted atoms, characters; YAML's quoted and block scalars), not what comments
 * say.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cfgparse/findings.h"

struct comment {
	struct str text; /* from its first % or # to the end of the line */
	uint32_t begin;	 /* byte of the text */
	bool alone;	 /* nothing but blanks before it on its line */
};

/* Fields are private. */
struct comment_walk {
	struct str text;
	enum comment_style style;
	size_t at;
	int lost; /* quotes that were never closed */
	/* YAML */
	size_t line; /* where it begins */
	int flow;    /* brackets around */
	long node;   /* column of the key or dash that a value belongs to */
	long token;  /* column that the last key or value began at */
	bool value;  /* a key or value may begin here */
	bool plain;  /* inside an unquoted one */
	bool block;  /* a block scalar begins with the next line */
};

/* Starts at the text's first byte; the text outlives the walk. */
void comments_start(
    struct comment_walk *walk, struct str text, enum comment_style style);
/* False at the end. */
bool comments_next(struct comment_walk *walk, struct comment *comment);

#endif
