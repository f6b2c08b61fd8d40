#include "certgen/pem_owner.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Numbers are taken as they are, as chown does for names it doesn't know. */
static bool
number_parse(const char *text, unsigned long *number)
{
	char *end;

	errno = 0;
	*number = strtoul(text, &end, 10);
	return *text >= '0' && *text <= '9' && *end == '\0' && errno == 0 &&
	       *number < UINT32_MAX;
}

static bool
user_parse(const char *text, struct pem_owner *owner)
{
	const struct passwd *user = getpwnam(text);
	unsigned long number;

	if (!user && number_parse(text, &number)) {
		owner->user = (uid_t)number;
		owner->group = (gid_t)-1;
		user = getpwuid(owner->user);
		if (user)
			owner->group = user->pw_gid;
		return true;
	}
	if (!user)
		return false;
	owner->user = user->pw_uid;
	owner->group = user->pw_gid;
	return true;
}

static bool
group_parse(const char *text, struct pem_owner *owner)
{
	const struct group *group = getgrnam(text);
	unsigned long number;

	if (group)
		owner->group = group->gr_gid;
	else if (number_parse(text, &number))
		owner->group = (gid_t)number;
	else
		return false;
	return true;
}

bool
pem_owner_parse(const char *text, struct pem_owner *owner)
{
	const char *colon = strchr(text, ':');
	char user[256];
	size_t len = colon ? (size_t)(colon - text) : strlen(text);
	gid_t group = owner->group;

	if (len == 0 || len >= sizeof(user))
		return false;
	memcpy(user, text, len);
	user[len] = '\0';
	if (!user_parse(user, owner))
		return false;
	owner->user_given = true;
	if (owner->group_given) /* by --group, which stood before it */
		owner->group = group;
	return !colon || pem_group_parse(colon + 1, owner);
}

bool
pem_group_parse(const char *text, struct pem_owner *owner)
{
	owner->group_given = group_parse(text, owner);
	return owner->group_given;
}
