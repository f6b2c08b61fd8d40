#ifndef CERTGEN_LIVE_PRIVATE_H
#define CERTGEN_LIVE_PRIVATE_H
/*
 * What the way to a server (live_check.c) and the verdicts on it (live_judge.c)
 * share.
 */
#include "certgen/live_check.h"
#include "certgen/live_rules.h"
#include "cfgparse/findings.h"

struct probe;

/* One server on trial. */
struct visit {
	struct arena *arena;
	const struct live_target *target;
	const struct pem_demand *demand;
	const char *domain;
	const char *ascii; /* NULL for an address */
	struct findings *findings;
	struct span span; /* the server as a whole */
	const char *name; /* "example.org:5222" */
	struct str chain; /* PEM, of the first handshake */
	bool met;	  /* somebody answered, for good or bad */
	bool reached;	  /* with a verdict */
	struct dead_address {
		const char *text;
		int error; /* 0: not in time */
	} dead[LIVE_ADDRESSES_MAX];
	size_t dead_count;
};

#define FIND(visit, rule, ...)                                             \
	live_tell(visit, finding_add((visit)->findings, &live_rules[rule], \
			     &(visit)->span, __VA_ARGS__))

/* Adds the domain to the finding, which it returns. */
struct finding *live_tell(const struct visit *visit, struct finding *finding);
/* Foreign bytes, made harmless for people's terminals; in the arena. */
const char *live_shown(const struct visit *visit, const char *text);

/* How a probe that is over ended, and what its handshake showed. */
void live_judge_end(struct visit *visit, const struct probe *probe);
/* A probe that wasn't over when the time was. */
void live_judge_silence(struct visit *visit, const struct probe *probe);
/* One that offered old versions of TLS alone, to a server that can do more. */
void live_judge_old(struct visit *visit, const struct probe *probe);

#endif
