#include "cfgparse/cfg_private.h"
/*
 * {acl, Name, Form}: who belongs to a group. Values are compared in lower
 * case, patterns included, as ejabberd prepares all of them like user names;
 * a value that can't be one never matches.
 */
#include <stdlib.h>

#include "cfgparse/base/mem.h"

enum { PATTERN_MAX = 1024, REPEAT_MAX = 1000 };

struct form_row {
	const char *name;
	enum acl_form alone;  /* {name, A} */
	enum acl_form paired; /* {name, A, B} */
	bool regexp;
};

/* ACL_NEVER: there is no such form. */
static const struct form_row forms[] = {
	{ "user", ACL_USER, ACL_USER, false },
	{ "server", ACL_SERVER, ACL_NEVER, false },
	{ "resource", ACL_RESOURCE, ACL_NEVER, false },
	{ "user_regexp", ACL_USER_REGEXP, ACL_USER_REGEXP, true },
	{ "server_regexp", ACL_SERVER_REGEXP, ACL_NEVER, true },
	{ "resource_regexp", ACL_RESOURCE_REGEXP, ACL_NEVER, true },
	{ "node_regexp", ACL_NEVER, ACL_NODE_REGEXP, true },
	{ "user_glob", ACL_USER_GLOB, ACL_USER_GLOB, false },
	{ "server_glob", ACL_SERVER_GLOB, ACL_NEVER, false },
	{ "resource_glob", ACL_RESOURCE_GLOB, ACL_NEVER, false },
	{ "node_glob", ACL_NEVER, ACL_NODE_GLOB, false },
};

static const struct form_row *
find_form(struct str name)
{
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		if (str_is(name, forms[i].name))
			return &forms[i];
	}
	return NULL;
}

static void
report_never(struct loader *loader, const struct term *term, const char *why)
{
	finding_at(loader, CFG_ACL_NEVER, term, "%s matches nobody: %s",
	    term_shown(loader, term), why);
}

/* Lower case; false for what no prepared user name can hold. */
static bool
prepare(char *text)
{
	for (char *p = text; *p; p++) {
		if ((unsigned char)*p <= ' ' || *p == 127 ||
		    strchr("\"&'/:<>@", *p))
			return false;
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p + 32);
	}
	return true;
}

/* The prepared text in frozen memory; NULL after a finding. */
static const char *
read_text(struct loader *loader, const struct term *term)
{
	struct str text;

	if (!term_word(loader, term, &text)) {
		finding_at(loader, CFG_ACL_FORM, term,
		    "expected a string, got %s", term_shown(loader, term));
		return NULL;
	}
	char *copy = arena_memdup(&loader->frozen->arena, text.ptr, text.len);
	if (strlen(copy) != text.len || !prepare(copy)) {
		report_never(
		    loader, term, "no name has spaces or one of \"&'/:<>@");
		return NULL;
	}
	return copy;
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

static regex_t *
compile(struct loader *loader, const char *pattern, const struct term *term)
{
	struct frozen *frozen = loader->frozen;
	char why[128];

	if (!affordable(pattern)) {
		finding_at(loader, CFG_ACL_REGEXP, term,
		    "the regular expression is too large");
		return NULL;
	}
	regex_t *regexp = mem_alloc(1, sizeof *regexp);
	int error = regcomp(regexp, pattern, REG_EXTENDED | REG_NOSUB);
	if (error) {
		regerror(error, regexp, why, sizeof why);
		finding_at(loader, CFG_ACL_REGEXP, term,
		    "%s is no regular expression: %s", term_shown(loader, term),
		    why);
		free(regexp);
		return NULL;
	}
	if (frozen->regexp_count == frozen->regexp_cap) {
		frozen->regexp_cap = frozen->regexp_cap * 2 + 8;
		frozen->regexps = mem_grow(
		    frozen->regexps, frozen->regexp_cap, sizeof(regex_t *));
	}
	frozen->regexps[frozen->regexp_count++] = regexp;
	return regexp;
}

static bool
fill_patterns(struct loader *loader, const struct form_row *form,
    const struct term *spec, struct acl *acl)
{
	acl->first = read_text(loader, &spec->items[1]);
	if (!acl->first)
		return false;
	if (spec->count == 3) {
		acl->server = read_text(loader, &spec->items[2]);
		if (!acl->server)
			return false;
	}
	if (form->regexp) {
		acl->first_re = compile(loader, acl->first, &spec->items[1]);
		if (!acl->first_re)
			return false;
	}
	if (acl->form == ACL_NODE_REGEXP) {
		acl->server_re = compile(loader, acl->server, &spec->items[2]);
		return acl->server_re != NULL;
	}
	return true;
}

/* Reads one form; false where it isn't one or matches nobody. */
static bool
read_form(struct loader *loader, const struct term *spec, struct acl *acl)
{
	const struct form_row *form = NULL;

	if (term_is_atom(spec, "all") || term_is_atom(spec, "none")) {
		acl->form = term_is_atom(spec, "all") ? ACL_ALL : ACL_NONE;
		return true;
	}
	bool sized = spec->kind == TERM_TUPLE && spec->count >= 2 &&
		     spec->count <= 3 && spec->items[0].kind == TERM_ATOM;
	if (sized && term_is_atom(&spec->items[0], "shared_group")) {
		report_never(loader, spec,
		    "shared roster groups are not kept by this version");
		return false;
	}
	if (sized)
		form = find_form(spec->items[0].text);
	acl->form = !form	       ? ACL_NEVER
		    : spec->count == 2 ? form->alone
				       : form->paired;
	if (acl->form == ACL_NEVER) {
		struct finding *finding = finding_at(loader, CFG_ACL_FORM, spec,
		    "an acl has no form %s", term_shown(loader, spec));
		finding_hint(finding,
		    "write {user, \"name\", \"host\"}, {user_regexp, \"\"}, "
		    "{server, \"host\"}, all or none, for example");
		return false;
	}
	return fill_patterns(loader, form, spec, acl);
}

static void
add_acl(struct frozen *frozen, struct str name, const struct acl *acl)
{
	struct acl_group *group = map_get(&frozen->acls, name);
	struct acl *copy = arena_alloc(&frozen->arena, sizeof *copy);

	if (!group) {
		group = arena_alloc(&frozen->arena, sizeof *group);
		group->end = &group->first;
		map_put(&frozen->acls, name, group);
	}
	*copy = *acl;
	*group->end = copy;
	group->end = &copy->next;
}

void
cfg_freeze_acls(struct loader *loader)
{
	struct setting *setting = setting_first(loader, "acl");

	for (; setting; setting = setting->next) {
		const struct term *whole = setting->whole;
		struct acl acl = { 0 };
		if (whole->count != 3 || whole->items[1].kind != TERM_ATOM) {
			struct finding *finding =
			    finding_at(loader, CFG_ACL_FORM, whole,
				"an acl is written {acl, Name, Form}");
			finding_hint(finding, "such as {acl, admin, {user, "
					      "\"name\", \"host\"}}");
			continue;
		}
		if (!map_get(&loader->acl_names, whole->items[1].text))
			map_put(&loader->acl_names, whole->items[1].text,
			    &whole->items[1]);
		acl.host = arena_strdup(&loader->frozen->arena, setting->host);
		if (read_form(loader, &whole->items[2], &acl))
			add_acl(loader->frozen, whole->items[1].text, &acl);
	}
}
