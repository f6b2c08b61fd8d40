#ifndef DNSCHECK_JUDGE_H
#define DNSCHECK_JUDGE_H
/*
 * The verdict on a domain: findings from what the DNS says and from what the
 * configuration listens on. Asks nobody.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dnscheck/domain.h"

struct cfg;
struct findings;

enum { EXPECT_PORTS_MAX = 32 };

struct expect_ports {
	uint16_t ports[EXPECT_PORTS_MAX];
	size_t count;
};

/* What the server offers. */
struct expect {
	bool known; /* false: no configuration was given */
	struct expect_ports services[SERVICES];
};

/* Reads the listeners of a configuration. */
void expect_from_cfg(const struct cfg *cfg, struct expect *expect);

/* Adds findings about the domain. False where questions stayed open, so that
 * the verdict is not whole. */
bool domain_judge(const struct domain *domain, const struct expect *expect,
    struct findings *findings);

#endif
