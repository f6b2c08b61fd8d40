#include "cfgparse/cfg_frozen.h"
/*
 * Freezing acls: who belongs to a group. Values are compared in lower case,
 * patterns included, as ejabberd 2.x prepares all of them like user names; a
 * value that can't be one never matches.
 */
#include <stdlib.h>
#include <string.h>

#include "cfgparse/acl_value.h"
#include "cfgparse/base/mem.h"

static const char *
read_text(struct freezer *freezer, struct str text)
{
	char *copy = arena_memdup(&freezer->frozen->arena, text.ptr, text.len);

	return acl_prepare(copy, text.len) ? copy : NULL;
}

static regex_t *
compile(struct frozen *frozen, const char *pattern)
{
	char why[ACL_WHY_MAX];
	regex_t *regexp = acl_compile(pattern, why);

	if (!regexp)
		return NULL;
	if (frozen->regexp_count == frozen->regexp_cap) {
		frozen->regexp_cap = frozen->regexp_cap * 2 + 8;
		frozen->regexps = mem_grow(
		    frozen->regexps, frozen->regexp_cap, sizeof(regex_t *));
	}
	frozen->regexps[frozen->regexp_count++] = regexp;
	return regexp;
}

static bool
fill(struct freezer *freezer, const struct model_condition *from,
    struct acl *acl)
{
	if (from->form == FORM_ALL || from->form == FORM_NONE)
		return true;
	acl->first = read_text(freezer, from->first);
	if (!acl->first)
		return false;
	if (from->second_at) {
		acl->server = read_text(freezer, from->second);
		if (!acl->server)
			return false;
	}
	if (acl_is_regexp(from->form)) {
		acl->first_re = compile(freezer->frozen, acl->first);
		if (!acl->first_re)
			return false;
	}
	if (from->form == FORM_NODE_REGEXP)
		acl->server_re = compile(freezer->frozen, acl->server);
	return from->form != FORM_NODE_REGEXP || acl->server_re;
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
freeze_acls(struct freezer *freezer)
{
	struct map_walk walk = { 0 };
	struct str name;
	void *value;

	while (map_next(&freezer->model->acls, &walk, &name, &value)) {
		for (const struct model_acl *from = value; from;
		     from = from->next) {
			struct acl acl = { .form = from->condition.form };

			if (from->host)
				acl.host =
				    frozen_text(freezer, from->host->name);
			if (fill(freezer, &from->condition, &acl))
				add_acl(freezer->frozen, name, &acl);
		}
	}
}
