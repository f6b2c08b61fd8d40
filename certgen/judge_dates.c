#include "certgen/pem_trial.h"
/* When the certificate is valid, and for how long. */
#include "certgen/certificate.h"

#include <openssl/err.h>
#include <openssl/x509.h>

/* What a public authority may issue since when (CA/Browser Forum, Baseline
 * Requirements, section 6.3.2); the newest first. */
static const struct {
	time_t since;
	int days;
} limits[] = {
	{ 1868227200, 47 },  /* 2029-03-15 */
	{ 1805068800, 100 }, /* 2027-03-15 */
	{ 1773532800, 200 }, /* 2026-03-15 */
	{ 1598918400, 398 }, /* 2020-09-01 */
	{ 1519862400, 825 }, /* 2018-03-01 */
};

/* The limit of the day on which it was issued, 0 where there was none. */
static int
public_limit(const ASN1_TIME *begin)
{
	size_t i;

	for (i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		time_t since = limits[i].since - 1;

		if (X509_cmp_time(begin, &since) > 0)
			return limits[i].days;
	}
	return 0;
}

static void
judge_length(
    struct pem_trial *trial, const ASN1_TIME *begin, const ASN1_TIME *end)
{
	int limit = trial->public ? public_limit(begin) : CERT_DAYS_LIMIT;
	int days, seconds;

	if (!ASN1_TIME_diff(&days, &seconds, begin, end)) {
		ERR_clear_error();
		trial_find(trial, CERT_BROKEN_BLOCK, trial->leaf,
		    "the certificate's dates can't be read");
		return;
	}
	/* Both ends count (RFC 5280, section 4.1.2.5). */
	if (seconds == DAY - 1)
		seconds = 0, days++;
	if (limit == 0 || days < limit || (days == limit && seconds == 0))
		return;
	if (trial->public)
		finding_hint(
		    trial_find(trial, CERT_PUBLIC_VALIDITY, trial->leaf,
			"the certificate is valid for %d days, and a public "
			"one of its day may be for %d",
			days, limit),
		    "have it issued anew, for a shorter time");
	else
		finding_hint(trial_find(trial, CERT_LONG_VALIDITY, trial->leaf,
				 "the certificate is valid for %d days", days),
		    "make one for at most %d days, and renew it in time",
		    CERT_DAYS_LIMIT);
}

static void
judge_end(struct pem_trial *trial, const ASN1_TIME *end)
{
	const struct pem_demand *demand = trial->demand;
	int days = demand->warn_days ? demand->warn_days : PEM_EXPIRY_WARN_DAYS;
	time_t now = trial->now, soon, last;
	struct finding *finding;

	if (demand->fail_days > days)
		days = demand->fail_days;
	soon = now + (time_t)days * DAY;
	last = now + (time_t)demand->fail_days * DAY;
	if (X509_cmp_time(end, &now) < 0) {
		finding_hint(
		    trial_find(trial, CERT_EXPIRED, trial->leaf,
			"the certificate expired on %s", trial_day(trial, end)),
		    "renew it; a self-signed one: xmpp-certgen self-signed "
		    "--renew");
	} else if (X509_cmp_time(end, &soon) < 0) {
		finding = trial_find(trial, CERT_EXPIRES_SOON, trial->leaf,
		    "the certificate expires on %s", trial_day(trial, end));
		finding_hint(finding, "renew it, then have the server reload");
		if (X509_cmp_time(end, &last) < 0)
			finding_severity(finding, SEVERITY_ERROR);
	}
}

void
judge_dates(struct pem_trial *trial)
{
	const ASN1_TIME *begin = X509_get0_notBefore(trial->leaf->cert);
	const ASN1_TIME *end = X509_get0_notAfter(trial->leaf->cert);

	if (X509_cmp_time(begin, &trial->now) > 0)
		finding_hint(trial_find(trial, CERT_NOT_YET_VALID, trial->leaf,
				 "the certificate isn't valid before %s",
				 trial_day(trial, begin)),
		    "wait until then, or set the clock right");
	judge_end(trial, end);
	judge_length(trial, begin, end);
}
