#include "dnscheck/wire.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <ldns/ldns.h>

enum {
	HEADER = 12,
	QUESTION_TAIL = 4, /* type and class behind the name */
	/* Every record of a reply takes at least a root name and ten. */
	RECORD_LEAST = 11,
};

/* --- queries --- */

/* Sets each letter's case by a bit of the salt: a reply forged from outside
 * would have to guess these as well. */
static void
shuffle_case(char *name, const struct wire_salt *salt)
{
	size_t bit = 0;

	for (; *name && bit < sizeof(salt->letters) * 8; name++) {
		if (!isalpha((unsigned char)*name))
			continue;
		if (salt->letters[bit / 8] >> (bit % 8) & 1)
			*name = (char)toupper((unsigned char)*name);
		else
			*name = (char)tolower((unsigned char)*name);
		bit++;
	}
}

static ldns_pkt *
query_packet(const char *name, enum dns_type type, bool edns)
{
	ldns_rdf *dname = ldns_dname_new_frm_str(name);
	ldns_pkt *packet;

	if (!dname)
		return NULL;
	packet = ldns_pkt_query_new(
	    dname, (ldns_rr_type)type, LDNS_RR_CLASS_IN, LDNS_RD);
	if (!packet) {
		ldns_rdf_deep_free(dname);
		return NULL;
	}
	ldns_pkt_set_ad(packet, true); /* asks for the AD bit, RFC 6840 5.7 */
	if (edns)
		ldns_pkt_set_edns_udp_size(packet, WIRE_EDNS_SIZE);
	return packet;
}

bool
wire_query_make(const char *name, enum dns_type type,
    const struct wire_salt *salt, bool edns, struct wire_query *out)
{
	char text[DNS_NAME_MAX * 4 + 1];
	uint8_t *bytes = NULL;
	size_t len = 0, end = HEADER;
	ldns_pkt *packet;

	if (strlen(name) >= sizeof(text) || !*name)
		return false;
	strcpy(text, name);
	shuffle_case(text, salt);
	packet = query_packet(text, type, edns);
	if (!packet)
		return false;
	ldns_pkt_set_id(packet, salt->id);
	if (ldns_pkt2wire(&bytes, packet, &len) != LDNS_STATUS_OK ||
	    len > WIRE_QUERY_MAX) {
		free(bytes);
		ldns_pkt_free(packet);
		return false;
	}
	ldns_pkt_free(packet);
	memcpy(out->bytes, bytes, len);
	free(bytes);
	out->len = len;
	out->type = type;
	while (end < len && out->bytes[end])
		end += out->bytes[end] + 1U;
	out->question_len = end + 1 + QUESTION_TAIL - HEADER;
	return HEADER + out->question_len <= len;
}

/* --- replies: is it ours? --- */

static unsigned
word(const uint8_t *bytes, size_t at)
{
	return (unsigned)bytes[at] << 8 | bytes[at + 1];
}

/* Label lengths are below 64, so folding them as letters changes nothing. */
static bool
same_but_for_case(const uint8_t *a, const uint8_t *b, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (tolower(a[i]) != tolower(b[i]))
			return false;
	return true;
}

static enum wire_verdict
judge_header(const struct wire_query *query, bool exact, const uint8_t *bytes,
    size_t len)
{
	const uint8_t *asked = query->bytes + HEADER;
	size_t records;

	if (len < HEADER || word(bytes, 0) != word(query->bytes, 0) ||
	    !(bytes[2] & 0x80) || (bytes[2] >> 3 & 0x0F) != 0)
		return WIRE_FOREIGN;
	/* A server that can't read the query may leave the question out. */
	if (len == HEADER && word(bytes, 4) == 0 && !exact)
		return WIRE_BROKEN;
	if (len == HEADER && word(bytes, 4) == 0 && (bytes[3] & 0x0F) == 1)
		return WIRE_NO_EDNS;
	if (word(bytes, 4) != 1 || len < HEADER + query->question_len ||
	    !same_but_for_case(bytes + HEADER, asked, query->question_len))
		return WIRE_FOREIGN;
	if (exact && memcmp(bytes + HEADER, asked, query->question_len) != 0)
		return WIRE_OTHER_CASE;
	if (bytes[2] & 0x02)
		return WIRE_TRUNCATED;
	records = word(bytes, 6) + word(bytes, 8) + word(bytes, 10);
	if (records * RECORD_LEAST > len - HEADER - query->question_len)
		return WIRE_BROKEN;
	return WIRE_ANSWER;
}

/* --- replies: what do they say? --- */

/* Lower case, without the final dot. */
static const char *
name_text(struct arena *arena, const ldns_rdf *dname)
{
	char *owned, *text = ldns_rdf2str(dname);
	size_t len;

	if (!text)
		return ".";
	len = strlen(text);
	if (len > 1 && text[len - 1] == '.')
		len--;
	owned = arena_memdup(arena, text, len);
	free(text);
	for (char *p = owned; *p; p++)
		*p = (char)tolower((unsigned char)*p);
	return owned;
}

static bool
rdf_is(const ldns_rr *rr, size_t at, ldns_rdf_type type, size_t size)
{
	const ldns_rdf *rdf;

	if (at >= ldns_rr_rd_count(rr))
		return false;
	rdf = ldns_rr_rdf(rr, at);
	return rdf && ldns_rdf_get_type(rdf) == type &&
	       (size == 0 || ldns_rdf_size(rdf) == size);
}

static bool
read_srv(struct arena *arena, const ldns_rr *rr, struct dns_srv *srv)
{
	for (size_t i = 0; i < 3; i++)
		if (!rdf_is(rr, i, LDNS_RDF_TYPE_INT16, 2))
			return false;
	if (!rdf_is(rr, 3, LDNS_RDF_TYPE_DNAME, 0))
		return false;
	srv->priority = ldns_rdf2native_int16(ldns_rr_rdf(rr, 0));
	srv->weight = ldns_rdf2native_int16(ldns_rr_rdf(rr, 1));
	srv->port = ldns_rdf2native_int16(ldns_rr_rdf(rr, 2));
	srv->target = name_text(arena, ldns_rr_rdf(rr, 3));
	return true;
}

static bool
read_tlsa(struct arena *arena, const ldns_rr *rr, struct dns_tlsa *tlsa)
{
	const ldns_rdf *data;

	for (size_t i = 0; i < 3; i++)
		if (!rdf_is(rr, i, LDNS_RDF_TYPE_INT8, 1) &&
		    !rdf_is(rr, i, LDNS_RDF_TYPE_CERTIFICATE_USAGE, 1) &&
		    !rdf_is(rr, i, LDNS_RDF_TYPE_SELECTOR, 1) &&
		    !rdf_is(rr, i, LDNS_RDF_TYPE_MATCHING_TYPE, 1))
			return false;
	if (!rdf_is(rr, 3, LDNS_RDF_TYPE_HEX, 0))
		return false;
	tlsa->usage = ldns_rdf2native_int8(ldns_rr_rdf(rr, 0));
	tlsa->selector = ldns_rdf2native_int8(ldns_rr_rdf(rr, 1));
	tlsa->matching = ldns_rdf2native_int8(ldns_rr_rdf(rr, 2));
	data = ldns_rr_rdf(rr, 3);
	tlsa->len = ldns_rdf_size(data);
	tlsa->data = arena_copy(arena, ldns_rdf_data(data), tlsa->len);
	return true;
}

static bool
read_record(struct arena *arena, const ldns_rr *rr, enum dns_type type,
    struct dns_record *out)
{
	out->ttl = ldns_rr_ttl(rr);
	if (out->ttl > INT32_MAX) /* RFC 2181 section 8 */
		out->ttl = 0;
	switch (type) {
	case DNS_A:
		if (!rdf_is(rr, 0, LDNS_RDF_TYPE_A, sizeof(out->a)))
			return false;
		memcpy(
		    &out->a, ldns_rdf_data(ldns_rr_rdf(rr, 0)), sizeof(out->a));
		return true;
	case DNS_AAAA:
		if (!rdf_is(rr, 0, LDNS_RDF_TYPE_AAAA, sizeof(out->aaaa)))
			return false;
		memcpy(&out->aaaa, ldns_rdf_data(ldns_rr_rdf(rr, 0)),
		    sizeof(out->aaaa));
		return true;
	case DNS_CNAME:
		if (!rdf_is(rr, 0, LDNS_RDF_TYPE_DNAME, 0))
			return false;
		out->cname = name_text(arena, ldns_rr_rdf(rr, 0));
		return true;
	case DNS_SRV: return read_srv(arena, rr, &out->srv);
	case DNS_TLSA: return read_tlsa(arena, rr, &out->tlsa);
	}
	return false;
}

static bool
owned_by(const ldns_rr *rr, const ldns_rdf *owner, ldns_rr_type type)
{
	return ldns_rr_get_type(rr) == type &&
	       ldns_rr_get_class(rr) == LDNS_RR_CLASS_IN &&
	       ldns_dname_compare(ldns_rr_owner(rr), owner) == 0;
}

/* The target of the owner's alias among the records, or NULL. */
static const ldns_rdf *
alias_of(const ldns_rr_list *list, const ldns_rdf *owner)
{
	for (size_t i = 0; i < ldns_rr_list_rr_count(list); i++) {
		const ldns_rr *rr = ldns_rr_list_rr(list, i);

		if (owned_by(rr, owner, LDNS_RR_TYPE_CNAME) &&
		    rdf_is(rr, 0, LDNS_RDF_TYPE_DNAME, 0))
			return ldns_rr_rdf(rr, 0);
	}
	return NULL;
}

static bool
collect(const ldns_rr_list *list, const ldns_rdf *owner, struct arena *arena,
    struct dns_answer *answer)
{
	size_t count = ldns_rr_list_rr_count(list);

	answer->records = arena_array(arena, count, sizeof(struct dns_record));
	for (size_t i = 0; i < count; i++) {
		const ldns_rr *rr = ldns_rr_list_rr(list, i);

		if (!owned_by(rr, owner, (ldns_rr_type)answer->type))
			continue;
		if (!read_record(arena, rr, answer->type,
			&answer->records[answer->count]))
			return false;
		answer->count++;
	}
	return true;
}

/* RFC 2308: a negative answer carries the zone's SOA. */
static bool
has_soa(const ldns_pkt *packet)
{
	const ldns_rr_list *list = ldns_pkt_authority(packet);

	for (size_t i = 0; i < ldns_rr_list_rr_count(list); i++)
		if (ldns_rr_get_type(ldns_rr_list_rr(list, i)) ==
		    LDNS_RR_TYPE_SOA)
			return true;
	return false;
}

static enum dns_status
status_of(const ldns_pkt *packet, const struct dns_answer *answer)
{
	switch (ldns_pkt_get_rcode(packet)) {
	case LDNS_RCODE_NOERROR: return answer->count ? DNS_OK : DNS_NODATA;
	case LDNS_RCODE_NXDOMAIN: return DNS_NXDOMAIN;
	case LDNS_RCODE_REFUSED: return DNS_REFUSED;
	default: return DNS_SERVFAIL;
	}
}

/* Walks the chain of aliases and takes the records at its end. */
static bool
read_answer(const ldns_pkt *packet, size_t aliases, struct arena *arena,
    struct wire_reply *out)
{
	const ldns_rr_list *list = ldns_pkt_answer(packet);
	const ldns_rr *question = ldns_rr_list_rr(ldns_pkt_question(packet), 0);
	const ldns_rdf *next, *owner = ldns_rr_owner(question);
	struct dns_answer *answer = &out->answer;

	answer->name = name_text(arena, owner);
	answer->authentic = ldns_pkt_ad(packet);
	while (answer->type != DNS_CNAME && (next = alias_of(list, owner))) {
		answer->aliases++;
		owner = next;
		if (aliases + answer->aliases > DNS_ALIASES_MAX) {
			answer->canonical = name_text(arena, owner);
			answer->status = DNS_ALIAS_LOOP;
			return true;
		}
	}
	answer->canonical = name_text(arena, owner);
	if (!collect(list, owner, arena, answer))
		return false;
	answer->status = status_of(packet, answer);
	if (answer->status != DNS_OK)
		answer->count = 0;
	out->follow =
	    answer->status == DNS_NODATA && answer->aliases && !has_soa(packet);
	return true;
}

enum wire_verdict
wire_reply_read(const struct wire_query *query, bool exact, size_t aliases,
    const uint8_t *bytes, size_t len, struct arena *arena,
    struct wire_reply *out)
{
	enum wire_verdict verdict = judge_header(query, exact, bytes, len);
	ldns_pkt *packet = NULL;

	if (verdict != WIRE_ANSWER)
		return verdict;
	*out = (struct wire_reply){ .answer.type = query->type };
	if ((bytes[3] & 0x0F) == LDNS_RCODE_FORMERR ||
	    (bytes[3] & 0x0F) == LDNS_RCODE_NOTIMPL)
		return WIRE_NO_EDNS;
	if (word(bytes, 6) > WIRE_RECORDS_MAX) {
		out->answer.name = out->answer.canonical = "";
		out->answer.status = DNS_TOO_LARGE;
		return WIRE_ANSWER;
	}
	if (ldns_wire2pkt(&packet, bytes, len) != LDNS_STATUS_OK)
		return WIRE_BROKEN;
	if (ldns_rr_list_rr_count(ldns_pkt_question(packet)) != 1 ||
	    !read_answer(packet, aliases, arena, out))
		verdict = WIRE_BROKEN;
	ldns_pkt_free(packet);
	return verdict;
}
