#ifndef CERTGEN_RULES_H
#define CERTGEN_RULES_H
/*
 * The rules that PEM files are judged by. Ids are stable: they stand in
 * people's scripts, so a number is never used again for something else.
 */
#include "cfgparse/findings.h"

/* Positions in certgen_rules. */
enum cert_rule {
	CERT_UNREADABLE,
	CERT_NOT_REGULAR,
	CERT_TOO_LARGE,
	CERT_NO_CERTIFICATE,
	CERT_NO_KEY,
	CERT_KEY_MISMATCH,
	CERT_LEAF_NOT_FIRST,
	CERT_KEY_ENCRYPTED,
	CERT_BROKEN_BLOCK,
	CERT_EXPIRED,
	CERT_NOT_YET_VALID,
	CERT_EXPIRES_SOON,
	CERT_COMMON_NAME_ONLY,
	CERT_HOST_NOT_COVERED,
	CERT_KEY_EXPOSED,
	CERT_COSTLY_KEY,
	CERT_WEAK_KEY,
	CERT_WEAK_SIGNATURE,
	CERT_LONG_VALIDITY,
	CERT_SEVERAL_KEYS,
	CERT_RULE_COUNT,
};

/* In the order of enum cert_rule, then a row whose id is NULL. */
extern const struct rule certgen_rules[CERT_RULE_COUNT + 1];

#endif
