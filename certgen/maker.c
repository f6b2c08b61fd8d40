#include "certgen/maker.h"

#include "certgen/config_files.h"
#include "cfgparse/cfg.h"

#include <errno.h>
#include <sys/stat.h>

static void
tell(struct maker *maker, const char *path, const struct made_pem *made,
    const struct cert_hosts *hosts)
{
	FILE *out = maker->report;
	size_t i;

	fprintf(out, "wrote %s: %s, self-signed, valid until %s\n  for", path,
	    made->key, made->until);
	for (i = 0; i < hosts->count; i++)
		fprintf(out, "%s %s", i ? "," : "", hosts->items[i].name);
	fputc('\n', out);
	if (made->backup)
		fprintf(out, "  the old one is kept as %s\n", made->backup);
}

static void
fail(struct maker *maker, const char *why)
{
	fflush(maker->report);
	fprintf(stderr, "xmpp-certgen: %s\n", why);
	maker->failed = true;
}

/* Also true where it can't be told: the judge then says why. */
static bool
is_there(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 || errno != ENOENT;
}

void
maker_make(struct maker *maker, const struct config_file *file)
{
	struct make_order order = maker->order;
	struct made_pem made;
	const char *why;

	order.hosts = &file->hosts;
	if (maker->if_missing && is_there(file->path)) {
		fprintf(maker->report, "%s is there already\n", file->path);
	} else if (file->hosts.count > CERT_HOSTS_MAX) {
		fail(maker,
		    arena_printf(&maker->arena,
			"%s would need more than the %d hosts that fit into "
			"one certificate: give some a domain_certfile of their "
			"own",
			file->path, CERT_HOSTS_MAX));
		return;
	} else if (!make_pem(&maker->arena, file->path, &order, &made, &why)) {
		fail(maker, why);
		return;
	} else {
		tell(maker, file->path, &made, &file->hosts);
	}
	config_file_check(&maker->arena, file, true, maker->findings);
}

void
maker_make_config(struct maker *maker, const struct cfg *cfg)
{
	enum make_existing existing = maker->order.existing;
	struct config_files files;
	size_t i;

	config_files_list(&maker->arena, cfg, &files);
	if (files.count == 0)
		fprintf(
		    maker->report, "%s names no certificate file\n", cfg->path);
	maker->if_missing = existing == MAKE_REFUSE;
	for (i = 0; i < files.count; i++) {
		maker->order.existing =
		    is_there(files.items[i].path) ? existing : MAKE_REFUSE;
		maker_make(maker, &files.items[i]);
	}
}
