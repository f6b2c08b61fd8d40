#include "dnscheck/survey.h"

#include <stdlib.h>

#include "cfgparse/base/mem.h"
#include "cfgparse/findings.h"
#include "cfgparse/hostname.h"
#include "dnscheck/domain.h"
#include "dnscheck/host_probe.h"
#include "dnscheck/rules.h"

enum { AT_ONCE = 32 }; /* domains that are asked about at the same time */

void
survey_add(struct survey *survey, const char *name, bool from_config,
    const struct expect *expect)
{
	if (map_get(&survey->names, str_of(name)))
		return;
	map_put(&survey->names, str_of(name), survey);
	survey->jobs =
	    mem_grow(survey->jobs, survey->count + 1, sizeof(*survey->jobs));
	survey->jobs[survey->count++] =
	    (struct survey_job){ mem_strdup(name), from_config, expect, NULL };
}

/* --- asking --- */

/* Why nobody is asked about a domain, or NULL. Names that are special by
 * convention only are asked about where somebody names them or a server. */
static const char *
not_asked(const struct survey *survey, const struct survey_job *job)
{
	if ((job->from_config && !survey->own_server) || job->name[0] == '[' ||
	    domain_literal_kind(job->name) != LITERAL_NONE)
		return domain_special_reason(job->name);
	return NULL;
}

static void start_jobs(struct survey *survey);

static void
on_domain(void *arg, struct domain *domain)
{
	struct survey *survey = arg;

	(void)domain;
	survey->active--;
	start_jobs(survey);
}

static void
start_jobs(struct survey *survey)
{
	char ascii[HOSTNAME_MAX + 1];

	while (survey->next < survey->count && survey->active < AT_ONCE) {
		struct survey_job *job = &survey->jobs[survey->next++];

		if (not_asked(survey, job) ||
		    !hostname_to_ascii(str_of(job->name), ascii))
			continue;
		survey->active++;
		job->domain =
		    domain_look_up(survey->resolver, ascii, on_domain, survey);
	}
}

void
survey_start(struct survey *survey, struct resolver *resolver)
{
	survey->resolver = resolver;
	start_jobs(survey);
}

/* --- verdicts --- */

static void
report_unasked(const struct survey *survey, const struct survey_job *job,
    struct findings *findings)
{
	const char *reason = not_asked(survey, job);
	struct finding *finding;

	if (reason)
		finding =
		    finding_add(findings, &dnscheck_rules[DNS_SPECIAL_NAME],
			NULL, "%s needs no records: %s", job->name, reason);
	else
		finding = finding_add(findings, &dnscheck_rules[DNS_BAD_DOMAIN],
		    NULL, "\"%s\" is not a domain name", job->name);
	finding_subject(finding, job->name);
}

bool
survey_judge(struct survey *survey, struct findings *findings)
{
	bool whole = true;

	for (size_t i = 0; i < survey->count; i++) {
		struct survey_job *job = &survey->jobs[i];

		if (!job->domain)
			report_unasked(survey, job, findings);
		else if (!domain_judge(job->domain, job->expect, findings))
			whole = false;
	}
	return whole;
}

void
survey_fini(struct survey *survey)
{
	for (size_t i = 0; i < survey->count; i++) {
		domain_destroy(&survey->jobs[i].domain);
		free(survey->jobs[i].name);
	}
	free(survey->jobs);
	map_fini(&survey->names);
	*survey = (struct survey){ 0 };
}
