#include "cfgparse/lint_aside.h"

#include <unistd.h>

#include "cfgparse/policy.h"

enum { SETTINGS_MIN = 20000 };

static void *
work(void *arg)
{
	struct lint_aside *aside = arg;

	aside->family(&aside->lint);
	return NULL;
}

bool
aside_start(struct lint_aside *aside, const struct lint *lint,
    void (*family)(struct lint *lint))
{
	if (lint->model->setting_count < SETTINGS_MIN ||
	    sysconf(_SC_NPROCESSORS_ONLN) < 2)
		return false;
	*aside = (struct lint_aside){ .family = family, .lint = *lint };
	aside->lint.arena = &aside->arena;
	aside->lint.findings = findings_create("");
	aside->lint.quiet = true;
	if (pthread_create(&aside->thread, NULL, work, aside) == 0)
		return true;
	findings_destroy(&aside->lint.findings);
	return false;
}

void
aside_finish(struct lint_aside *aside, struct lint *lint)
{
	pthread_join(aside->thread, NULL);
	findings_destroy(&aside->lint.findings);
	if (aside->lint.has_said) {
		policy_destroy(&aside->lint.policy);
		arena_fini(&aside->arena);
		aside->family(lint);
		return;
	}
	lint->policy = aside->lint.policy;
	arena_join(lint->arena, &aside->arena);
}
