#include "cfgparse/cfg_frozen.h"
/*
 * Who may do what: the questions that the server asks of its policy. Runs on
 * every thread over frozen data.
 */
#include <stdlib.h>

static struct policy_answer
ask(const struct cfg *cfg, const struct cfg_host *host, const char *rule,
    bool shaper, const struct cfg_subject *subject)
{
	const struct frozen *frozen = (const struct frozen *)cfg;

	return policy_ask(frozen->policy, str_of(host ? host->name : NULL),
	    str_of(rule), shaper, subject, NULL);
}

const char *
cfg_access(const struct cfg *cfg, const struct cfg_host *host, const char *rule,
    const struct cfg_subject *subject)
{
	struct policy_answer answer = ask(cfg, host, rule, false, subject);

	return answer.result ? answer.result : "deny";
}

bool
cfg_allowed(const struct cfg *cfg, const struct cfg_host *host,
    const char *rule, const struct cfg_subject *subject)
{
	return strcmp(cfg_access(cfg, host, rule, subject), "allow") == 0;
}

const char *
cfg_choice(const struct cfg *cfg, const struct cfg_host *host, const char *rule,
    const struct cfg_subject *subject)
{
	return ask(cfg, host, rule, true, subject).result;
}

/* From 19.08 on a rule may give a number in place of a shaper. */
static int64_t
rate_of_number(const struct frozen *frozen, const char *text)
{
	char *end;
	long long rate = strtoll(text, &end, 10);

	return *end || end == text || rate < 0 ||
		       policy_is_host_bound(frozen->policy)
		   ? 0
		   : rate;
}

int64_t
cfg_shaper_rate(const struct cfg *cfg, const struct cfg_host *host,
    const char *shaper, const struct cfg_subject *subject)
{
	const char *name = cfg_choice(cfg, host, shaper, subject);

	for (size_t i = 0; name && i < cfg->shaper_count; i++) {
		if (strcmp(cfg->shapers[i].name, name) == 0)
			return cfg->shapers[i].rate;
	}
	return name ? rate_of_number((const struct frozen *)cfg, name) : 0;
}
