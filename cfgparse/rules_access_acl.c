#include "cfgparse/rules_access.h"
/*
 * The entries of acls: whom they name, and whom besides.
 */
#include "cfgparse/base/buf.h"
#include "cfgparse/base/pair_map.h"
#include "cfgparse/hostname.h"
#include "cfgparse/lint_edit.h"
#include "cfgparse/regexp_old.h"

enum { NETWORKS_MAX = 64, FEW = 16 /* entries, to look through them */ };

/* One chain of entries of a name. */
struct chain {
	struct access_check *check;
	unsigned roles;	    /* enum access_role */
	struct map entries; /* host, form, values -> where it stands */
	const struct model_acl *networks[NETWORKS_MAX];
	size_t network_count;
};

static bool
is_admin(const struct chain *chain)
{
	return chain->roles & ROLE_ADMIN;
}

static const char *
shown(const struct chain *chain, const struct model_acl *acl)
{
	return lint_shown(chain->check->lint, acl->condition.whole);
}

/* --- twice --- */

static bool
same_entry(const struct model_acl *a, const struct model_acl *b)
{
	const struct model_condition *x = &a->condition, *y = &b->condition;

	return x->form == y->form && !x->second_at == !y->second_at &&
	       str_eq(x->first, y->first) && str_eq(x->second, y->second) &&
	       str_eq(a->name, b->name);
}

/* Among the few of its host. */
static const struct model_acl *
find_own(const struct model_acl *acl)
{
	const struct model_acl *other = acl->host->first_acl;

	while (other != acl && !same_entry(other, acl))
		other = other->next_of_host;
	return other == acl ? NULL : other;
}

static const struct model_acl *
find_entry(struct chain *chain, const struct model_acl *acl)
{
	const struct model_condition *condition = &acl->condition;
	const struct model_acl *before;
	struct buf key = { 0 };

	buf_append(&key, &acl->host, sizeof(const void *));
	buf_putc(&key, (char)condition->form);
	buf_putc(&key, condition->second_at ? '2' : '1');
	buf_add(&key, condition->first);
	buf_putc(&key, '\0');
	buf_add(&key, condition->second);
	before = map_get(&chain->entries, buf_str(&key));
	if (!before)
		map_put(&chain->entries, buf_str(&key), (void *)acl);
	buf_fini(&key);
	return before;
}

static void
check_twice(struct chain *chain, const struct model_acl *acl)
{
	bool few = acl->host && acl->host->acl_count <= FEW;
	const struct model_acl *before;

	if (acl->condition.form == FORM_UNKNOWN)
		return;
	before = few ? find_own(acl) : find_entry(chain, acl);
	if (!before)
		return;
	struct finding *finding = access_report(chain->check, ACL_TWICE,
	    acl->condition.whole, "the acl %s has %s twice",
	    lint_shown(chain->check->lint, acl->key), shown(chain, acl));
	lint_related(finding, before->condition.whole, "the first time");
	finding_hint(finding, "remove one of them");
	const struct term *entry = acl->condition.whole->file->yaml
				       ? acl->condition.whole
				       : acl->setting->option.whole;
	edit_remove(finding, true, entry, entry);
}

/* --- hosts --- */

/* The server that an entry names outright: the text, and where. */
static bool
server_of(const struct chain *chain, const struct model_condition *condition,
    struct str *server, const struct term **at)
{
	const char *split = NULL;

	switch (condition->form) {
	case FORM_SERVER:
		*server = condition->first;
		*at = condition->first_at;
		return true;
	case FORM_USER:
	case FORM_USER_REGEXP:
	case FORM_USER_GLOB: break;
	default: return false;
	}
	if (condition->second_at) {
		*server = condition->second;
		*at = condition->second_at;
		return true;
	}
	if (chain->check->flavour != POLICY_2_1 && condition->first.len)
		split = memchr(condition->first.ptr, '@', condition->first.len);
	if (!split)
		return false;
	*server = (struct str){ split + 1,
		condition->first.len -
		    (size_t)(split + 1 - condition->first.ptr) };
	*at = condition->first_at;
	return true;
}

static struct str
last_label(struct str name)
{
	size_t at = name.len;

	while (at && name.ptr[at - 1] != '.')
		at--;
	return (struct str){ name.ptr + at, name.len - at };
}

static const char *
suggest_host(struct access_check *check, struct str name)
{
	struct map served = { 0 };

	if (!check->suggestions || check->model->served_count > 1000)
		return NULL;
	for (size_t i = 0; i < check->model->host_count; i++) {
		if (check->model->hosts[i]->served)
			map_put(&served, check->model->hosts[i]->name,
			    check->model->hosts[i]);
	}
	const char *near = access_suggest(check, &served, name);
	map_fini(&served);
	/* example.net beside example.org is somebody else. */
	return near && str_eq(last_label(str_of(near)), last_label(name))
		   ? near
		   : NULL;
}

static void
check_unserved(struct chain *chain, const struct model_acl *acl,
    struct str server, const struct term *at)
{
	struct access_check *check = chain->check;
	const char *near = suggest_host(check, server);
	bool accounts = acl->condition.form != FORM_SERVER;

	/* Servers of others are what such entries are for. */
	if (!near && !accounts && !is_admin(chain))
		return;
	struct finding *finding = access_report(check, ACL_HOST_UNSERVED, at,
	    "the acl %s names %.*s, which is not served here",
	    lint_shown(check->lint, acl->key), STR_ARG(server));
	if (near)
		edit_meant(finding, at, near);
	else if (is_admin(chain))
		finding_hint(finding, "name a host of hosts, unless "
				      "administrators are on another server");
	else
		finding_severity(finding, SEVERITY_INFO);
}

static void
check_server(struct chain *chain, const struct model_acl *acl)
{
	struct access_check *check = chain->check;
	char name[HOSTNAME_MAX + 1];
	const struct term *at;
	struct str server;

	if (check->lint->incomplete ||
	    !server_of(chain, &acl->condition, &server, &at) ||
	    (acl->host && acl->host->served &&
		str_eq(server, acl->host->name)) ||
	    !hostname_prepare(server, name))
		return;
	const struct model_host *host = model_host(check->model, str_of(name));
	if (!host || !host->served) {
		if (check->model->served_count)
			check_unserved(chain, acl, str_of(name), at);
		return;
	}
	if (acl->host && host != acl->host) {
		struct finding *finding = access_report(check, ACL_OTHER_HOST,
		    at, "an acl of the host %.*s names the host %s",
		    STR_ARG(acl->host->name), name);
		edit_meant(
		    finding, at, lint_text(check->lint, acl->host->name));
	}
}

/* --- administrators --- */

/* Every account of a host, or more. */
static bool
is_everybody(const struct chain *chain, const struct model_acl *acl)
{
	const struct model_condition *condition = &acl->condition;
	struct str first = condition->first;
	char name[HOSTNAME_MAX + 1];

	switch (condition->form) {
	case FORM_ALL: return true;
	case FORM_USER_REGEXP:
	case FORM_SERVER_REGEXP:
		return !first.len || str_is(first, ".*") ||
		       str_is(first, "^.*$") || str_is(first, ".+");
	case FORM_USER_GLOB:
	case FORM_SERVER_GLOB: return str_is(first, "*");
	case FORM_SERVER:
		return hostname_prepare(first, name) &&
		       access_serves(chain->check, str_of(name));
	default: return false;
	}
}

static void
check_admin(struct chain *chain, const struct model_acl *acl)
{
	struct access_check *check = chain->check;
	const struct model_condition *condition = &acl->condition;
	struct finding *finding;

	if (!is_admin(chain))
		return;
	if (is_everybody(chain, acl) && !(chain->roles & ROLE_GUARDED)) {
		finding =
		    access_report(check, ACL_EVERYBODY_ADMIN, condition->whole,
			"the acl %s makes everybody an administrator",
			lint_shown(check->lint, acl->key));
		finding_hint(finding, "name the accounts of administrators");
		return;
	}
	struct str server;
	const struct term *at;
	/* A name with an @ is nobody's in 2.1. */
	if (condition->form != FORM_USER || acl->host ||
	    (condition->first.len &&
		memchr(condition->first.ptr, '@', condition->first.len)) ||
	    server_of(chain, condition, &server, &at) ||
	    check->model->served_count < 2)
		return;
	finding = access_report(check, ACL_BY_EVERY_HOST, condition->first_at,
	    "%s is an administrator on each of the %zu hosts",
	    lint_shown(check->lint, condition->first_at),
	    check->model->served_count);
	const char *host = lint_text(check->lint, check->model->hosts[0]->name);
	if (condition->whole->file->yaml)
		finding_hint(finding, "name the host too, such as %.*s@%s",
		    STR_ARG(condition->first), host);
	else
		finding_hint(finding,
		    "name the host too, such as {user, \"%.*s\", \"%s\"}",
		    STR_ARG(condition->first), host);
}

/* --- patterns --- */

static bool
is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
	       c == '_' || (unsigned char)c >= 128;
}

/* "admin", without anything that a pattern has: it was meant as a name. */
static bool
is_plain_name(struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (!is_name_char(text.ptr[i]))
			return false;
	}
	return text.len > 0;
}

/* "example.org" with dots as they are, with or without ^ and $. */
static bool
is_plain_domain(struct str text, bool *anchored)
{
	bool begins = text.len && text.ptr[0] == '^';
	size_t dots = 0;

	text.ptr += begins;
	text.len -= begins;
	bool ends = text.len && text.ptr[text.len - 1] == '$';
	text.len -= ends;
	*anchored = begins && ends;
	for (size_t i = 0; i < text.len; i++) {
		dots += text.ptr[i] == '.';
		if (!is_name_char(text.ptr[i]) && text.ptr[i] != '.')
			return false;
		if (i && text.ptr[i] == '.' && text.ptr[i - 1] == '.')
			return false;
	}
	return dots > 0 && text.ptr[0] != '.' && text.ptr[text.len - 1] != '.';
}

/* ^a|b$ holds a at the beginning and b at the end, neither at both. */
static bool
is_loose_choice(struct str text)
{
	bool choice = false;

	if (text.len < 2 || text.ptr[0] != '^' || text.ptr[text.len - 1] != '$')
		return false;
	for (size_t i = 1; i + 1 < text.len; i++) {
		if (text.ptr[i] == '|')
			choice = true;
		else if (!is_name_char(text.ptr[i]) && text.ptr[i] != '.')
			return false;
	}
	return choice;
}

static void
check_user_pattern(struct chain *chain, struct str text, const struct term *at)
{
	struct finding *finding;
	const char *name = lint_shown(chain->check->lint, at);

	if (is_plain_name(text)) {
		finding = access_report(chain->check, ACL_MATCHES_MORE, at,
		    "%s matches every name that holds it, such as x%.*sx", name,
		    STR_ARG(text));
		finding_hint(finding,
		    "write ^%.*s$, or user in place of the pattern",
		    STR_ARG(text));
	} else if (is_loose_choice(text)) {
		finding = access_report(chain->check, ACL_MATCHES_MORE, at,
		    "in %s the ^ is for the first choice only, and the $ for "
		    "the last",
		    name);
		finding_hint(finding, "put the choices in brackets: ^(%.*s)$",
		    (int)text.len - 2, text.ptr + 1);
	}
}

static void
check_server_pattern(
    struct chain *chain, struct str text, const struct term *at)
{
	bool anchored;

	if (!is_plain_domain(text, &anchored))
		return;
	struct finding *finding =
	    access_report(chain->check, ACL_MATCHES_MORE, at,
		anchored ? "the dots of %s stand for any character"
			 : "%s matches every server whose name holds it",
		lint_shown(chain->check->lint, at));
	if (anchored)
		finding_severity(finding, SEVERITY_INFO);
	finding_hint(finding, "%s",
	    at->file->yaml ? "write server in place of server_regexp, or ^ "
			     "and $ around it and \\ before each dot"
			   : "write server in place of server_regexp, or ^ "
			     "and $ around it and \\\\ before each dot");
}

/* The first capital letter that the pattern compares with, or 0. */
static char
capital_of(struct str text)
{
	bool set = false;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if (c == '\\') {
			i++;
		} else if (set) {
			set = c != ']';
		} else if (c == '[') {
			set = true;
		} else if (c == '(' && i + 1 < text.len &&
			   text.ptr[i + 1] == '?') {
			return 0; /* (?i) and the like */
		} else if (c >= 'A' && c <= 'Z') {
			return c;
		}
	}
	return 0;
}

/* 2.1: the class behind a backslash that folding turns round, or 0. */
static char
folded_class(struct str text)
{
	for (size_t i = 0; i + 1 < text.len; i++) {
		if (text.ptr[i] != '\\')
			continue;
		if (strchr("SDWB", text.ptr[++i]))
			return text.ptr[i];
	}
	return 0;
}

static void
check_case(struct chain *chain, struct str text, const struct term *at,
    bool is_resource, bool is_regexp)
{
	struct access_check *check = chain->check;
	bool folds = check->flavour == POLICY_2_1;
	char c = folds && !is_resource ? 0 : capital_of(text);
	struct finding *finding;

	if (folds && is_regexp && folded_class(text)) {
		c = folded_class(text);
		finding = access_report(check, ACL_CASE, at,
		    "ejabberd 2.1 folds patterns, so \\%c becomes \\%c", c,
		    c + 32);
		finding_hint(finding, "name the characters, as in [^a-z]");
	} else if (c && folds) {
		access_report(check, ACL_CASE, at,
		    "ejabberd 2.1 folds %s to lower case, and resources keep "
		    "theirs",
		    lint_shown(check->lint, at));
	} else if (c && !is_resource) {
		finding = access_report(check, ACL_CASE, at,
		    "names are in lower case, so the %c of %s never matches", c,
		    lint_shown(check->lint, at));
		finding_hint(finding, "write the pattern in lower case");
	}
}

/* Which 2.1 it is isn't known. */
static void
check_old(struct chain *chain, struct str text, const struct term *at)
{
	char what[REGEXP_OLD_MAX], instead[REGEXP_OLD_MAX];

	if (!chain->check->lint->target->terms ||
	    !regexp_old_differs(text, what, instead))
		return;
	struct finding *finding = access_report(chain->check, ACL_OLD_REGEXP,
	    at, "before 2.1.10 this pattern is read otherwise: %s", what);
	finding_hint(finding, "write %s, or use 2.1.10 or later", instead);
}

static void
check_patterns(struct chain *chain, const struct model_acl *acl)
{
	const struct model_condition *condition = &acl->condition;
	struct str first = condition->first, second = condition->second;
	const struct term *at = condition->first_at;
	bool regexp = true;

	switch (condition->form) {
	case FORM_RESOURCE:
		if (chain->check->flavour == POLICY_2_1)
			check_case(chain, first, at, true, false);
		return;
	case FORM_RESOURCE_GLOB: regexp = false; /* fallthrough */
	case FORM_RESOURCE_REGEXP:
		check_case(chain, first, at, true, regexp);
		if (regexp)
			check_old(chain, first, at);
		return;
	case FORM_SERVER_REGEXP: check_server_pattern(chain, first, at); break;
	case FORM_NODE_REGEXP:
		check_user_pattern(chain, first, at);
		check_server_pattern(chain, second, condition->second_at);
		check_case(chain, second, condition->second_at, false, true);
		check_old(chain, second, condition->second_at);
		break;
	case FORM_NODE_GLOB:
		check_case(chain, second, condition->second_at, false, false);
		regexp = false;
		break;
	case FORM_USER_REGEXP: check_user_pattern(chain, first, at); break;
	case FORM_USER_GLOB:
	case FORM_SERVER_GLOB: regexp = false; break;
	default: return;
	}
	check_case(chain, first, at, false, regexp);
	if (regexp)
		check_old(chain, first, at);
}

/* --- networks --- */

/* The address without the bits behind the network's length. */
static bool
has_host_bits(const struct network *network)
{
	for (unsigned bit = network->bits; bit < 128; bit++) {
		if (network->address[bit / 8] & (0x80 >> bit % 8))
			return true;
	}
	return false;
}

static bool
within(const struct network *outer, const struct network *inner)
{
	if (outer->bits > inner->bits)
		return false;
	for (unsigned bit = 0; bit < outer->bits; bit++) {
		uint8_t mask = (uint8_t)(0x80 >> bit % 8);
		if ((outer->address[bit / 8] ^ inner->address[bit / 8]) & mask)
			return false;
	}
	return true;
}

static bool
is_v6(struct str text)
{
	return text.len && memchr(text.ptr, ':', text.len) != NULL;
}

static void
check_covered(struct chain *chain, const struct model_acl *acl,
    const struct network *network)
{
	const struct model_acl *outer = NULL, *inner = NULL;

	for (size_t i = 0; i < chain->network_count && !outer; i++) {
		const struct model_acl *other = chain->networks[i];
		struct network known;

		network_parse(other->condition.first, &known);
		if (other->host != acl->host ||
		    is_v6(other->condition.first) !=
			is_v6(acl->condition.first) ||
		    str_eq(other->condition.first, acl->condition.first))
			continue;
		if (within(&known, network)) {
			outer = other;
			inner = acl;
		} else if (within(network, &known)) {
			outer = acl;
			inner = other;
		}
	}
	if (chain->network_count < NETWORKS_MAX)
		chain->networks[chain->network_count++] = acl;
	if (!outer)
		return;
	struct finding *finding = access_report(chain->check, ACL_COVERED,
	    inner->condition.first_at, "the network %.*s lies within %.*s",
	    STR_ARG(inner->condition.first), STR_ARG(outer->condition.first));
	lint_related(finding, outer->condition.first_at, "the wider one");
	edit_remove(finding, true, inner->condition.first_at,
	    inner->condition.first_at);
}

static void
check_network(struct chain *chain, const struct model_acl *acl)
{
	const struct model_condition *condition = &acl->condition;
	struct network network;

	if (condition->form != FORM_IP ||
	    !network_parse(condition->first, &network))
		return;
	unsigned none = is_v6(condition->first) ? 0 : 96;
	if (network.bits == none) {
		struct finding *finding =
		    access_report(chain->check, ACL_EVERY_ADDRESS,
			condition->first_at, "%.*s is every address of %s",
			STR_ARG(condition->first), none ? "IPv4" : "IPv6");
		finding_hint(finding, "write the networks that are meant, or "
				      "all where everybody is");
		return;
	}
	if (has_host_bits(&network))
		access_report(chain->check, ACL_HOST_BITS, condition->first_at,
		    "%.*s means the whole network of %u bits",
		    STR_ARG(condition->first), network.bits - none);
	check_covered(chain, acl, &network);
}

/* --- all of them --- */

static void
check_group(struct chain *chain, const struct model_acl *acl)
{
	const struct term *at = acl->condition.whole;

	if (acl->condition.form != FORM_SHARED_GROUP ||
	    !chain->check->lint->for_xmppd)
		return;
	lint_report(chain->check->lint, &cfg_rules[CFG_ACL_NEVER], at,
	    "%s matches nobody: shared roster groups are not kept by this "
	    "version",
	    lint_shown(chain->check->lint, at));
}

/* From 19.08 on no acl is all or none. */
static void
check_form(struct chain *chain, const struct model_acl *acl)
{
	const struct model_condition *condition = &acl->condition;
	struct lint *lint = chain->check->lint;

	if (!condition->whole->file->yaml ||
	    chain->check->flavour != POLICY_19_08 ||
	    (condition->form != FORM_ALL && condition->form != FORM_NONE))
		return;
	struct finding *finding =
	    lint_report(lint, &cfg_rules[CFG_ACL_FORM], condition->whole,
		"an acl can't be %s", lint_shown(lint, condition->whole));
	finding_hint(finding, "write %s in the rules in place of this acl",
	    condition->form == FORM_ALL ? "all" : "none");
}

void
check_acls(struct access_check *check)
{
	struct map_walk walk = { 0 };
	struct str name;
	void *value;

	while (map_next(&check->model->acls, &walk, &name, &value)) {
		struct chain chain = { .check = check,
			.roles = role_of(&check->acl_roles, name) };
		const struct model_acl *acl = value;
		if (access_is_builtin(name)) {
			struct finding *finding =
			    access_report(check, NAME_RESERVED, acl->key,
				"the acl %.*s is built in, and this one is not "
				"read",
				STR_ARG(name));
			if (check->flavour == POLICY_19_08)
				finding_severity(finding, SEVERITY_ERROR);
			continue;
		}
		for (; acl; acl = acl->next) {
			check_form(&chain, acl);
			check_twice(&chain, acl);
			check_server(&chain, acl);
			check_admin(&chain, acl);
			check_patterns(&chain, acl);
			check_network(&chain, acl);
			check_group(&chain, acl);
		}
		map_fini(&chain.entries);
	}
}
