#ifndef BASE_TERMINAL_H
#define BASE_TERMINAL_H
/*
 * What may be sent to somebody's terminal: bytes of files and names that
 * strangers choose are made harmless, and colour is used only where wanted.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "cfgparse/base/buf.h"
#include "cfgparse/base/str.h"

/* --color */
enum colour_choice { COLOUR_AUTO, COLOUR_ALWAYS, COLOUR_NEVER };

/* Reads auto, always or never; false where it is none of them. */
bool colour_choice_parse(const char *text, enum colour_choice *choice);
/* Whether to colour what goes to file. auto: on a terminal that is not
 * "dumb", unless NO_COLOR is set. */
bool colour_wanted(enum colour_choice choice, FILE *file);

/* How many columns the terminal has that file is, or, where it is none, what
 * COLUMNS in the environment says; 0: not known. */
size_t terminal_columns(FILE *file);

/*
 * Appends text on one line: control characters, line breaks, ill-formed
 * bytes and what changes the direction of writing appear as escapes (\n,
 * \x1b, \u{202e}).
 */
void terminal_escape(struct buf *buf, struct str text);
/* The same for one character of at most len bytes at p; returns how many
 * bytes it took (at least 1) and adds to *columns what it takes to show. */
size_t terminal_escape_char(
    struct buf *buf, const char *p, size_t len, size_t *columns);

#endif
