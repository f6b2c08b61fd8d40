#ifndef CFGPARSE_RULES_TLS_H
#define CFGPARSE_RULES_TLS_H
/*
 * The rules about TLS and about files that options name (CFG200 to CFG229).
 */
#include "cfgparse/lint.h"

enum tls_rule {
	TLS_OPTIONAL,
	TLS_PROTOCOL,
	TLS_CIPHERS,
	TLS_SERVERS,
	TLS_CIPHER_WORD,
	TLS_VERIFY,
	TLS_COMPRESSION,
	TLS_HTTP,
	TLS_RELATIVE,
	TLS_OLD_PROTOCOL,
	FILE_MISSING,
	FILE_NOT_EXECUTABLE,
	FILE_NOT_FOLDER,
	FILE_EXPOSED,
	TLS_SERVERS_CLEAR,
	TLS_RULE_COUNT
};

/* The parts of rules_tls: certificates; protocols, ciphers and checks of
 * peers; files, where they are looked at. */
void rules_certificates(struct lint *lint);
void rules_tls_options(struct lint *lint);
void rules_files(struct lint *lint);

#endif
