#include "certgen/making.h"

#include "certgen/authority.h"
#include "certgen/certificate.h"
#include "certgen/config_files.h"
#include "certgen/per_host.h"
#include "certgen/validity.h"
#include "cfgparse/base/file.h"
#include "cfgparse/cfg.h"

#include <stdio.h>
#include <time.h>

void
making_start(struct making *making, const struct cli_program *program, int argc,
    char **argv)
{
	*making = (struct making){ .authority = "xmpp-ca.pem" };
	making->maker.order.kind = key_default;
	making->maker.order.days = CERT_DAYS_DEFAULT;
	cli_init(&making->cli, program, argc, argv);
}

void
making_end(struct making *making)
{
	cfg_destroy(&making->cfg);
	findings_destroy(&making->maker.findings);
	findings_destroy(&making->lint);
	arena_fini(&making->maker.arena);
}

bool
making_leave(struct making *making, int status)
{
	making->cli.status = status;
	return false;
}

/* Says what is wrong with the usage; false. */
#define REFUSE(making, ...) \
	making_leave(making, cli_usage(&(making)->cli, __VA_ARGS__))

/* --- reading --- */

static bool
read_host(struct making *making, const char *value, enum cfg_role role)
{
	return cert_hosts_add(
		   &making->maker.arena, &making->hosts, value, role) ||
	       REFUSE(making, "%s is no name of a host", value);
}

static bool
read_existing(struct making *making, enum make_existing existing)
{
	struct make_order *order = &making->maker.order;

	if (order->existing != MAKE_REFUSE && order->existing != existing)
		return REFUSE(making,
		    "--renew keeps the key and --rotate replaces it: which?");
	order->existing = existing;
	return true;
}

static bool
read_key(struct making *making, const char *value)
{
	making->key_given = true;
	return key_kind_parse(value, &making->maker.order.kind) ||
	       REFUSE(making, "--key takes one of %s", key_kinds);
}

static bool
read_days(struct making *making, const char *value)
{
	making->days_given = true;
	return validity_parse(value, time(NULL), &making->maker.order.days) ||
	       REFUSE(making,
		   "--days takes 1 to %d, public, public-2027 or public-2029",
		   CERT_DAYS_MAX);
}

static bool
read_owner(struct making *making, const char *value)
{
	return pem_owner_parse(value, &making->maker.order.owner) ||
	       REFUSE(making, "there is no such user or group: %s", value);
}

static bool
read_group(struct making *making, const char *value)
{
	return pem_group_parse(value, &making->maker.order.owner) ||
	       REFUSE(making, "there is no such group: %s", value);
}

bool
making_read(struct making *making, int id, const char *value)
{
	switch (id) {
	case MAKING_CONFIG: making->config = value; return true;
	case MAKING_HOST: return read_host(making, value, CFG_ROLE_ACCOUNTS);
	case MAKING_COMPONENT:
		return read_host(making, value, CFG_ROLE_COMPONENT);
	case MAKING_WEB_HOST: return read_host(making, value, CFG_ROLE_HTTP);
	case MAKING_WILDCARD: making->maker.order.wildcard = true; return true;
	case MAKING_PER_HOST: making->directory = value; return true;
	case MAKING_OUT: making->out = value; return true;
	case MAKING_SEPARATE: making->maker.order.separate = true; return true;
	case MAKING_OWNER: return read_owner(making, value);
	case MAKING_GROUP: return read_group(making, value);
	case MAKING_KEY: return read_key(making, value);
	case MAKING_DAYS: return read_days(making, value);
	case MAKING_RENEW: return read_existing(making, MAKE_RENEW);
	case MAKING_ROTATE: return read_existing(making, MAKE_ROTATE);
	case MAKING_IF_MISSING: making->maker.if_missing = true; return true;
	case MAKING_INSTALL: making->install.lines = true; return true;
	case MAKING_UPDATE_CONFIG: making->install.update = true; return true;
	case MAKING_DIFF: making->install.diff = true; return true;
	case MAKING_DIALECT:
		return install_dialect(value, &making->install.dialect) ||
		       REFUSE(making, "--dialect knows terms and yaml, not %s",
			   value);
	case MAKING_CA: making->authority = value; return true;
	default: return REFUSE(making, "%s isn't expected here", value);
	}
}

/* --- what goes together --- */

static bool
check_hosts(struct making *making)
{
	bool keeps_names =
	    making->out && making->maker.order.existing != MAKE_REFUSE;

	if (making->config && making->hosts.count > 0)
		return REFUSE(making,
		    "--config says itself which hosts: --host and the like "
		    "don't go with it");
	if (making->out && making->directory)
		return REFUSE(making,
		    "--per-host names the files itself: --out doesn't go with "
		    "it");
	if (!making->config && making->hosts.count == 0 && !keeps_names)
		return REFUSE(
		    making, "for which --host, or for which --config?");
	return true;
}

/* It is about one file that the configuration doesn't name yet. */
static bool
check_install(struct making *making)
{
	const struct install *install = &making->install;

	if ((install->update || install->diff) && !making->config)
		return REFUSE(making,
		    "--update-config and --diff want the --config that is to "
		    "change");
	if (!install_wanted(install))
		return true;
	if (making->directory)
		return REFUSE(making,
		    "--per-host makes many files: --install and the like "
		    "don't go with it");
	if (making->config && !making->out)
		return REFUSE(making,
		    "without --out, what is made is what the configuration "
		    "names already");
	return true;
}

bool
making_check(struct making *making)
{
	const struct maker *maker = &making->maker;

	if (!check_hosts(making) || !check_install(making))
		return false;
	if (maker->if_missing && maker->order.existing != MAKE_REFUSE)
		return REFUSE(making,
		    "--if-missing leaves existing files alone: --renew and "
		    "--rotate don't go with it");
	if (maker->order.existing == MAKE_RENEW && making->key_given)
		return REFUSE(making,
		    "--renew keeps the key, so --key can't choose one: use "
		    "--rotate");
	if (maker->order.separate && making->config && !making->directory &&
	    !making->out)
		return REFUSE(making,
		    "a configuration names one file for both: --separate "
		    "doesn't go with --config");
	return true;
}

/* The rule of names that are no host names: one that is left out would be
 * missed later. */
static const char bad_host[] = "CFG045";

/* What is wrong with the configuration otherwise is the linter's to say, as
 * long as it says for which hosts and files. */
static void
tell_errors(const struct making *making)
{
	size_t errors = findings_count(making->lint, SEVERITY_ERROR);

	if (errors)
		fprintf(stderr,
		    "xmpp-certgen: %s has %zu error%s, which xmpp-cfglint "
		    "shows; the hosts and files that it names are used all "
		    "the same\n",
		    making->config, errors, errors == 1 ? "" : "s");
}

static bool
has_hosts(struct making *making)
{
	struct maker *maker = &making->maker;

	if (making->cfg->domain_count > 0)
		return true;
	maker_fail(maker,
	    arena_printf(&maker->arena, "%s names no host", making->config));
	return making_leave(making, EXIT_FAILED);
}

bool
making_load(struct making *making)
{
	const struct cfg_load_options how = { .anyway = true };
	char why[FILE_WHY_MAX];
	int status;

	making->maker.findings = cli_findings(&making->cli);
	/* What was done goes where it doesn't get into JSON. */
	making->maker.report =
	    making->cli.findings.format == FORMAT_TEXT ? stdout : stderr;
	if (!making->config)
		return true;
	making->lint = findings_create("xmpp-certgen");
	if (cfg_load(making->config, &how, making->lint, &making->cfg) &&
	    !findings_count_of(making->lint, bad_host)) {
		tell_errors(making);
		return has_hosts(making);
	}
	status = cli_finish(&making->cli, making->lint);
	return making_leave(
	    making, file_readable(making->config, why) ? status : EXIT_FAILED);
}

/* --- making --- */

const char *
making_default_name(
    struct making *making, const struct cert_hosts *hosts, const char *ending)
{
	const struct cert_host *first = &hosts->items[0];

	return arena_printf(&making->maker.arena, "%s%s",
	    first->ascii ? first->ascii : first->name, ending);
}

void
making_groups(struct making *making, struct host_groups *groups)
{
	struct arena *arena = &making->maker.arena;

	if (making->cfg)
		host_groups_list(arena, making->cfg->domains,
		    making->cfg->domain_count, groups);
	else
		host_groups_sort(arena, &making->hosts, groups);
}

static void
make_groups(struct making *making)
{
	struct host_groups groups;

	making_groups(making, &groups);
	maker_make_groups(&making->maker, &groups, making->directory);
}

static void
install(struct making *making, const struct config_file *file)
{
	struct maker *maker = &making->maker;
	struct arena *arena = &maker->arena;
	struct config_pem pem = { .path = file->path, .hosts = &file->hosts };

	if (maker->order.separate) {
		pem.path = make_cert_path(arena, file->path);
		pem.key = make_key_path(arena, file->path);
	}
	if (!install_run(
		arena, &making->install, making->config, &pem, maker->report))
		maker->failed = true;
}

/* One file, of the hosts that are named or all of the configuration. */
static void
make_one(struct making *making)
{
	struct config_file file = { .path = making->out,
		.hosts = making->hosts };
	struct host_group all;

	if (making->cfg) {
		all = (struct host_group){ making->cfg->domains,
			making->cfg->domain_count };
		host_group_add(&making->maker.arena, &all, &file.hosts);
	}
	if (!file.path)
		file.path = making_default_name(making, &making->hosts, ".pem");
	maker_make(&making->maker, &file);
	if (!making->maker.failed && install_wanted(&making->install))
		install(making, &file);
}

int
making_finish(struct making *making)
{
	const struct maker *maker = &making->maker;
	int status = EXIT_CLEAN;

	if (making->cli.findings.format != FORMAT_TEXT ||
	    findings_count(maker->findings, SEVERITY_INFO) > 0)
		status = cli_finish(&making->cli, maker->findings);
	return maker->failed ? EXIT_FAILED : status;
}

int
making_run(struct making *making)
{
	if (making->directory)
		make_groups(making);
	else if (making->cfg && !making->out)
		maker_make_config(&making->maker, making->cfg);
	else
		make_one(making);
	return making_finish(making);
}
