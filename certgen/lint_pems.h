#ifndef CERTGEN_LINT_PEMS_H
#define CERTGEN_LINT_PEMS_H
/*
 * The PEM files that a configuration names, judged for the linter: with the
 * place where each is named, and for the hosts that it has to be for. Works on
 * the model, so that it doesn't matter for which server that is.
 */

struct arena;
struct lint;

/* Judges every file that can be read; that one can't be is the linter's own
 * finding. The arena has to outlive the findings' rendering. */
void lint_pems(struct arena *arena, struct lint *lint);

#endif
