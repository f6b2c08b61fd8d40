#include "certgen/authority.h"
/*
 * Name constraints (RFC 5280, section 4.2.1.10) are of dNSName and iPAddress.
 * OpenSSL, GnuTLS and Erlang compare these; none knows how otherName compares,
 * and OpenSSL refuses a chain that constrains it. The extended key usage keeps
 * it from signing mail and programs.
 */
#include "certgen/hosts.h"
#include "certgen/key.h"
#include "certgen/pem.h"
#include "certgen/profile.h"
#include "cfgparse/base/arena.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* --- making --- */

/* Names tell authorities apart: one that was made again has another key, and
 * who trusts both has to find the right one. */
static bool
subject_set(X509_NAME *subject, const struct cert_hosts *hosts)
{
	const char *host = hosts ? profile_common_name(hosts) : NULL;
	unsigned char mark[4];
	char text[65];

	if (RAND_bytes(mark, sizeof(mark)) != 1)
		return false;
	if (host && strlen(host) > 40)
		host = NULL;
	snprintf(text, sizeof(text), "XMPP CA%s%s %02x%02x%02x%02x",
	    host ? " of " : "", host ? host : "", mark[0], mark[1], mark[2],
	    mark[3]);
	return profile_name(subject, text);
}

/* Takes the base. */
static bool
push_subtree(STACK_OF(GENERAL_SUBTREE) * *trees, GENERAL_NAME *base)
{
	GENERAL_SUBTREE *tree = GENERAL_SUBTREE_new();

	if (!*trees)
		*trees = sk_GENERAL_SUBTREE_new_null();
	if (!tree || !base || !*trees ||
	    sk_GENERAL_SUBTREE_push(*trees, tree) <= 0) {
		GENERAL_SUBTREE_free(tree);
		GENERAL_NAME_free(base);
		return false;
	}
	GENERAL_NAME_free(tree->base);
	tree->base = base;
	return true;
}

static GENERAL_NAME *
constraint(int type, const void *bytes, size_t len)
{
	ASN1_STRING *text =
	    type == GEN_DNS ? ASN1_IA5STRING_new() : ASN1_OCTET_STRING_new();
	GENERAL_NAME *name = GENERAL_NAME_new();

	if (!text || !name || !ASN1_STRING_set(text, bytes, (int)len)) {
		ASN1_STRING_free(text);
		GENERAL_NAME_free(name);
		return NULL;
	}
	GENERAL_NAME_set0_value(name, type, text);
	return name;
}

size_t
authority_constraints(const struct cert_hosts *hosts)
{
	size_t count = 0, i;

	for (i = 0; i < hosts->count; i++)
		count += !cert_hosts_above(hosts, &hosts->items[i]);
	return count;
}

static bool
permit(NAME_CONSTRAINTS *constraints, const struct cert_hosts *hosts,
    bool *addresses)
{
	unsigned char bytes[32];
	size_t i, len;

	for (i = 0; i < hosts->count; i++) {
		const struct cert_host *host = &hosts->items[i];
		GENERAL_NAME *name;

		/* Where one above it is permitted too, that says it all. */
		if (cert_hosts_above(hosts, host))
			continue;
		if (host->ascii) {
			name = constraint(
			    GEN_DNS, host->ascii, strlen(host->ascii));
		} else {
			len = cert_host_address(host, bytes);
			memset(bytes + len, 0xff, len);
			name = constraint(GEN_IPADD, bytes, 2 * len);
			*addresses = true;
		}
		if (!push_subtree(&constraints->permittedSubtrees, name))
			return false;
	}
	return true;
}

/* A kind of name that isn't mentioned would be free. */
static bool
exclude_addresses(NAME_CONSTRAINTS *constraints)
{
	static const unsigned char all[32];

	return push_subtree(&constraints->excludedSubtrees,
		   constraint(GEN_IPADD, all, 8)) &&
	       push_subtree(&constraints->excludedSubtrees,
		   constraint(GEN_IPADD, all, 32));
}

static bool
constraints_set(X509 *cert, const struct cert_hosts *hosts)
{
	NAME_CONSTRAINTS *constraints;
	bool addresses = false, done;

	if (!hosts)
		return true;
	constraints = NAME_CONSTRAINTS_new();
	done = constraints && permit(constraints, hosts, &addresses) &&
	       (addresses || exclude_addresses(constraints)) &&
	       X509_add1_ext_i2d(cert, NID_name_constraints, constraints, 1,
		   X509V3_ADD_DEFAULT);
	NAME_CONSTRAINTS_free(constraints);
	return done;
}

struct x509_st *
authority_make(const struct authority_request *request, struct evp_pkey_st *key)
{
	X509 *cert = X509_new();
	X509_NAME *subject = cert ? X509_get_subject_name(cert) : NULL;

	if (cert && profile_start(cert, request->now, request->days) &&
	    subject_set(subject, request->hosts) &&
	    X509_set_issuer_name(cert, subject) && X509_set_pubkey(cert, key) &&
	    profile_extend(cert, cert, NID_basic_constraints,
		"critical,CA:TRUE,pathlen:0") &&
	    profile_extend(
		cert, cert, NID_key_usage, "critical,keyCertSign,cRLSign") &&
	    profile_extend(
		cert, cert, NID_ext_key_usage, "serverAuth,clientAuth") &&
	    profile_extend(cert, cert, NID_subject_key_identifier, "hash") &&
	    profile_extend(
		cert, cert, NID_authority_key_identifier, "keyid:always") &&
	    constraints_set(cert, request->hosts) &&
	    X509_sign(cert, key, key_digest(key)) > 0)
		return cert;
	X509_free(cert);
	return NULL;
}

struct x509_st *
authority_renew(const struct authority *authority, time_t now, int days)
{
	X509 *cert = X509_dup(authority->cert);

	if (cert && profile_start(cert, now, days) &&
	    X509_sign(cert, authority->key, key_digest(authority->key)) > 0)
		return cert;
	X509_free(cert);
	return NULL;
}

/* --- opening --- */

const char *
authority_key_path(struct arena *arena, const char *path)
{
	size_t len = strlen(path);

	if (len > 4 && (strcmp(path + len - 4, ".pem") == 0 ||
			   strcmp(path + len - 4, ".crt") == 0))
		len -= 4;
	return arena_printf(arena, "%.*s.key", (int)len, path);
}

/* Reads the first block of the kind; the caller closes the pem. */
static const struct pem_block *
read_block(struct arena *arena, const char *path, enum pem_kind kind,
    struct pem **pem, const char **why)
{
	enum pem_status status = pem_open(arena, path, pem);
	const struct pem_block *block;

	if (status != PEM_READ) {
		*why = arena_printf(arena, "%s can't be read: %s%s", path,
		    status == PEM_UNREADABLE ? strerror(errno) : "it is no PEM",
		    status == PEM_UNREADABLE && errno == ENOENT
			? "; ca init makes an authority"
			: "");
		return NULL;
	}
	block = pem_first(*pem, kind);
	if (block && (block->cert || block->key))
		return block;
	*why = arena_printf(arena, "%s holds no %s", path,
	    kind == PEM_KEY ? "private key" : "certificate");
	pem_close(pem);
	return NULL;
}

static bool
open_cert(struct arena *arena, const char *path, enum authority_use use,
    struct authority *authority, const char **why)
{
	struct pem *pem = NULL;
	const struct pem_block *block =
	    read_block(arena, path, PEM_CERTIFICATE, &pem, why);

	if (!block)
		return false;
	authority->cert = block->cert;
	X509_up_ref(authority->cert);
	pem_close(&pem);
	if (X509_check_ca(authority->cert) != 1) {
		*why = arena_printf(arena,
		    "%s is no authority's certificate: ca init makes one",
		    path);
		return false;
	}
	if (use == AUTHORITY_SIGNS &&
	    X509_cmp_time(X509_get0_notAfter(authority->cert), NULL) < 0) {
		*why = arena_printf(arena,
		    "%s has expired: ca renew without a FILE renews it", path);
		return false;
	}
	return true;
}

static bool
open_key(struct arena *arena, const char *path, struct authority *authority,
    const char **why)
{
	struct pem *pem = NULL;
	const struct pem_block *block =
	    read_block(arena, path, PEM_KEY, &pem, why);
	bool exposed;

	if (!block)
		return false;
	authority->key = block->key;
	EVP_PKEY_up_ref(authority->key);
	exposed = pem->mode & (S_IROTH | S_IWOTH);
	pem_close(&pem);
	if (!exposed)
		return true;
	*why = arena_printf(arena,
	    "%s can be read or changed by everybody on this machine: take the "
	    "right away (chmod 0600), or make a new authority if somebody may "
	    "have used it",
	    path);
	return false;
}

bool
authority_open(struct arena *arena, const char *path, enum authority_use use,
    struct authority *authority, const char **why)
{
	const char *key = authority_key_path(arena, path);

	*authority = (struct authority){ 0 };
	if (!open_cert(arena, path, use, authority, why) ||
	    !open_key(arena, key, authority, why)) {
		authority_close(authority);
		return false;
	}
	if (X509_check_private_key(authority->cert, authority->key))
		return true;
	ERR_clear_error();
	*why = arena_printf(
	    arena, "%s isn't the key of the certificate in %s", key, path);
	authority_close(authority);
	return false;
}

void
authority_close(struct authority *authority)
{
	X509_free(authority->cert);
	EVP_PKEY_free(authority->key);
	*authority = (struct authority){ 0 };
}

/* --- asking --- */

bool
authority_signed(const struct authority *authority, struct x509_st *cert)
{
	bool is = X509_check_issued(authority->cert, cert) == X509_V_OK &&
		  X509_verify(cert, authority->key) == 1;

	ERR_clear_error();
	return is;
}

static bool
is_below(const char *name, const ASN1_STRING *base)
{
	size_t len = strlen(name), end = (size_t)ASN1_STRING_length(base);

	return len >= end &&
	       memcmp(name + len - end, ASN1_STRING_get0_data(base), end) ==
		   0 &&
	       (len == end || name[len - end - 1] == '.');
}

static bool
permits_host(const NAME_CONSTRAINTS *constraints, const struct cert_host *host)
{
	const STACK_OF(GENERAL_SUBTREE) *trees = constraints->permittedSubtrees;
	unsigned char bytes[32];
	size_t len;
	int i;

	for (i = 0; i < sk_GENERAL_SUBTREE_num(trees); i++) {
		const GENERAL_NAME *base =
		    sk_GENERAL_SUBTREE_value(trees, i)->base;

		if (base->type == GEN_DNS && host->ascii &&
		    is_below(host->ascii, base->d.dNSName))
			return true;
		if (base->type != GEN_IPADD || host->ascii)
			continue;
		len = cert_host_address(host, bytes);
		if ((size_t)ASN1_STRING_length(base->d.iPAddress) == 2 * len &&
		    memcmp(ASN1_STRING_get0_data(base->d.iPAddress), bytes,
			len) == 0)
			return true;
	}
	return false;
}

/* As others will read it: OpenSSL looks at what it found when a certificate
 * was decoded, so one that is new is decoded first. */
static bool
may_sign(const X509 *cert, NAME_CONSTRAINTS *constraints)
{
	X509 *read = X509_dup(cert);
	bool may = read && X509_check_purpose(read, -1, 0) == 1 &&
		   NAME_CONSTRAINTS_check(read, constraints) == X509_V_OK;

	X509_free(read);
	return may;
}

bool
authority_permits(const struct authority *authority, struct x509_st *cert,
    const struct cert_hosts *hosts, const char **host)
{
	NAME_CONSTRAINTS *constraints =
	    X509_get_ext_d2i(authority->cert, NID_name_constraints, NULL, NULL);
	bool may;
	size_t i;

	*host = NULL;
	ERR_clear_error();
	if (!constraints)
		return true;
	may = may_sign(cert, constraints);
	ERR_clear_error();
	for (i = 0; !may && hosts && !*host && i < hosts->count; i++)
		if (!permits_host(constraints, &hosts->items[i]))
			*host = hosts->items[i].name;
	NAME_CONSTRAINTS_free(constraints);
	return may;
}
