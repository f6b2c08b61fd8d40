#include "certgen/pem_write.h"

#include "certgen/place.h"
#include "cfgparse/base/arena.h"
#include "cfgparse/base/new_file.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

/* One file on its way; parallel to the outputs. */
struct job {
	struct place place;
	BIO *text; /* wipes what it holds when freed */
};

static bool
put_texts(BIO *bio, const struct pem_output *output)
{
	size_t i;

	if (output->cert && !PEM_write_bio_X509(bio, output->cert))
		return false;
	for (i = 0; i < output->chain_count; i++)
		if (!PEM_write_bio_X509(bio, output->chain[i]))
			return false;
	if (output->request && !PEM_write_bio_X509_REQ(bio, output->request))
		return false;
	return !output->key || PEM_write_bio_PKCS8PrivateKey(
				   bio, output->key, NULL, NULL, 0, NULL, NULL);
}

static bool
encode(struct arena *arena, const struct pem_output *output, struct job *job,
    const char **why)
{
	job->text = BIO_new(BIO_s_secmem());
	if (job->text && put_texts(job->text, output))
		return true;
	ERR_clear_error();
	*why = arena_printf(arena,
	    "%s can't be written: OpenSSL can't encode it", output->path);
	return false;
}

/* Whose it is to be, and who may read it. */
static void
set_rights(const struct pem_output *output, const struct place *place,
    struct new_file *file)
{
	const struct pem_owner *owner = &output->owner;
	bool as_before =
	    place->exists && !owner->user_given && !owner->group_given;

	file->owner = (uid_t)-1;
	file->group = (gid_t)-1;
	file->mode = output->key ? 0600 : 0644;
	if (as_before) {
		file->owner = place->owner;
		file->group = place->group;
		file->mode = place->mode & (output->key ? 0640 : 0644);
	}
	if (owner->user_given)
		file->owner = owner->user;
	if (owner->user_given || owner->group_given)
		file->group = owner->group;
	if (owner->group_given && output->key)
		file->mode = 0640;
}

static bool
prepare(struct arena *arena, struct pem_output *output, struct job *job,
    struct new_file *file, const char **why)
{
	long len;
	char *bytes;

	output->backup = NULL;
	if (!place_open(arena, output->path, &job->place, why))
		return false;
	output->real = job->place.path;
	if (job->place.exists && !output->replace) {
		*why = arena_printf(arena, "%s is there already", output->real);
		return false;
	}
	if (!encode(arena, output, job, why))
		return false;
	len = BIO_get_mem_data(job->text, &bytes);
	*file = (struct new_file){ .directory = job->place.directory,
		.name = job->place.name,
		.content = { bytes, (size_t)len },
		.replace = output->replace,
		.keep = true };
	set_rights(output, &job->place, file);
	return true;
}

/* PATH.20261122T162530Z, beside the file that is at PATH. */
static const char *
backup_path(struct arena *arena, const struct new_file *file, const char *real)
{
	size_t len = strlen(real) - strlen(file->name);

	if (!file->backup[0])
		return NULL;
	return arena_printf(arena, "%.*s%s", (int)len, real, file->backup);
}

static bool
write_jobs(struct arena *arena, struct pem_output *outputs, struct job *jobs,
    size_t count, const char **why)
{
	struct new_file *files = arena_array(arena, count, sizeof(*files));
	char reason[FILE_WHY_MAX] = "";
	size_t i, failed;

	for (i = 0; i < count; i++)
		if (!prepare(arena, &outputs[i], &jobs[i], &files[i], why))
			return false;
	if (!new_files_write(files, count, &failed, reason)) {
		*why = arena_printf(arena, "%s can't be written: %s",
		    outputs[failed].real, reason);
		return false;
	}
	for (i = 0; i < count; i++)
		outputs[i].backup =
		    backup_path(arena, &files[i], outputs[i].real);
	return true;
}

bool
pem_write(struct arena *arena, struct pem_output *outputs, size_t count,
    const char **why)
{
	struct job *jobs = arena_array(arena, count, sizeof(*jobs));
	bool done;
	size_t i;

	for (i = 0; i < count; i++)
		jobs[i].place.directory = -1;
	done = write_jobs(arena, outputs, jobs, count, why);
	for (i = 0; i < count; i++) {
		BIO_free(jobs[i].text);
		place_close(&jobs[i].place);
	}
	return done;
}
