#include "certgen/pem.h"

#include "certgen/pem_private.h"
#include "cfgparse/base/arena.h"
#include "cfgparse/base/mem.h"
#include "cfgparse/base/utf8.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void
load_cert(struct pem_block *block)
{
	const unsigned char *bytes = (const unsigned char *)block->der.ptr;
	long len = (long)block->der.len;

	if (block->kind != PEM_CERTIFICATE || len == 0)
		return;
	block->cert = str_is(block->label, "TRUSTED CERTIFICATE")
			  ? d2i_X509_AUX(NULL, &bytes, len)
			  : d2i_X509(NULL, &bytes, len);
	ERR_clear_error();
}

static void
load_key(struct pem_block *block)
{
	const unsigned char *bytes = (const unsigned char *)block->der.ptr;

	if (block->kind != PEM_KEY || block->der.len == 0)
		return;
	block->key = d2i_AutoPrivateKey(NULL, &bytes, (long)block->der.len);
	ERR_clear_error();
}

/* Takes the bytes, which have room for size. */
static struct pem *
parse_taken(struct arena *arena, const char *name, struct str bytes)
{
	struct pem *pem = arena_alloc(arena, sizeof(*pem));

	pem->source.name = arena_strdup(arena, name);
	pem->bytes = bytes;
	pem->ders = mem_alloc(bytes.len + 1, 1);
	pem->binary = bytes.len > 1 && bytes.ptr[0] == 0x30 &&
		      ((unsigned char)bytes.ptr[1] & 0x80);
	pem->blocks = arena_array(arena, PEM_BLOCKS_MAX, sizeof(*pem->blocks));
	pem_split(arena, pem);
	return pem;
}

static struct pem *
with_certs(struct pem *pem)
{
	size_t i;

	for (i = 0; i < pem->count; i++)
		load_cert(&pem->blocks[i]);
	return pem;
}

static struct pem *
with_keys(struct pem *pem)
{
	size_t i;

	for (i = 0; i < pem->count; i++)
		load_key(&pem->blocks[i]);
	return pem;
}

struct pem *
pem_parse_unloaded(struct arena *arena, const char *name, struct str bytes)
{
	char *copy = mem_alloc(bytes.len + 1, 1);

	if (bytes.len > 0)
		memcpy(copy, bytes.ptr, bytes.len);
	return with_certs(
	    parse_taken(arena, name, (struct str){ copy, bytes.len }));
}

struct pem *
pem_parse(struct arena *arena, const char *name, struct str bytes)
{
	return with_keys(pem_parse_unloaded(arena, name, bytes));
}

/* Reads at most size bytes; the count, or -1 with errno. */
static ssize_t
read_all(int fd, char *out, size_t size)
{
	size_t done = 0;

	while (done < size) {
		ssize_t got = read(fd, out + done, size - done);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (got == 0)
			break;
		done += (size_t)got;
	}
	return (ssize_t)done;
}

static enum pem_status
fd_parse(struct arena *arena, const char *path, int fd, struct pem **out)
{
	struct stat st;
	ssize_t got;
	size_t size;
	char *bytes;

	if (fstat(fd, &st) != 0)
		return PEM_UNREADABLE;
	if (!S_ISREG(st.st_mode))
		return PEM_NOT_REGULAR;
	if (st.st_size > PEM_SIZE_MAX)
		return PEM_TOO_LARGE;
	/* One more than stat said shows a file that grows meanwhile. */
	size = (size_t)st.st_size + 1;
	bytes = mem_alloc(size, 1);
	got = read_all(fd, bytes, size);
	if (got < 0) {
		OPENSSL_cleanse(bytes, size);
		free(bytes);
		return PEM_UNREADABLE;
	}
	*out = parse_taken(arena, path, (struct str){ bytes, (size_t)got });
	(*out)->mode = st.st_mode & 07777;
	return PEM_READ;
}

enum pem_status
pem_open_text(struct arena *arena, const char *path, struct pem **out)
{
	enum pem_status status;
	int fd, error;

	/* O_NONBLOCK: opening a pipe without a writer must not hang. */
	fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return PEM_UNREADABLE;
	status = fd_parse(arena, path, fd, out);
	error = errno;
	close(fd);
	errno = error;
	return status;
}

enum pem_status
pem_open_unloaded(struct arena *arena, const char *path, struct pem **out)
{
	enum pem_status status = pem_open_text(arena, path, out);

	if (status == PEM_READ)
		with_certs(*out);
	return status;
}

enum pem_status
pem_open(struct arena *arena, const char *path, struct pem **out)
{
	enum pem_status status = pem_open_unloaded(arena, path, out);

	if (status == PEM_READ)
		with_keys(*out);
	return status;
}

static void
wipe(void *bytes, size_t size)
{
	OPENSSL_cleanse(bytes, size);
	free(bytes);
}

void
pem_close(struct pem **pem)
{
	struct pem *gone = *pem;
	size_t i;

	if (!gone)
		return;
	for (i = 0; i < gone->count; i++) {
		X509_free(gone->blocks[i].cert);
		EVP_PKEY_free(gone->blocks[i].key);
		gone->blocks[i] = (struct pem_block){ 0 };
	}
	wipe((char *)gone->bytes.ptr, gone->bytes.len);
	wipe(gone->ders, gone->bytes.len);
	gone->bytes = (struct str){ 0 };
	gone->ders = NULL;
	gone->count = 0;
	*pem = NULL;
}

const struct pem_block *
pem_first(const struct pem *pem, enum pem_kind kind)
{
	size_t i;

	for (i = 0; i < pem->count; i++)
		if (pem->blocks[i].kind == kind)
			return &pem->blocks[i];
	return NULL;
}

struct span
pem_span(const struct pem *pem, const struct pem_block *block)
{
	/* The dashes, the word and the blank, the label, the dashes. */
	size_t label = utf8_count(block->label.ptr, block->label.len);
	uint32_t width = (uint32_t)(label + strlen(PEM_BEGIN) + 5);

	return (struct span){ &pem->source, { block->line, 1 },
		{ block->line, 1 + width } };
}
