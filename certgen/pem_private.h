#ifndef CERTGEN_PEM_PRIVATE_H
#define CERTGEN_PEM_PRIVATE_H
/* What the reader of PEM files shares inside: lines, labels, base64. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cfgparse/base/str.h"

struct arena;
struct pem;

/* A walk over lines; the line's view has no line feed. */
struct pem_lines {
	struct str rest;
	struct str line;
	uint32_t number;
};
bool pem_lines_next(struct pem_lines *lines);

#define PEM_BEGIN "-----BEGIN "
#define PEM_END "-----END "

/* True for "-----BEGIN LABEL-----" and blanks behind it, as OpenSSL reads. */
bool pem_line_label(struct str line, const char *mark, struct str *label);

/* Decodes the base64 text, blanks and line feeds left out, to *out, which has
 * room for it. The count of bytes; 0 where it isn't base64. */
size_t pem_decode(struct str text, char *out);

/* Finds the blocks in pem->bytes and what is beside them. */
void pem_split(struct arena *arena, struct pem *pem);

#endif
