#include "cfgparse/cfg_frozen.h"
/*
 * Who may do what: access rules evaluated for one address. Runs on every
 * thread over frozen data.
 */
#include "cfgparse/base/utf8.h"

enum { PART_MAX = 1023 }; /* bytes of a part of an address, RFC 7622 3 */

static bool
same_host(const char *owner, const struct cfg_host *host)
{
	return !owner || (host && strcmp(owner, host->name) == 0);
}

/* Without a server of its own a form means the host's own users. */
static bool
server_matches(const struct cfg *cfg, const struct acl *acl,
    const struct cfg_host *host, const struct cfg_subject *subject)
{
	if (acl->server)
		return str_is(subject->server, acl->server);
	if (host)
		return str_is(subject->server, host->name);
	return cfg_host(cfg, subject->server) != NULL;
}

static bool
regexp_matches(const regex_t *regexp, struct str text)
{
	char copy[PART_MAX + 1];

	if (text.len > PART_MAX)
		return false;
	if (text.len)
		memcpy(copy, text.ptr, text.len);
	copy[text.len] = '\0';
	return regexec(regexp, copy, 0, NULL, 0) == 0;
}

static size_t
char_len(struct str text, size_t at)
{
	uint32_t code;
	size_t n = utf8_decode(text.ptr + at, text.len - at, &code);

	return n ? n : 1;
}

static uint32_t
char_at(const char *p, size_t len)
{
	uint32_t code;

	return utf8_decode(p, len, &code) ? code : (unsigned char)*p;
}

/* Matches code against "[...]" at pattern; returns what follows it, or NULL
 * where the bracket isn't closed. */
static const char *
set_matches(const char *pattern, uint32_t code, bool *matches)
{
	const char *p = pattern + 1;
	bool negated = *p == '!' || *p == '^';
	bool found = false, first = true;

	p += negated;
	while (*p && (*p != ']' || first)) {
		size_t left = strlen(p);
		uint32_t low = char_at(p, left), high = low;
		p += char_len((struct str){ p, left }, 0);
		if (*p == '-' && p[1] && p[1] != ']') {
			high = char_at(p + 1, strlen(p + 1));
			p += 1 + char_len(str_of(p + 1), 0);
		}
		found = found || (code >= low && code <= high);
		first = false;
	}
	*matches = found != negated;
	return *p ? p + 1 : NULL;
}

/* One step: does the pattern's item match the character at text? */
static const char *
item_matches(const char *pattern, struct str text, size_t at, size_t *len)
{
	uint32_t code = char_at(text.ptr + at, text.len - at);
	bool matches;

	*len = char_len(text, at);
	if (*pattern == '?')
		return pattern + 1;
	if (*pattern == '[') {
		const char *end = set_matches(pattern, code, &matches);
		if (end)
			return matches ? end : NULL;
	}
	*len = 1;
	return *pattern && *pattern == text.ptr[at] ? pattern + 1 : NULL;
}

/* * and ? and [...] over characters. A star that fails goes on from the next
 * character; only the last star ever needs to. */
static bool
glob_matches(const char *pattern, struct str text)
{
	const char *star = NULL;
	size_t at = 0, star_at = 0, len;

	while (at < text.len) {
		if (*pattern == '*') {
			star = ++pattern;
			star_at = at;
			continue;
		}
		const char *next = item_matches(pattern, text, at, &len);
		if (next) {
			pattern = next;
			at += len;
		} else if (star) {
			star_at += char_len(text, star_at);
			pattern = star;
			at = star_at;
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return !*pattern;
}

static bool
form_matches(const struct cfg *cfg, const struct acl *acl,
    const struct cfg_host *host, const struct cfg_subject *who)
{
	switch (acl->form) {
	case FORM_ALL: return true;
	case FORM_NONE:
	case FORM_UNKNOWN:
	case FORM_ACL:
	case FORM_SHARED_GROUP:
	case FORM_IP: return false;
	case FORM_USER:
		return str_is(who->user, acl->first) &&
		       server_matches(cfg, acl, host, who);
	case FORM_SERVER: return str_is(who->server, acl->first);
	case FORM_RESOURCE: return str_is(who->resource, acl->first);
	case FORM_USER_REGEXP:
		return server_matches(cfg, acl, host, who) &&
		       regexp_matches(acl->first_re, who->user);
	case FORM_SERVER_REGEXP:
		return regexp_matches(acl->first_re, who->server);
	case FORM_RESOURCE_REGEXP:
		return regexp_matches(acl->first_re, who->resource);
	case FORM_NODE_REGEXP:
		return regexp_matches(acl->server_re, who->server) &&
		       regexp_matches(acl->first_re, who->user);
	case FORM_USER_GLOB:
		return server_matches(cfg, acl, host, who) &&
		       glob_matches(acl->first, who->user);
	case FORM_SERVER_GLOB: return glob_matches(acl->first, who->server);
	case FORM_RESOURCE_GLOB: return glob_matches(acl->first, who->resource);
	case FORM_NODE_GLOB:
		return glob_matches(acl->server, who->server) &&
		       glob_matches(acl->first, who->user);
	}
	return false;
}

static bool
acl_matches(const struct cfg *cfg, const char *name,
    const struct cfg_host *host, const struct cfg_subject *who)
{
	const struct frozen *frozen = (const struct frozen *)cfg;

	if (strcmp(name, "all") == 0)
		return true;
	if (strcmp(name, "none") == 0)
		return false;
	const struct acl_group *group = map_get(&frozen->acls, str_of(name));
	for (const struct acl *acl = group ? group->first : NULL; acl;
	     acl = acl->next) {
		if (same_host(acl->host, host) &&
		    form_matches(cfg, acl, host, who))
			return true;
	}
	return false;
}

/* The first result of count lines, or NULL. */
static const char *
first_result(const struct cfg *cfg, const struct access_rule *rule,
    size_t count, const struct cfg_host *host, const struct cfg_subject *who)
{
	for (size_t i = 0; i < count; i++) {
		if (acl_matches(cfg, rule->lines[i].acl, host, who))
			return rule->lines[i].result;
	}
	return NULL;
}

static bool
ends_with_allow_all(const struct access_rule *rule)
{
	const struct access_line *last = rule->lines + rule->count - 1;

	return rule->count && strcmp(last->result, "allow") == 0 &&
	       strcmp(last->acl, "all") == 0;
}

const char *
cfg_access(const struct cfg *cfg, const struct cfg_host *host, const char *rule,
    const struct cfg_subject *subject)
{
	const struct frozen *frozen = (const struct frozen *)cfg;
	const struct access_rule *global = NULL, *own = NULL;
	const struct access_rule *any;
	const char *result = NULL;

	if (strcmp(rule, "all") == 0)
		return "allow";
	if (strcmp(rule, "none") == 0)
		return "deny";
	any = map_get(&frozen->access, str_of(rule));
	for (; any; any = any->next) {
		if (!any->host)
			global = any;
		else if (same_host(any->host, host))
			own = any;
	}
	/* A host's lines come between the global ones and their final
	 * {allow, all}. */
	bool moved = global && own && ends_with_allow_all(global);
	if (global)
		result = first_result(
		    cfg, global, global->count - moved, host, subject);
	if (!result && own)
		result = first_result(cfg, own, own->count, host, subject);
	if (!result && moved)
		result = "allow";
	return result ? result : "deny";
}

bool
cfg_allowed(const struct cfg *cfg, const struct cfg_host *host,
    const char *rule, const struct cfg_subject *subject)
{
	return strcmp(cfg_access(cfg, host, rule, subject), "allow") == 0;
}

int64_t
cfg_shaper_rate(const struct cfg *cfg, const struct cfg_host *host,
    const char *shaper, const struct cfg_subject *subject)
{
	const char *name = cfg_access(cfg, host, shaper, subject);

	for (size_t i = 0; i < cfg->shaper_count; i++) {
		if (strcmp(cfg->shapers[i].name, name) == 0)
			return cfg->shapers[i].rate;
	}
	return 0;
}
