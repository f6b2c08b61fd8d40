#include "cfgparse/rules_admits.h"
/*
 * Walks a rule's lines as far as is needed to say whether they admit
 * everybody. A line that denies only some, such as blocked users, doesn't
 * keep strangers out.
 */
#include "cfgparse/rules_words.h"

/* What a condition covers, as ADMITS_... for the subjects it matches. */
static enum admits
condition_covers(
    struct lint *lint, const struct model_condition *condition, bool nested)
{
	switch (condition->form) {
	case FORM_ALL: return ADMITS_ALL;
	case FORM_USER_REGEXP:
		return condition->first.len == 0 && !condition->second_at
			   ? ADMITS_LOCAL
			   : ADMITS_SOME;
	case FORM_USER_GLOB:
		return str_is(condition->first, "*") && !condition->second_at
			   ? ADMITS_LOCAL
			   : ADMITS_SOME;
	case FORM_IP:
		return str_is(condition->first, "0.0.0.0/0") ||
			       str_is(condition->first, "::/0")
			   ? ADMITS_ALL
			   : ADMITS_SOME;
	case FORM_ACL: break;
	default: return ADMITS_SOME;
	}
	enum admits widest = ADMITS_SOME;
	if (str_is(condition->first, "all"))
		return ADMITS_ALL;
	if (nested)
		return ADMITS_SOME;
	const struct model_acl *acl = model_acl(lint->model, condition->first);
	if (!acl)
		return widest;
	if (*acl->note)
		return (enum admits)(*acl->note - 1);
	/* Accounts of one host's own acl are few enough. */
	for (const struct model_acl *entry = acl->global;
	     entry && widest != ADMITS_ALL; entry = entry->global_next) {
		enum admits covers =
		    condition_covers(lint, &entry->condition, true);
		if (covers > widest)
			widest = covers;
	}
	*acl->note = (int)widest + 1;
	return widest;
}

/* All conditions of a line must match, so the narrowest counts. */
static enum admits
line_covers(struct lint *lint, const struct model_line *line)
{
	enum admits narrowest = ADMITS_ALL;

	for (size_t i = 0; i < line->count; i++) {
		enum admits covers =
		    condition_covers(lint, &line->conditions[i], false);
		if (covers < narrowest)
			narrowest = covers;
	}
	return narrowest;
}

static enum admits
rule_admits(struct lint *lint, const struct model_access *rule,
    const struct term **because)
{
	enum admits widest = ADMITS_SOME;
	bool local_denied = false;

	for (size_t i = 0; i < rule->count; i++) {
		const struct model_line *line = &rule->lines[i];
		enum admits covers = line_covers(lint, line);
		bool allows = str_is(line->result, "allow");
		if (allows && covers > widest &&
		    !(covers == ADMITS_LOCAL && local_denied)) {
			widest = covers;
			*because = line->whole;
		}
		if (covers == ADMITS_ALL)
			break;
		local_denied |= covers == ADMITS_LOCAL && !allows;
	}
	return widest;
}

enum admits
lint_admits_name(struct lint *lint, struct str name,
    const struct model_host *host, const struct term **because)
{
	if (str_is(name, "all"))
		return ADMITS_ALL;
	const struct model_access *rule = model_access(lint->model, name, host);
	return rule ? rule_admits(lint, rule, because) : ADMITS_SOME;
}

enum admits
lint_admits(struct lint *lint, const struct term *value,
    const struct model_host *host, const struct term **because)
{
	struct str name;

	*because = value;
	if (value->kind == TERM_ATOM || value->kind == TERM_STRING)
		return lint_word(lint, value, &name)
			   ? lint_admits_name(lint, name, host, because)
			   : ADMITS_SOME;
	const struct model_access *rule = model_inline(lint->model, value);
	return rule ? rule_admits(lint, rule, because) : ADMITS_SOME;
}
