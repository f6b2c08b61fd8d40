#include "cfgparse/cfg_checks.h"
/*
 * That there are hosts, that host_config and domain_certfile mean one of
 * them, and that the certificate files named can be read.
 */
#include "cfgparse/base/arena.h"
#include "cfgparse/base/file.h"
#include "cfgparse/base/map.h"
#include "cfgparse/cfg_rules.h"
#include "cfgparse/hostname.h"

static void
report_unserved(struct lint *lint, const struct term *at, struct str name)
{
	struct finding *finding = check_report(lint, CFG_HOST_UNSERVED, at,
	    "the host %.*s is not among the hosts", STR_ARG(name));

	finding_subject(finding, lint_text(lint, name));
}

static bool
has_items(const struct term *hosts)
{
	return hosts && (hosts->kind != TERM_LIST || hosts->count);
}

void
check_hosts(struct lint *lint)
{
	const struct model *model = lint->model;

	/* Where names are given but none is sound, that was said. */
	if (!model->served_count && !has_items(model->hosts_at) &&
	    !lint->incomplete) {
		struct finding *finding = check_report(lint, CFG_NO_HOSTS,
		    model->hosts_at, "no host is configured");
		finding_hint(finding, "add {hosts, [\"example.org\"]}.");
	}
	for (size_t i = 0; i < model->host_count; i++) {
		const struct model_host *host = model->hosts[i];

		if (!host->served && !lint->incomplete)
			report_unserved(lint, host->at, host->name);
	}
}

struct certificates {
	struct lint *lint;
	struct map seen; /* path -> term that names it first */
};

static void
check_file(
    struct certificates *files, const struct term *name, const char *subject)
{
	struct lint *lint = files->lint;
	struct str directory = lint->directory, text;
	char why[FILE_WHY_MAX];

	if (!term_text(lint->arena, name, &text) || !text.len ||
	    memchr(text.ptr, '\0', text.len))
		return; /* reported by its type */
	if (text.ptr[0] == '/')
		directory.len = 0;
	const char *path = arena_printf(
	    lint->arena, "%.*s%.*s", STR_ARG(directory), STR_ARG(text));
	if (map_put(&files->seen, str_of(path), (void *)(uintptr_t)name) ||
	    !lint->check_files || file_readable(path, why))
		return;
	struct finding *finding = check_report(lint, CFG_CERTIFICATE_UNREADABLE,
	    name, "the certificate file %s can't be read: %s", path, why);
	finding_subject(finding, subject);
	finding_hint(finding,
	    "make one with 'xmpp-certgen self-signed --config %s'", lint->path);
}

/* {domain_certfile, Host, File} */
static void
check_domain_file(
    struct certificates *files, const struct model_setting *setting)
{
	const struct term *whole = setting->option.whole;
	struct lint *lint = files->lint;
	char name[HOSTNAME_MAX + 1];
	struct str text;

	if (whole->kind != TERM_TUPLE)
		return;
	if (whole->count != 3) {
		check_report(lint, CFG_VALUE, whole,
		    "domain_certfile is written {domain_certfile, "
		    "\"HOST\", \"FILE.pem\"}");
		return;
	}
	if (!term_text(lint->arena, &whole->items[1], &text) ||
	    !hostname_prepare(text, name)) {
		check_report(lint, CFG_HOST_INVALID, &whole->items[1],
		    "%s is no host name", lint_shown(lint, &whole->items[1]));
		return;
	}
	const struct model_host *host = model_host(lint->model, str_of(name));
	if (host && host->served)
		check_file(files, &whole->items[2], name);
	else if (!lint->incomplete)
		report_unserved(lint, &whole->items[1], str_of(name));
}

void
check_certificates(struct lint *lint)
{
	const struct model_settings *all =
	    model_settings(lint->model, "domain_certfile");
	struct certificates files = { .lint = lint };

	for (size_t i = 0; i < lint->model->listener_count; i++) {
		const struct model_listener *listener =
		    &lint->model->listeners[i];
		const struct model_option *file =
		    model_option(&listener->options, "certfile");

		if (file && file->value && listener->row && listener->row->acts)
			check_file(&files, file->value, listener->row->name);
	}
	for (const struct model_setting *s = all ? all->first : NULL; s;
	     s = s->next)
		check_domain_file(&files, s);
	map_fini(&files.seen);
}
