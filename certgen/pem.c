#include "certgen/pem.h"

#include "cfgparse/base/arena.h"
#include "cfgparse/base/mem.h"
#include "cfgparse/base/utf8.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char begin_mark[] = "-----BEGIN ";
static const char end_mark[] = "-----END ";

/* A walk over lines; the line's view has no end-of-line bytes. */
struct lines {
	struct str rest;
	struct str line;
	uint32_t number;
};

static bool
lines_next(struct lines *lines)
{
	const char *newline;
	size_t len = lines->rest.len, taken = len;

	if (len == 0)
		return false;
	newline = memchr(lines->rest.ptr, '\n', len);
	if (newline) {
		len = (size_t)(newline - lines->rest.ptr);
		taken = len + 1;
	}
	lines->line = (struct str){ lines->rest.ptr, len };
	lines->rest.ptr += taken;
	lines->rest.len -= taken;
	lines->number++;
	return true;
}

/* True for "-----BEGIN LABEL-----" and blanks behind it, as OpenSSL reads. */
static bool
line_label(struct str line, const char *mark, struct str *label)
{
	size_t mark_len = strlen(mark);

	while (line.len > 0 && (unsigned char)line.ptr[line.len - 1] <= ' ')
		line.len--;
	if (line.len < mark_len + 5 || memcmp(line.ptr, mark, mark_len) != 0 ||
	    memcmp(line.ptr + line.len - 5, "-----", 5) != 0)
		return false;
	*label = (struct str){ line.ptr + mark_len, line.len - mark_len - 5 };
	return true;
}

static bool
label_ends(struct str label, const char *end)
{
	size_t len = strlen(end);

	return label.len >= len &&
	       memcmp(label.ptr + label.len - len, end, len) == 0;
}

static enum pem_kind
block_kind(struct str label, struct str body)
{
	if (label_ends(label, "PRIVATE KEY")) {
		static const char head[] = "Proc-Type: 4,ENCRYPTED";

		if (str_is(label, "ENCRYPTED PRIVATE KEY") ||
		    (body.len >= sizeof(head) - 1 &&
			memcmp(body.ptr, head, sizeof(head) - 1) == 0))
			return PEM_KEY_ENCRYPTED;
		return PEM_KEY;
	}
	if (str_is(label, "CERTIFICATE") || str_is(label, "X509 CERTIFICATE") ||
	    str_is(label, "TRUSTED CERTIFICATE"))
		return PEM_CERTIFICATE;
	return PEM_OTHER;
}

/* Nobody is there to ask for a passphrase. */
static int
no_passphrase(char *out, int size, int writing, void *arg)
{
	(void)out;
	(void)size;
	(void)writing;
	(void)arg;
	return -1;
}

static void
block_decode(struct pem_block *block, struct str whole)
{
	BIO *bio;

	if (block->kind != PEM_CERTIFICATE && block->kind != PEM_KEY)
		return;
	bio = BIO_new_mem_buf(whole.ptr, (int)whole.len);
	if (!bio)
		return;
	if (block->kind == PEM_CERTIFICATE)
		block->cert = PEM_read_bio_X509(bio, NULL, no_passphrase, NULL);
	else
		block->key =
		    PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL);
	BIO_free(bio);
	ERR_clear_error();
}

/* Reads from behind a BEGIN line to the block's END, or to where the next
 * block begins without one. */
static void
block_read(struct lines *lines, struct str begin, struct str label,
    struct pem_block *b)
{
	const char *body = lines->rest.ptr;
	struct lines ahead = *lines;
	struct str other;

	b->line = lines->number;
	while (lines_next(&ahead)) {
		if (line_label(ahead.line, begin_mark, &other))
			break;
		*lines = ahead;
		if (line_label(ahead.line, end_mark, &other)) {
			b->complete = str_eq(label, other);
			break;
		}
	}
	b->kind = block_kind(
	    label, (struct str){ body, (size_t)(lines->rest.ptr - body) });
	if (b->complete)
		block_decode(b, (struct str){ begin.ptr,
				    (size_t)(lines->rest.ptr - begin.ptr) });
}

/* The text for excerpts: dashed lines as they are, the others empty. */
static struct str
text_redact(struct arena *arena, struct str bytes)
{
	struct lines lines = { .rest = bytes };
	char *text = arena_alloc(arena, bytes.len + 2);
	size_t len = 0;
	struct str label;

	while (lines_next(&lines)) {
		if (line_label(lines.line, begin_mark, &label) ||
		    line_label(lines.line, end_mark, &label)) {
			memcpy(text + len, lines.line.ptr, lines.line.len);
			len += lines.line.len;
		}
		text[len++] = '\n';
	}
	return (struct str){ text, len };
}

struct pem *
pem_parse(struct arena *arena, const char *name, struct str bytes)
{
	struct pem *pem = arena_alloc(arena, sizeof(*pem));
	struct lines lines = { .rest = bytes };
	struct str label;

	pem->source.name = arena_strdup(arena, name);
	pem->source.text = text_redact(arena, bytes);
	pem->binary = bytes.len > 1 && bytes.ptr[0] == 0x30 &&
		      ((unsigned char)bytes.ptr[1] & 0x80);
	pem->blocks = arena_array(arena, PEM_BLOCKS_MAX, sizeof(*pem->blocks));
	while (lines_next(&lines)) {
		struct pem_block *block;

		if (!line_label(lines.line, begin_mark, &label))
			continue;
		if (pem->count == PEM_BLOCKS_MAX) {
			pem->too_many = true;
			break;
		}
		block = &pem->blocks[pem->count++];
		block_read(&lines, lines.line, label, block);
		block->label = arena_str(arena, label);
	}
	return pem;
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
	size_t size = PEM_SIZE_MAX + 1;
	struct stat st;
	ssize_t got;
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
	if (got >= 0) {
		*out =
		    pem_parse(arena, path, (struct str){ bytes, (size_t)got });
		(*out)->mode = st.st_mode & 07777;
	}
	OPENSSL_cleanse(bytes, size);
	free(bytes);
	return got >= 0 ? PEM_READ : PEM_UNREADABLE;
}

enum pem_status
pem_open(struct arena *arena, const char *path, struct pem **out)
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

void
pem_close(struct pem **pem)
{
	size_t i;

	if (!*pem)
		return;
	for (i = 0; i < (*pem)->count; i++) {
		X509_free((*pem)->blocks[i].cert);
		EVP_PKEY_free((*pem)->blocks[i].key);
		(*pem)->blocks[i].cert = NULL;
		(*pem)->blocks[i].key = NULL;
	}
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
	uint32_t width = (uint32_t)(label + sizeof(begin_mark) + 4);

	return (struct span){ &pem->source, { block->line, 1 },
		{ block->line, 1 + width } };
}
