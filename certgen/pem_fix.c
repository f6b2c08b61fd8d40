#include "certgen/pem_fix.h"

#include "certgen/pem_parts.h"
#include "certgen/pem_write.h"
#include "cfgparse/base/arena.h"
#include "cfgparse/base/terminal.h"

#include <string.h>
#include <sys/stat.h>

static const char *
harmless(struct arena *arena, const char *text)
{
	struct buf buf = { 0 };
	const char *out;

	terminal_escape(&buf, str_of(text));
	out = arena_strdup(arena, buf_text(&buf));
	buf_fini(&buf);
	return out;
}

/* A key that others can read is written anew with the rights that it needs. */
static void
note_rights(
    const char *path, const struct pem_order *order, struct pem_parts *parts)
{
	struct stat st;

	if (order->key && stat(path, &st) == 0 && (st.st_mode & 0007))
		buf_puts(&parts->notes, "takes the rights of others away\n");
}

/* Each note once, in the order in which they came. */
static void
report_notes(struct arena *arena, const struct pem_fix *fix, const char *path,
    const struct pem_parts *parts)
{
	const char *rest = buf_text(&parts->notes), *last = "";

	fprintf(fix->report, "%s: %s\n", harmless(arena, path),
	    fix->dry ? "would be mended" : "mended");
	while (*rest) {
		size_t len = strcspn(rest, "\n") + 1;

		if (strncmp(rest, last, len) != 0)
			fprintf(fix->report, "  %.*s", (int)len, rest);
		last = rest;
		rest += len;
	}
}

static bool
refuse(struct arena *arena, const struct pem_fix *fix, const char *path,
    const char *why)
{
	fprintf(
	    fix->report, "%s: left as it is: %s\n", harmless(arena, path), why);
	return false;
}

static bool
replace(struct arena *arena, const struct pem_fix *fix, const char *path,
    const struct pem_order *order, const struct pem_parts *parts)
{
	struct pem_output output = { .path = path,
		.cert = order->cert,
		.chain = order->chain,
		.chain_count = order->chain_count,
		.key = order->key,
		.replace = true };
	const char *why;

	if (!fix->dry && !pem_write(arena, &output, 1, &why))
		return refuse(arena, fix, path, why);
	report_notes(arena, fix, path, parts);
	if (!fix->dry && output.backup)
		fprintf(fix->report, "  the old one is kept as %s\n",
		    harmless(arena, output.backup));
	return true;
}

bool
pem_fix(struct arena *arena, const struct pem_fix *fix, const char *path)
{
	struct pem_parts parts = { 0 };
	struct pem_order order;
	const char *why;
	bool done = true;

	if (!pem_parts_add(arena, &parts, path, fix->passphrase, &why) ||
	    !pem_parts_arrange(
		&parts, time(NULL), fix->keep_root, &order, &why))
		done = refuse(arena, fix, path, why);
	else
		note_rights(path, &order, &parts);
	if (done && parts.notes.len > 0)
		done = replace(arena, fix, path, &order, &parts);
	pem_parts_fini(&parts);
	return done;
}
