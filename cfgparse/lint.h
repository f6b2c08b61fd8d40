#ifndef CFGPARSE_LINT_H
#define CFGPARSE_LINT_H
/*
 * What the rules of all families get, and the families. A family is a file
 * rules_NAME.c (or several) with a table of its rules and one function that
 * is called once for a configuration.
 */
#include "cfgparse/findings.h"
#include "cfgparse/model.h"

struct arena;
struct policy;
struct services;
struct target;

/* Rows, of options and services, that are looked up again and again. */
enum { LINT_TAKEN = 256 };

struct lint {
	struct arena *arena; /* as long as the findings are added */
	struct findings *findings;
	const struct model *model;
	const struct target *target;
	bool for_xmppd; /* the target is this server */
	/* Terms were left out because of their syntax: what they may have
	 * held isn't called undefined or missing. */
	bool incomplete;
	bool check_files; /* look at files that options name */
	/* Nothing is reported, only noted that there was something. */
	bool quiet, has_said;
	const char *path;	     /* of the main file */
	struct str directory;	     /* that relative names start from */
	const struct source *source; /* the main file's */
	/* Rows that the target is known to take: of terms, of YAML. */
	const void *taken[2][LINT_TAKEN];
	/* Made while modules are added, gone behind rules_hosts. */
	struct services *services;
	/* Made by rules_access, NULL before; whoever owns this destroys it. */
	struct policy *policy;
};

/* Adds a finding of the rule at the term (NULL: at the main file as a whole),
 * with a related place where a macro brought the term in. Owned by the
 * findings. */
struct finding *lint_report(struct lint *lint, const struct rule *rule,
    const struct term *at, const char *message, ...)
    __attribute__((format(printf, 4, 5)));
/* A further place that explains the finding. */
void lint_related(
    struct finding *finding, const struct term *at, const char *message);
/* The text with a NUL behind it, in the lint's arena. */
const char *lint_text(struct lint *lint, struct str text);
/* The term as the user would write it, cut short, for messages; in the
 * lint's arena. */
const char *lint_shown(struct lint *lint, const struct term *term);
/* NAME: VALUE or {NAME, VALUE}, as the file of the term would have it, for
 * hints; in the lint's arena. */
const char *lint_option(struct lint *lint, const struct term *near,
    const char *name, const char *value);

/* What is judged entry by entry: each as soon as it stands in the model with
 * all its parts, and while nothing is known of what follows it. */
void rules_setting(struct lint *lint, const struct model_setting *setting);
void rules_module(struct lint *lint, const struct model_module *module);
void rules_service_host(struct lint *lint, const struct model_module *module);

/* The families, in the order in which they run. */
void rules_settings(struct lint *lint);
void rules_access(struct lint *lint); /* makes lint->policy */
void rules_acls(struct lint *lint);
void rules_hosts(struct lint *lint);
void rules_listeners(struct lint *lint);
void rules_tls(struct lint *lint);
void rules_security(struct lint *lint);
void rules_modules(struct lint *lint);
void rules_migration(struct lint *lint);

/* Their tables; a zero row follows the last. */
extern const struct rule access_rules[];
extern const struct rule host_rules[];
extern const struct rule listener_rules[];
extern const struct rule tls_rules[];
extern const struct rule security_rules[];
extern const struct rule module_rules[];
extern const struct rule target_rules[];
extern const struct rule migration_rules[];

#endif
