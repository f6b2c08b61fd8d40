#ifndef CERTGEN_LIVE_RULES_H
#define CERTGEN_LIVE_RULES_H
/*
 * The rules that servers and their TLSA records are judged by: what no PEM
 * file shows. Ids are stable, as in certgen/rules.h.
 */
#include "cfgparse/findings.h"

/* Positions in live_rules. */
enum live_rule {
	LIVE_NO_ANSWER,
	LIVE_ADDRESS_DEAD,
	LIVE_NOT_XMPP,
	LIVE_NO_STARTTLS,
	LIVE_STARTTLS_OPTIONAL,
	LIVE_TLS_FAILED,
	LIVE_OLD_TLS,
	LIVE_WEAK_CIPHER,
	LIVE_INJECTED,
	LIVE_NOT_TRUSTED,
	LIVE_NO_STAPLE,
	LIVE_BAD_STAPLE,
	TLSA_MISSING,
	TLSA_MISMATCH,
	TLSA_USAGE,
	TLSA_INSECURE,
	TLSA_LEFT_OVER,
	TLSA_NOT_ASKED,
	LIVE_RULE_COUNT,
};

/* In the order of enum live_rule, then a row whose id is NULL. */
extern const struct rule live_rules[LIVE_RULE_COUNT + 1];

#endif
