#include "certgen/tlsa_check.h"

#include "certgen/live_rules.h"
#include "certgen/pem.h"
#include "certgen/tlsa.h"
#include "certgen/tlsa_zone.h"
#include "cfgparse/base/arena.h"
#include "cfgparse/base/buf.h"
#include "cfgparse/findings.h"

#include <stdio.h>

/* One PEM on trial. */
struct trial {
	struct arena *arena;
	const struct pem *pem;
	const struct pem *next; /* or NULL */
	const struct pem_block *leaf;
	struct span span;
	struct findings *findings;
};

#define FIND(trial, owner, rule, ...)                                       \
	tell_owner(owner, finding_add((trial)->findings, &live_rules[rule], \
			      &(trial)->span, __VA_ARGS__))

static struct finding *
tell_owner(const char *owner, struct finding *finding)
{
	finding_subject(finding, owner);
	return finding;
}

/* A record that those who look for DANE in XMPP use. */
static bool
usable(const struct tlsa_record *record)
{
	return (record->usage == TLSA_DANE_TA ||
		   record->usage == TLSA_DANE_EE) &&
	       record->selector <= TLSA_KEY && record->matching <= TLSA_SHA512;
}

/* The line that would be right, for hints. */
static const char *
line_for(struct trial *trial, const struct pem *pem, const char *owner)
{
	const struct pem_block *leaf = pem_first(pem, PEM_CERTIFICATE);
	struct tlsa_digest digest;
	struct tlsa_record record = { TLSA_DANE_EE, TLSA_KEY, TLSA_SHA256,
		digest.bytes, 0 };
	struct buf buf = { 0 };
	const char *line;

	if (!leaf || !leaf->cert ||
	    !tlsa_digest_make(leaf->cert, TLSA_KEY, &digest))
		return "what xmpp-certgen tlsa prints";
	record.len = digest.len;
	buf_printf(&buf, "%s. %d IN TLSA ", owner, TLSA_TTL_DEFAULT);
	tlsa_print(&record, &buf);
	line = arena_strdup(trial->arena, buf_text(&buf));
	buf_fini(&buf);
	return line;
}

static void
judge_secure(struct trial *trial, const struct tlsa_question *question,
    const char *owner)
{
	struct finding *finding = NULL;

	if (!question->secure)
		finding = FIND(trial, owner, TLSA_INSECURE,
		    "the TLSA records at %s weren't validated with DNSSEC",
		    owner);
	else if (!question->place->secure)
		finding = FIND(trial, owner, TLSA_INSECURE,
		    "the SRV records that lead to %s weren't validated with "
		    "DNSSEC",
		    question->place->host);
	if (finding)
		finding_hint(finding,
		    "sign the zone, and ask a resolver that validates with "
		    "--resolver");
}

static void
judge_useless(
    struct trial *trial, const struct tlsa_record *record, const char *owner)
{
	if (record->usage == TLSA_PKIX_TA || record->usage == TLSA_PKIX_EE)
		finding_hint(
		    FIND(trial, owner, TLSA_USAGE,
			"a TLSA record at %s has usage %u (%s)", owner,
			record->usage,
			record->usage == TLSA_PKIX_TA ? "PKIX-TA" : "PKIX-EE"),
		    "publish usage 3: %s", line_for(trial, trial->pem, owner));
	else
		FIND(trial, owner, TLSA_USAGE,
		    "a TLSA record at %s has parameters that nobody knows: "
		    "%u %u %u",
		    owner, record->usage, record->selector, record->matching);
}

/* Records beside the one that matches. */
static void
judge_others(struct trial *trial, const struct tlsa_question *question,
    const char *owner, bool *next_found)
{
	struct buf buf = { 0 };

	for (size_t i = 0; i < question->count; i++) {
		const struct tlsa_record *record = &question->records[i];

		if (trial->next && tlsa_matches(record, trial->next)) {
			*next_found = true;
			continue;
		}
		if (!usable(record) || tlsa_matches(record, trial->pem))
			continue;
		tlsa_print(record, &buf);
		FIND(trial, owner, TLSA_LEFT_OVER,
		    "a TLSA record at %s belongs to another certificate: %.24s"
		    "...",
		    owner, buf_text(&buf));
		buf_clear(&buf);
	}
	buf_fini(&buf);
}

static void
judge_records(struct trial *trial, const struct tlsa_question *question,
    const char *owner)
{
	size_t used = 0, matching = 0;
	bool next_found = false;

	for (size_t i = 0; i < question->count; i++) {
		const struct tlsa_record *record = &question->records[i];

		if (!usable(record)) {
			judge_useless(trial, record, owner);
			continue;
		}
		used++;
		matching += tlsa_matches(record, trial->pem);
	}
	if (used > 0 && matching == 0)
		finding_hint(FIND(trial, owner, TLSA_MISMATCH,
				 "no TLSA record at %s matches this "
				 "certificate",
				 owner),
		    "publish %s", line_for(trial, trial->pem, owner));
	else
		judge_others(trial, question, owner, &next_found);
	if (trial->next && matching > 0 && !next_found)
		finding_hint(
		    FIND(trial, owner, TLSA_MISSING,
			"there is no TLSA record at %s for the next PEM yet",
			owner),
		    "publish %s", line_for(trial, trial->next, owner));
	judge_secure(trial, question, owner);
}

/* False where it stayed open. */
static bool
judge_question(struct trial *trial, const struct tlsa_question *question)
{
	const char *owner = arena_printf(trial->arena, "_%u._tcp.%s",
	    question->place->port, question->place->host);

	switch (question->reply) {
	case TLSA_UNKNOWN:
		FIND(trial, owner, TLSA_NOT_ASKED,
		    "no answer about the TLSA records at %s: %s", owner,
		    question->why);
		return false;
	case TLSA_NOTHING:
		finding_hint(FIND(trial, owner, TLSA_MISSING,
				 "there is no TLSA record at %s", owner),
		    "publish %s", line_for(trial, trial->pem, owner));
		return true;
	default: judge_records(trial, question, owner); return true;
	}
}

static bool
judge_places(struct trial *trial, const struct tlsa_dns *dns,
    const struct tlsa_places *places)
{
	struct tlsa_question *questions =
	    arena_array(trial->arena, places->count, sizeof(*questions));
	bool whole = true;

	for (size_t i = 0; i < places->count; i++)
		questions[i].place = &places->items[i];
	dns->find_records(dns->arg, trial->arena, questions, places->count);
	for (size_t i = 0; i < places->count; i++)
		if (!judge_question(trial, &questions[i]))
			whole = false;
	return whole;
}

static bool
judge_pem(struct trial *trial, const struct tlsa_demand *demand)
{
	struct cert_hosts covered;
	struct tlsa_places places;
	bool whole;

	tlsa_scope_hosts(trial->arena, trial->pem, demand->hosts, &covered);
	tlsa_scope_places(demand->scope, trial->arena, &covered, &places);
	if (places.unknown)
		FIND(trial, places.unknown, TLSA_NOT_ASKED,
		    "no answer about the SRV records of %s: %s", places.unknown,
		    places.why);
	whole = judge_places(trial, demand->scope->dns, &places);
	return whole && !places.unknown;
}

bool
tlsa_check(struct arena *arena, const char *path,
    const struct tlsa_demand *demand, struct findings *findings)
{
	struct trial trial = { .arena = arena, .findings = findings };
	struct pem *pem = NULL, *next = NULL;
	bool whole = true;

	if (demand->next &&
	    pem_open_unloaded(arena, demand->next, &next) != PEM_READ) {
		fprintf(stderr, "xmpp-certgen: %s can't be read as a PEM\n",
		    demand->next);
		return false;
	}
	trial.next = next;
	if (pem_open_unloaded(arena, path, &pem) == PEM_READ) {
		trial.pem = pem;
		trial.leaf = pem_first(pem, PEM_CERTIFICATE);
		if (trial.leaf && trial.leaf->cert) {
			pem->source.text = pem_excerpts(arena, pem);
			trial.span = pem_span(pem, trial.leaf);
			whole = judge_pem(&trial, demand);
		}
		pem_close(&pem);
	}
	if (next)
		pem_close(&next);
	return whole;
}
