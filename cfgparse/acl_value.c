#include "cfgparse/acl_value.h"
/*
 * Preparing values and compiling patterns.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cfgparse/base/mem.h"

enum { PATTERN_MAX = 1024, REPEAT_MAX = 1000 };

bool
acl_is_regexp(enum model_form form)
{
	return form == FORM_USER_REGEXP || form == FORM_SERVER_REGEXP ||
	       form == FORM_RESOURCE_REGEXP || form == FORM_NODE_REGEXP;
}

bool
acl_prepare(char *text, size_t len)
{
	if (strlen(text) != len)
		return false;
	for (char *p = text; *p; p++) {
		if ((unsigned char)*p <= ' ' || *p == 127 ||
		    strchr("\"&'/:<>@", *p))
			return false;
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p + 32);
	}
	return true;
}

/* Repetitions in braces multiply; compiling them takes memory for each. */
static bool
affordable(const char *pattern)
{
	unsigned long total = 1;

	if (strlen(pattern) > PATTERN_MAX)
		return false;
	for (const char *p = pattern; *p; p++) {
		if (*p != '{')
			continue;
		unsigned long times = 1;
		while (*p && *p != '}') {
			char *end;
			unsigned long n = strtoul(p + 1, &end, 10);
			times = n > times ? n : times;
			p = end > p + 1 ? end : p + 1;
		}
		total *= times > REPEAT_MAX ? REPEAT_MAX + 1 : times;
		if (total > REPEAT_MAX)
			return false;
		if (!*p)
			break;
	}
	return true;
}

regex_t *
acl_compile(const char *pattern, char why[ACL_WHY_MAX])
{
	if (!affordable(pattern)) {
		snprintf(why, ACL_WHY_MAX, "it is too large");
		return NULL;
	}
	regex_t *regexp = mem_alloc(1, sizeof *regexp);
	int error = regcomp(regexp, pattern, REG_EXTENDED | REG_NOSUB);
	if (!error)
		return regexp;
	regerror(error, regexp, why, ACL_WHY_MAX);
	free(regexp);
	return NULL;
}
