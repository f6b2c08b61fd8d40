#include "certgen/tlsa_zone.h"

#include "certgen/key.h"
#include "certgen/tlsa.h"
#include "cfgparse/base/buf.h"
#include "cfgparse/base/terminal.h"

#include <inttypes.h>
#include <string.h>

#include <openssl/asn1.h>
#include <openssl/x509.h>

/* The two records of a certificate, as text behind "TLSA ". */
struct pair {
	struct buf key;	 /* 3 1 1: holds as long as the key */
	struct buf cert; /* 3 0 1: holds until the certificate is renewed */
};

static bool
print_one(const X509 *cert, enum tlsa_selector selector, struct buf *out)
{
	struct tlsa_digest digest;
	struct tlsa_record record = { TLSA_DANE_EE, (uint8_t)selector,
		TLSA_SHA256, digest.bytes, 0 };

	if (!tlsa_digest_make(cert, selector, &digest))
		return false;
	record.len = digest.len;
	tlsa_print(&record, out);
	return true;
}

static bool
pair_make(const X509 *cert, struct pair *pair)
{
	*pair = (struct pair){ 0 };
	return print_one(cert, TLSA_KEY, &pair->key) &&
	       print_one(cert, TLSA_CERT, &pair->cert);
}

static void
pair_fini(struct pair *pair)
{
	buf_fini(&pair->key);
	buf_fini(&pair->cert);
}

static void
print_line(const char *before, const struct tlsa_place *place, uint32_t ttl,
    const struct buf *record, FILE *out)
{
	fprintf(out, "%s_%u._tcp.%s. %" PRIu32 " IN TLSA %s\n", before,
	    place->port, place->host, ttl, buf_text(record));
}

/* "; PATH: ECDSA P-256, until 2028-11-21" */
static void
print_served(const char *what, const struct tlsa_served *served, FILE *out)
{
	char kind[64] = "a key that can't be read";
	struct tm until = { 0 };
	struct buf path = { 0 };
	const EVP_PKEY *key = X509_get0_pubkey(served->leaf);

	if (key)
		key_describe(key, sizeof(kind), kind);
	if (!ASN1_TIME_to_tm(X509_get0_notAfter(served->leaf), &until))
		until.tm_year = -1900;
	terminal_escape(&path, str_of(served->path));
	fprintf(out, "; %s%s: %s, until %04d-%02d-%02d\n", what,
	    buf_text(&path), kind, until.tm_year + 1900, until.tm_mon + 1,
	    until.tm_mday);
	buf_fini(&path);
}

bool
tlsa_zone_print(const struct tlsa_served *served,
    const struct tlsa_places *places, uint32_t ttl, FILE *out)
{
	struct pair pair;
	bool made = pair_make(served->leaf, &pair);

	if (made)
		print_served("", served, out);
	for (size_t i = 0; i < places->count && made; i++) {
		print_line("", &places->items[i], ttl, &pair.key, out);
		print_line("", &places->items[i], ttl, &pair.cert, out);
	}
	pair_fini(&pair);
	return made;
}

/* --- the plan --- */

static void
print_time(time_t time, FILE *out)
{
	struct tm when;

	if (gmtime_r(&time, &when))
		fprintf(out, "%04d-%02d-%02d %02d:%02d:%02d UTC",
		    when.tm_year + 1900, when.tm_mon + 1, when.tm_mday,
		    when.tm_hour, when.tm_min, when.tm_sec);
}

static bool
same(const struct buf *a, const struct buf *b)
{
	return str_eq(buf_str(a), buf_str(b));
}

/* The records of both, those that they share once. */
static void
print_both(const struct tlsa_plan *plan, const struct pair *old,
    const struct pair *next, FILE *out)
{
	for (size_t i = 0; i < plan->places->count; i++) {
		const struct tlsa_place *place = &plan->places->items[i];

		print_line("", place, plan->ttl, &old->key, out);
		print_line("", place, plan->ttl, &old->cert, out);
		if (!same(&old->key, &next->key))
			print_line("", place, plan->ttl, &next->key, out);
		if (!same(&old->cert, &next->cert))
			print_line("", place, plan->ttl, &next->cert, out);
	}
}

static void
print_gone(const struct tlsa_plan *plan, const struct pair *old,
    const struct pair *next, FILE *out)
{
	for (size_t i = 0; i < plan->places->count; i++) {
		const struct tlsa_place *place = &plan->places->items[i];

		if (!same(&old->key, &next->key))
			print_line("; ", place, plan->ttl, &old->key, out);
		if (!same(&old->cert, &next->cert))
			print_line("; ", place, plan->ttl, &old->cert, out);
	}
}

static void
print_steps(const struct tlsa_plan *plan, const struct pair *old,
    const struct pair *next, FILE *out)
{
	time_t swap = plan->now + (time_t)plan->wait;

	fputs("; 1. Now, ", out);
	print_time(plan->now, out);
	fputs(": publish all of these.\n", out);
	print_both(plan, old, next, out);
	fprintf(out,
	    "; 2. When every name server of the zone has them, wait for "
	    "%" PRIu32 " seconds, in\n;    which caches forget the old "
		       "answers: not before ",
	    plan->wait);
	print_time(swap, out);
	fputs(".\n;    Then have the server read the next PEM.\n", out);
	if (X509_cmp_time(X509_get0_notAfter(plan->old.leaf), &swap) < 0)
		fputs(";    The certificate that is served expires before: "
		      "shorten the TTL or hurry.\n",
		    out);
	fputs("; 3. When the server shows the new certificate (xmpp-certgen "
	      "check --connect),\n;    take these away.\n",
	    out);
	print_gone(plan, old, next, out);
}

bool
tlsa_plan_print(const struct tlsa_plan *plan, FILE *out)
{
	struct pair old, next = { 0 };
	bool made = pair_make(plan->old.leaf, &old) &&
		    pair_make(plan->next.leaf, &next);

	if (made) {
		print_served("served: ", &plan->old, out);
		print_served("next: ", &plan->next, out);
	}
	if (made && same(&old.cert, &next.cert)) {
		fputs(
		    "; Both are the same certificate: nothing changes.\n", out);
		print_both(plan, &old, &next, out);
	} else if (made) {
		if (same(&old.key, &next.key))
			fputs("; The key stays, and with it 3 1 1.\n", out);
		print_steps(plan, &old, &next, out);
	}
	pair_fini(&old);
	pair_fini(&next);
	return made;
}
