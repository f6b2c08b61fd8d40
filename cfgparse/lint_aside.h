#ifndef CFGPARSE_LINT_ASIDE_H
#define CFGPARSE_LINT_ASIDE_H
/*
 * A family of rules on another processor, for a large configuration. There it
 * only finds out whether it has anything to say; if so, it is run again where
 * findings may be added. So nothing but the model is shared.
 */
#include <pthread.h>
#include <stdbool.h>

#include "cfgparse/base/arena.h"
#include "cfgparse/lint.h"

/* Owned by who starts it, and stays where it is until it is finished. */
struct lint_aside {
	void (*family)(struct lint *lint);
	struct lint lint;
	struct arena arena;
	pthread_t thread;
};

/* The family must report by lint_report alone, and look at nothing but the
 * model and what it makes itself. False where it isn't worth a thread: then
 * nothing has happened. */
bool aside_start(struct lint_aside *aside, const struct lint *lint,
    void (*family)(struct lint *lint));
/* Waits for it; afterwards it's as if the family had been run now. */
void aside_finish(struct lint_aside *aside, struct lint *lint);

#endif
