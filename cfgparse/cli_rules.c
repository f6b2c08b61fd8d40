#include "cfgparse/cli.h"
/*
 * What the command line says of rules: finding them by name, their list and
 * their pages.
 */
#include <string.h>
#include <strings.h>

const struct rule *
rule_find(const struct rule *const *tables, const char *id)
{
	for (; tables && *tables; tables++) {
		for (const struct rule *rule = *tables; rule->id; rule++) {
			if (strcmp(rule->id, id) == 0)
				return rule;
		}
	}
	return NULL;
}

const struct rule *
rule_named(
    const struct rule *const *tables, struct str id, const char **nearest)
{
	*nearest = NULL;
	for (; tables && *tables; tables++) {
		for (const struct rule *rule = *tables; rule->id; rule++) {
			if (str_is(id, rule->id))
				return rule;
			if (strlen(rule->id) == id.len &&
			    strncasecmp(rule->id, id.ptr, id.len) == 0)
				*nearest = rule->id;
		}
	}
	return NULL;
}

static const char *
severity_word(enum severity severity)
{
	static const char *const words[] = { "info", "warning", "error" };

	return words[severity];
}

void
rule_explain(const struct rule *rule, FILE *out)
{
	fprintf(out, "%s (%s): %s\n\n%s\n", rule->id,
	    severity_word(rule->severity), rule->title, rule->explanation);
}

void
rules_list(const struct rule *const *tables, FILE *out)
{
	for (; *tables; tables++) {
		for (const struct rule *rule = *tables; rule->id; rule++)
			fprintf(out, "%-8s %-8s %s\n", rule->id,
			    severity_word(rule->severity), rule->title);
	}
}

void
rules_document(const struct rule *const *tables, FILE *out)
{
	for (; *tables; tables++) {
		for (const struct rule *rule = *tables; rule->id; rule++)
			fprintf(out, "\n## %s: %s\n\nSeverity: %s.\n\n%s\n",
			    rule->id, rule->title,
			    severity_word(rule->severity), rule->explanation);
	}
}
