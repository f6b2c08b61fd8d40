#include "cfgparse/cfg_private.h"
/*
 * {access, Name, [{Result, Acl}, ...]} and {shaper, Name, {maxrate, N}}:
 * reading them, and the names that refer to them.
 */

enum { SHAPERS_MAX = 10000 };

static void
check_acl_name(struct loader *loader, const struct term *name)
{
	if (term_is_atom(name, "all") || term_is_atom(name, "none") ||
	    map_get(&loader->acl_names, name->text))
		return;
	finding_at(loader, CFG_ACL_UNDEFINED, name,
	    "no acl is named %s, so nobody matches it",
	    term_shown(loader, name));
}

/* "allow", a shaper's name, a number's digits. */
static const char *
read_result(struct loader *loader, const struct term *term)
{
	struct str text;
	bool ok = term->kind == TERM_INTEGER;

	if (ok)
		text = term->text;
	else
		ok = term_word(loader, term, &text);
	if (ok)
		return arena_memdup(&loader->frozen->arena, text.ptr, text.len);
	finding_at(loader, CFG_ACCESS_FORM, term,
	    "expected allow, deny, a shaper's name or a number, got %s",
	    term_shown(loader, term));
	return NULL;
}

static bool
read_line(
    struct loader *loader, const struct term *term, struct access_line *line)
{
	if (term->kind != TERM_TUPLE || term->count != 2 ||
	    term->items[1].kind != TERM_ATOM) {
		struct finding *finding = finding_at(loader, CFG_ACCESS_FORM,
		    term, "%s is no line of an access rule",
		    term_shown(loader, term));
		finding_hint(
		    finding, "write {Result, Acl}, such as {allow, all}");
		return false;
	}
	line->result = read_result(loader, &term->items[0]);
	check_acl_name(loader, &term->items[1]);
	line->acl = arena_memdup(&loader->frozen->arena,
	    term->items[1].text.ptr, term->items[1].text.len);
	return line->result != NULL;
}

static bool
same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

/* The rule of that name and host: a later definition replaces it. */
static struct access_rule *
rule_slot(struct loader *loader, struct str name, const char *host)
{
	struct frozen *frozen = loader->frozen;
	struct access_rule *first = map_get(&frozen->access, name);

	for (struct access_rule *rule = first; rule; rule = rule->next) {
		if (same_text(rule->host, host))
			return rule;
	}
	struct access_rule *rule = arena_alloc(&frozen->arena, sizeof *rule);
	rule->host = arena_strdup(&frozen->arena, host);
	if (first) {
		rule->next = first->next;
		first->next = rule;
	} else {
		map_put(&frozen->access, name, rule);
	}
	return rule;
}

static void
freeze_rule(struct loader *loader, const struct setting *setting)
{
	const struct term *whole = setting->whole;

	if (whole->count != 3 || whole->items[1].kind != TERM_ATOM ||
	    whole->items[2].kind != TERM_LIST) {
		struct finding *finding =
		    finding_at(loader, CFG_ACCESS_FORM, whole,
			"an access rule is written {access, Name, "
			"[{Result, Acl}, ...]}");
		finding_hint(finding, "such as {access, c2s, [{allow, all}]}");
		return;
	}
	const struct term *list = &whole->items[2];
	struct access_line *lines =
	    arena_array(&loader->frozen->arena, list->count + 1, sizeof *lines);
	size_t count = 0;
	for (size_t i = 0; i < list->count; i++) {
		if (read_line(loader, &list->items[i], &lines[count]))
			count++;
	}
	if (!map_get(&loader->access_names, whole->items[1].text))
		map_put(&loader->access_names, whole->items[1].text,
		    &whole->items[1]);
	struct access_rule *rule =
	    rule_slot(loader, whole->items[1].text, setting->host);
	rule->lines = lines;
	rule->count = count;
}

void
cfg_freeze_access(struct loader *loader)
{
	struct setting *setting = setting_first(loader, "access");

	for (; setting; setting = setting->next)
		freeze_rule(loader, setting);
}

static bool
read_rate(struct loader *loader, const struct term *value, int64_t *rate)
{
	*rate = 0;
	if (term_is_atom(value, "none"))
		return true;
	if (term_is_tagged(value, "maxrate", 2) &&
	    term_int(&value->items[1], rate) && *rate > 0)
		return true;
	struct finding *finding = finding_at(loader, CFG_SHAPER_FORM, value,
	    "a shaper is {maxrate, BYTES} or none, not %s",
	    term_shown(loader, value));
	finding_hint(finding, "such as {shaper, normal, {maxrate, 1000}}");
	return false;
}

static void
freeze_shaper(struct loader *loader, const struct setting *setting,
    struct cfg_shaper *shapers, size_t *count)
{
	const struct term *whole = setting->whole;
	struct cfg_shaper shaper;

	if (whole->count != 3 || whole->items[1].kind != TERM_ATOM) {
		finding_at(loader, CFG_SHAPER_FORM, whole,
		    "a shaper is written {shaper, Name, {maxrate, BYTES}}");
		return;
	}
	const struct term *name = &whole->items[1];
	map_put(&loader->shaper_names, name->text, (void *)name);
	if (setting->host) {
		finding_at(loader, CFG_HOST_SCOPE, setting->key,
		    "shaper has no effect inside host_config");
		return;
	}
	if (!read_rate(loader, &whole->items[2], &shaper.rate))
		return;
	shaper.name = arena_memdup(
	    &loader->frozen->arena, name->text.ptr, name->text.len);
	for (size_t i = 0; i < *count; i++) {
		if (strcmp(shapers[i].name, shaper.name) == 0) {
			shapers[i] = shaper;
			return;
		}
	}
	shapers[(*count)++] = shaper;
}

void
cfg_freeze_shapers(struct loader *loader)
{
	struct setting *first = setting_first(loader, "shaper");
	struct cfg *cfg = &loader->frozen->cfg;
	size_t most = 0;

	for (struct setting *s = first; s && most < SHAPERS_MAX; s = s->next)
		most++;
	struct cfg_shaper *shapers =
	    arena_array(&loader->frozen->arena, most + 1, sizeof *shapers);
	for (struct setting *s = first; s && most; s = s->next, most--)
		freeze_shaper(loader, s, shapers, &cfg->shaper_count);
	cfg->shapers = shapers;
}

void
cfg_check_access_name(
    struct loader *loader, const struct term *name, bool acted_on)
{
	struct str text;

	if (!term_word(loader, name, &text) || str_is(text, "all") ||
	    str_is(text, "none") || map_get(&loader->access_names, text))
		return;
	struct finding *finding = finding_at(loader, CFG_ACCESS_UNDEFINED, name,
	    "no access rule is named %s%s", term_shown(loader, name),
	    acted_on ? ", so everybody is denied" : "");
	if (!acted_on)
		finding_severity(finding, SEVERITY_WARNING);
	finding_hint(finding, "define {access, %s, [{allow, all}]}.",
	    term_shown(loader, name));
}

void
cfg_check_shaper_name(struct loader *loader, const struct term *name)
{
	struct str text;

	if (!term_word(loader, name, &text) || str_is(text, "none") ||
	    map_get(&loader->shaper_names, text))
		return;
	finding_at(loader, CFG_SHAPER_UNDEFINED, name,
	    "no shaper is named %s, so nothing is limited",
	    term_shown(loader, name));
}
