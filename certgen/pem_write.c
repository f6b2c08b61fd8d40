#include "certgen/pem_write.h"

#include "certgen/pem.h"
#include "cfgparse/base/arena.h"
#include "cfgparse/base/atomic_file.h"
#include "cfgparse/base/buf.h"

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

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

	if (len == 0 || len >= sizeof(user))
		return false;
	memcpy(user, text, len);
	user[len] = '\0';
	owner->given = user_parse(user, owner) &&
		       (!colon || group_parse(colon + 1, owner));
	return owner->given;
}

/* The combined text, in a BIO that wipes it when freed; NULL: failed. */
static BIO *
combine(const struct pem_output *output)
{
	BIO *bio = BIO_new(BIO_s_secmem());

	if (bio && PEM_write_bio_X509(bio, output->cert) &&
	    PEM_write_bio_PKCS8PrivateKey(
		bio, output->key, NULL, NULL, 0, NULL, NULL))
		return bio;
	BIO_free(bio);
	return NULL;
}

/* PATH.20261122T162530Z: not named *.pem, so that no glob takes it up. */
static const char *
backup_name(struct arena *arena, const char *path, int attempt)
{
	time_t now = time(NULL);
	char stamp[32];
	struct tm tm;

	gmtime_r(&now, &tm);
	strftime(stamp, sizeof(stamp), "%Y%m%dT%H%M%SZ", &tm);
	if (attempt == 0)
		return arena_printf(arena, "%s.%s", path, stamp);
	return arena_printf(arena, "%s.%s.%d", path, stamp, attempt);
}

static bool
keep_old(struct arena *arena, const char *path, const char **backup,
    char reason[FILE_WHY_MAX])
{
	static const struct atomic_file how = { 0600, (uid_t)-1, (gid_t)-1,
		false };
	struct buf old = { 0 };
	bool done = false;
	int i;

	/* No growing on the way: that would leave copies of the key. */
	buf_reserve(&old, 2 * PEM_SIZE_MAX);
	if (file_read(path, PEM_SIZE_MAX, &old, reason)) {
		for (i = 0; i < 10 && !done; i++) {
			*backup = backup_name(arena, path, i);
			done = atomic_file_write(
			    *backup, buf_str(&old), &how, reason);
		}
	}
	buf_wipe(&old);
	return done;
}

static bool
write_combined(const char *path, const struct pem_output *output,
    char reason[FILE_WHY_MAX])
{
	struct atomic_file how = { 0600, (uid_t)-1, (gid_t)-1,
		output->replace };
	BIO *bio = combine(output);
	char *bytes;
	long len;
	bool done;

	if (!bio) {
		memcpy(reason, "OpenSSL can't encode it", 24);
		return false;
	}
	if (output->owner.given) {
		how.mode = 0640;
		how.owner = output->owner.user;
		how.group = output->owner.group;
	}
	len = BIO_get_mem_data(bio, &bytes);
	done = atomic_file_write(
	    path, (struct str){ bytes, (size_t)len }, &how, reason);
	BIO_free(bio);
	return done;
}

bool
pem_write(struct arena *arena, const char *path,
    const struct pem_output *output, const char **backup, const char **why)
{
	char reason[FILE_WHY_MAX] = "";

	*backup = NULL;
	if (output->replace && !keep_old(arena, path, backup, reason)) {
		*why = arena_printf(
		    arena, "%s can't be kept as a backup: %s", path, reason);
		return false;
	}
	if (!write_combined(path, output, reason)) {
		*why = arena_printf(
		    arena, "%s can't be written: %s", path, reason);
		return false;
	}
	return true;
}
