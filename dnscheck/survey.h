#ifndef DNSCHECK_SURVEY_H
#define DNSCHECK_SURVEY_H
/*
 * Many domains looked up at once and judged in the order in which they were
 * given: what xmpp-dnscheck and the linter do.
 */
#include <stdbool.h>
#include <stddef.h>

#include "cfgparse/base/map.h"
#include "dnscheck/judge.h"
#include "dnscheck/resolver.h"

struct survey_job {
	char *name; /* as given */
	bool from_config;
	const struct expect *expect; /* what is offered there */
	struct domain *domain;	     /* NULL: nobody is asked */
};

/* Zero-initialised is a survey of nothing. */
struct survey {
	struct survey_job *jobs;
	size_t count;
	/* Somebody named the server to ask, which then is asked for all. */
	bool own_server;
	/* Private. */
	struct map names;
	struct resolver *resolver;
	size_t next; /* job to start */
	size_t active;
};

/* Adds a domain; one that is there already stays as it is. name is copied,
 * expect stays the caller's. */
void survey_add(struct survey *survey, const char *name, bool from_config,
    const struct expect *expect);
/* Begins to ask; the resolver's loop does the rest. */
void survey_start(struct survey *survey, struct resolver *resolver);
/* Once the loop is through: adds the findings. False where questions stayed
 * open, so that the verdict is not whole. */
bool survey_judge(struct survey *survey, struct findings *findings);
void survey_fini(struct survey *survey);

#endif
