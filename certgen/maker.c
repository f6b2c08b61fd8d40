#include "certgen/maker.h"

#include "certgen/config_files.h"
#include "certgen/pem_check.h"
#include "certgen/per_host.h"
#include "certgen/progress.h"
#include "certgen/rules.h"
#include "cfgparse/cfg.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

/* A report names so many hosts at most. */
enum { HOSTS_TOLD = 20, FAILURES_MAX = 20 };

static void
tell_signer(FILE *out, const struct made_pem *made)
{
	fprintf(out, "%s, ", made->key);
	if (made->signer)
		fprintf(out, "signed by \"%s\"", made->signer);
	else
		fputs("self-signed", out);
	fprintf(out, ", valid until %s\n", made->until);
}

static void
tell(struct maker *maker, const char *path, const struct made_pem *made,
    const struct cert_hosts *hosts)
{
	FILE *out = maker->report;
	size_t i;

	if (!made->key_path)
		fprintf(out, "wrote %s: ", path);
	else if (maker->order.existing == MAKE_RENEW)
		fprintf(out, "wrote %s, for the key of %s: ", made->path,
		    made->key_path);
	else
		fprintf(out, "wrote %s and %s: ", made->path, made->key_path);
	tell_signer(out, made);
	fputs(hosts->count ? "  for" : "  for the same hosts as before", out);
	for (i = 0; i < hosts->count && i < HOSTS_TOLD; i++)
		fprintf(out, "%s %s", i ? "," : "", hosts->items[i].name);
	if (i < hosts->count)
		fprintf(out, " and %zu more", hosts->count - i);
	fputc('\n', out);
	if (made->backup)
		fprintf(out, "  the old one is kept as %s\n", made->backup);
	if (made->key_backup)
		fprintf(out, "  the old key is kept as %s\n", made->key_backup);
	if (maker->order.existing == MAKE_ROTATE &&
	    (made->backup || made->key_backup))
		fprintf(out,
		    "  TLSA records and pins of the old key match no more: see "
		    "xmpp-certgen tlsa %s\n",
		    path);
}

void
maker_fail(struct maker *maker, const char *why)
{
	fflush(maker->report);
	fprintf(stderr, "xmpp-certgen: %s\n", why);
	maker->failed = true;
}

bool
maker_fits(struct maker *maker, const struct config_file *file)
{
	enum cert_names which = maker->order.wildcard ? CERT_NAMES_WILDCARD : 0;
	size_t count = cert_hosts_named(&file->hosts, which);
	struct source *source;
	struct finding *finding;
	struct span span;

	if (count <= CERT_HOSTS_MAX)
		return true;
	source = arena_alloc(&maker->arena, sizeof(*source));
	source->name = file->path;
	span = (struct span){ source };
	finding =
	    finding_add(maker->findings, &certgen_rules[CERT_TOO_MANY_HOSTS],
		file->named ? file->named : &span,
		"%s would have to be for %zu hosts, more than the %d that fit "
		"into one certificate",
		file->path, count, CERT_HOSTS_MAX);
	finding_hint(finding, "make a file for each: xmpp-certgen with "
			      "--per-host DIRECTORY");
	maker->failed = true;
	return false;
}

/* Also true where it can't be told: the judge then says why. */
static bool
is_there(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 || errno != ENOENT;
}

/* As a server will have to use it. */
static void
judge(struct maker *maker, const struct config_file *file)
{
	const struct pem_demand demand = { .hosts = file->hosts.items,
		.host_count = file->hosts.count,
		.starting = true };
	struct arena *arena = &maker->arena;

	if (maker->order.separate)
		pem_check_pair(arena, make_cert_path(arena, file->path),
		    make_key_path(arena, file->path), &demand, maker->findings);
	else
		config_file_check(arena, file, true, maker->findings);
}

/* The file whose being there means that there is nothing to make. */
static const char *
made_path(const struct maker *maker, struct arena *arena, const char *path)
{
	return maker->order.separate ? make_cert_path(arena, path) : path;
}

void
maker_make(struct maker *maker, const struct config_file *file)
{
	struct make_order order = maker->order;
	struct made_pem made;
	const char *why;
	const char *there = made_path(maker, &maker->arena, file->path);

	order.hosts = file->hosts.count ? &file->hosts : NULL;
	if (maker->if_missing && is_there(there)) {
		fprintf(maker->report, "%s is there already\n", there);
	} else if (!maker_fits(maker, file)) {
		return;
	} else if (!make_pem(&maker->arena, file->path, &order, &made, &why)) {
		maker_fail(maker, why);
		return;
	} else {
		tell(maker, file->path, &made, &file->hosts);
	}
	judge(maker, file);
}

/* A pattern stands for files that are there; the hosts that it is for are
 * told apart by their names. */
static bool
is_pattern(struct maker *maker, const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!strpbrk(path, "*?["))
		return false;
	maker_fail(maker,
	    arena_printf(&maker->arena,
		"%s stands for several files: make one a host with --per-host "
		"%.*s",
		path, slash ? (int)(slash - path) : 1, slash ? path : "."));
	return true;
}

void
maker_make_config(struct maker *maker, const struct cfg *cfg)
{
	enum make_existing existing = maker->order.existing;
	struct config_files files;
	size_t i;

	config_files_list_all(&maker->arena, cfg, &files);
	if (files.count == 0)
		fprintf(maker->report,
		    "%s names no certificate file; --per-host DIRECTORY makes "
		    "some for its hosts\n",
		    cfg->path);
	maker->if_missing = existing == MAKE_REFUSE;
	for (i = 0; i < files.count; i++) {
		if (is_pattern(maker, files.items[i].path))
			continue;
		maker->order.existing =
		    is_there(files.items[i].path) ? existing : MAKE_REFUSE;
		maker_make(maker, &files.items[i]);
	}
}

/* --- one for each host --- */

const char *
maker_path(struct arena *arena, const char *directory,
    const struct cert_host *host, const char *ending)
{
	return arena_printf(arena, "%s/%s%s", directory,
	    host->ascii ? host->ascii : host->name, ending);
}

/* What a run over groups has done. */
struct tally {
	struct progress progress;
	struct made_pem last; /* its texts are in the maker's arena */
	size_t made, left, failed;
};

static void
make_group(struct maker *maker, const struct host_group *group,
    const char *directory, struct tally *tally)
{
	struct make_order order = maker->order;
	struct config_file file = { 0 };
	struct arena arena = { 0 };
	struct made_pem made;
	const char *why;
	bool there;

	host_group_add(&arena, group, &file.hosts);
	file.path = maker_path(&arena, directory, &file.hosts.items[0], ".pem");
	order.hosts = &file.hosts;
	there = is_there(made_path(maker, &arena, file.path));
	/* A host that is new among those to renew is made. */
	if (!there)
		order.existing = MAKE_REFUSE;
	if (there && maker->if_missing) {
		tally->left++;
	} else if (make_pem(&arena, file.path, &order, &made, &why)) {
		if (tally->made++ == 0) {
			tally->last = (struct made_pem){
				.key = arena_strdup(&maker->arena, made.key),
				.until =
				    arena_strdup(&maker->arena, made.until),
				.signer =
				    arena_strdup(&maker->arena, made.signer),
			};
			file.path = arena_strdup(&maker->arena, file.path);
			judge(maker, &file);
		}
	} else {
		progress_clear(&tally->progress);
		maker_fail(maker, why);
		tally->failed++;
	}
	arena_fini(&arena);
}

static void
tell_tally(struct maker *maker, const char *directory, size_t count,
    const struct tally *tally)
{
	FILE *out = maker->report;

	fprintf(
	    out, "wrote %zu of %zu files to %s", tally->made, count, directory);
	if (tally->made) {
		fputs(": ", out);
		tell_signer(out, &tally->last);
	} else {
		fputc('\n', out);
	}
	if (tally->left)
		fprintf(out, "  %zu were there already\n", tally->left);
}

void
maker_make_groups(struct maker *maker, const struct host_groups *groups,
    const char *directory)
{
	struct tally tally = { 0 };
	size_t i;

	progress_start(&tally.progress, groups->count);
	for (i = 0; i < groups->count && tally.failed < FAILURES_MAX; i++) {
		make_group(maker, &groups->items[i], directory, &tally);
		progress_step(&tally.progress);
	}
	progress_clear(&tally.progress);
	tell_tally(maker, directory, groups->count, &tally);
	if (i < groups->count)
		maker_fail(maker, "too much went wrong: the rest isn't tried");
}
