/*
 * What `xmpp-certgen self-signed` costs at least: the same key, names,
 * extensions, signature and PEM by nothing but OpenSSL's calls. It checks
 * little, keeps nothing safe, and is there to be measured.
 *
 *	bare_pem FILE HOST...
 */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#define OID_XMPP_ADDR "1.3.6.1.5.5.7.8.5"
#define OID_SRV_NAME "1.3.6.1.5.5.7.8.7"

enum { DAYS = 730, SERIAL = 16 };

static void
add_name(
    GENERAL_NAMES *names, int kind, int type, const char *oid, const char *text)
{
	GENERAL_NAME *name = GENERAL_NAME_new();
	ASN1_STRING *string = ASN1_STRING_type_new(type);
	ASN1_TYPE *value;

	ASN1_STRING_set(string, text, -1);
	if (kind == GEN_OTHERNAME) {
		value = ASN1_TYPE_new();
		ASN1_TYPE_set(value, type, string);
		GENERAL_NAME_set0_othername(name, OBJ_txt2obj(oid, 1), value);
	} else {
		GENERAL_NAME_set0_value(name, kind, string);
	}
	sk_GENERAL_NAME_push(names, name);
}

static GENERAL_NAMES *
names_of(int count, char **hosts)
{
	GENERAL_NAMES *names = sk_GENERAL_NAME_new_null();
	char text[300];

	for (int i = 0; i < count; i++) {
		add_name(names, GEN_DNS, V_ASN1_IA5STRING, NULL, hosts[i]);
		add_name(names, GEN_OTHERNAME, V_ASN1_UTF8STRING, OID_XMPP_ADDR,
		    hosts[i]);
		snprintf(text, sizeof(text), "_xmpp-client.%s", hosts[i]);
		add_name(
		    names, GEN_OTHERNAME, V_ASN1_IA5STRING, OID_SRV_NAME, text);
		snprintf(text, sizeof(text), "_xmpp-server.%s", hosts[i]);
		add_name(
		    names, GEN_OTHERNAME, V_ASN1_IA5STRING, OID_SRV_NAME, text);
	}
	return names;
}

static void
extend(X509 *cert, int nid, const char *value)
{
	X509V3_CTX context;
	X509_EXTENSION *extension;

	X509V3_set_ctx(&context, cert, cert, NULL, NULL, 0);
	extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
	X509_add_ext(cert, extension, -1);
	X509_EXTENSION_free(extension);
}

static void
start(X509 *cert, EVP_PKEY *key, const char *host)
{
	unsigned char serial[SERIAL];
	BIGNUM *number;
	X509_NAME *name = X509_get_subject_name(cert);

	RAND_bytes(serial, sizeof(serial));
	serial[0] &= 0x7F;
	number = BN_bin2bn(serial, sizeof(serial), NULL);
	BN_to_ASN1_INTEGER(number, X509_get_serialNumber(cert));
	BN_free(number);
	X509_set_version(cert, X509_VERSION_3);
	X509_gmtime_adj(X509_getm_notBefore(cert), -3600);
	X509_time_adj_ex(X509_getm_notAfter(cert), DAYS, 0, NULL);
	X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_UTF8,
	    (const unsigned char *)host, -1, -1, 0);
	X509_set_issuer_name(cert, name);
	X509_set_pubkey(cert, key);
}

int
main(int argc, char **argv)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *cert = X509_new();
	GENERAL_NAMES *names;
	FILE *out;
	int done;

	if (argc < 3 || !key || !cert)
		return 2;
	start(cert, key, argv[2]);
	extend(cert, NID_basic_constraints, "critical,CA:FALSE");
	extend(cert, NID_key_usage, "critical,digitalSignature");
	extend(cert, NID_ext_key_usage, "serverAuth,clientAuth");
	extend(cert, NID_subject_key_identifier, "hash");
	extend(cert, NID_authority_key_identifier, "keyid:always");
	names = names_of(argc - 2, argv + 2);
	X509_add1_ext_i2d(
	    cert, NID_subject_alt_name, names, 0, X509V3_ADD_DEFAULT);
	GENERAL_NAMES_free(names);
	umask(077);
	out = fopen(argv[1], "w");
	done = out && X509_sign(cert, key, EVP_sha256()) > 0 &&
	       PEM_write_X509(out, cert) &&
	       PEM_write_PKCS8PrivateKey(out, key, NULL, NULL, 0, NULL, NULL);
	if (out && fclose(out) != 0)
		done = 0;
	X509_free(cert);
	EVP_PKEY_free(key);
	return done ? 0 : 1;
}
