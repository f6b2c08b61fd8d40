#ifndef CERTGEN_LINT_PEMS_H
#define CERTGEN_LINT_PEMS_H
/*
 * The PEM files that a configuration names, judged for the linter: with the
 * place where each is named, and for the hosts that it has to be for. Works on
 * the model, so that it doesn't matter for which server that is.
 */

struct arena;
struct findings;
struct lint;
struct pem_demand;

/* Judges every file that can be read; that one can't be is the linter's own
 * finding. The arena has to outlive the findings' rendering. */
void lint_pems(struct arena *arena, struct lint *lint);
/* The same without the linter: into findings of their own, with those for files
 * that can't be read, and for what else the demand says. */
void lint_pems_alone(struct arena *arena, struct lint *lint,
    const struct pem_demand *demand, struct findings *findings);

#endif
