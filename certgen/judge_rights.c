#include "certgen/pem_trial.h"
/* Who may read the file, who may change it, and whether the server may. */
#include "certgen/pem_reader.h"
#include "cfgparse/base/arena.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* " in REAL" where the path leads elsewhere by a symbolic link. */
static const char *
elsewhere(struct pem_trial *trial, const char *real)
{
	struct stat st;

	if (lstat(trial->path, &st) != 0 || !S_ISLNK(st.st_mode))
		return "";
	return arena_printf(trial->scratch,
	    " in %s, where the symbolic link "
	    "leads",
	    trial_shown(trial, str_of(real)));
}

static void
judge_exposed(
    struct pem_trial *trial, const struct pem_block *key, const char *real)
{
	mode_t mode = trial->pem->mode;
	struct finding *finding;

	if (!(mode & (S_IROTH | S_IWOTH)) || !pem_way_is_open(real))
		return;
	finding = trial_find(trial, CERT_KEY_EXPOSED, key,
	    "everybody on this machine can %s the private key%s",
	    mode & S_IROTH ? "read" : "change", elsewhere(trial, real));
	finding_hint(finding,
	    "chmod 0640 %s, with a group that only the server's user is in",
	    trial_shown(trial, str_of(real)));
	trial_soften(trial, finding);
}

/* Where the path is a link, that link's directories count too. */
static void
judge_directories(
    struct pem_trial *trial, const struct pem_block *key, const char *real)
{
	const char *slash = strrchr(trial->path, '/');
	const char *open = pem_way_open_directory(trial->scratch, real);
	char resolved[PATH_MAX];
	struct finding *finding;

	if (!open) {
		const char *dir =
		    !slash ? "."
		    : slash == trial->path
			? "/"
			: arena_memdup(trial->scratch, trial->path,
			      (size_t)(slash - trial->path));
		if (realpath(dir, resolved))
			open = pem_way_open_directory(trial->scratch,
			    arena_printf(trial->scratch, "%s/x",
				strcmp(resolved, "/") == 0 ? "" : resolved));
	}
	if (!open)
		return;
	finding = trial_find(trial, CERT_OPEN_DIRECTORY, key,
	    "everybody on this machine can put another key in the place of "
	    "this one, because of the rights of %s",
	    trial_shown(trial, str_of(open)));
	finding_hint(finding, "chmod o-w %s", trial_shown(trial, str_of(open)));
	trial_soften(trial, finding);
}

static void
judge_reader(struct pem_trial *trial, const char *real)
{
	const struct pem_reader *reader = trial->demand->reader;
	struct finding *finding;
	const char *where;
	bool file;

	if (!reader || pem_reader_can(trial->scratch, reader, real, &where))
		return;
	file = strcmp(where, real) == 0;
	if (file)
		finding = trial_find(trial, CERT_USER_CANT_READ, NULL,
		    "the user %s can't read the file%s",
		    trial_shown(trial, str_of(reader->name)),
		    elsewhere(trial, real));
	else
		finding = trial_find(trial, CERT_USER_CANT_READ, NULL,
		    "the user %s can't enter %s, where the file is",
		    trial_shown(trial, str_of(reader->name)),
		    trial_shown(trial, str_of(where)));
	finding_hint(finding, "%s %s",
	    file ? "chgrp it to a group of that user and chmod 0640"
		 : "chgrp it to a group of that user and chmod 0750",
	    trial_shown(trial, str_of(where)));
	trial_soften(trial, finding);
}

void
judge_rights(struct pem_trial *trial)
{
	const struct pem_block *key = pem_first(trial->pem, PEM_KEY);
	char real[PATH_MAX];

	if (!trial->path || !realpath(trial->path, real))
		return;
	judge_reader(trial, real);
	if (!key)
		key = pem_first(trial->pem, PEM_KEY_ENCRYPTED);
	if (!key)
		return;
	judge_exposed(trial, key, real);
	judge_directories(trial, key, real);
}
