#ifndef CFGPARSE_RULES_SECURITY_H
#define CFGPARSE_RULES_SECURITY_H
/*
 * What the files of the security family share.
 */
#include "cfgparse/lint.h"
#include "cfgparse/target.h"

enum security_rule {
	OPEN_REGISTRATION,
	REGISTRATION_UNTHROTTLED,
	ADMIN_FOR_ALL,
	COMMANDS_FOR_ALL,
	RELAY_FOR_ALL,
	UPLOAD_FOR_ALL,
	ANONYMOUS_ABROAD,
	ANONYMOUS_BESIDE,
	PLAIN_PASSWORDS,
	DEBUG_LOG,
	PROXIES_TRUSTED,
	FILES_EXPOSED,
	SECRET_WEAK,
	SECRET_REUSED,
	COMPONENT_PUBLIC,
	SECURITY_RULE_COUNT
};

/* rules_secrets.c: passwords that stand in the configuration. */
void rules_secrets(struct lint *lint);

#endif
