#include "certgen/install.h"

#include <string.h>

bool
install_dialect(const char *text, enum cfg_dialect *dialect)
{
	if (strcmp(text, "terms") == 0)
		*dialect = CFG_DIALECT_TERMS;
	else if (strcmp(text, "yaml") == 0)
		*dialect = CFG_DIALECT_YAML;
	else
		return false;
	return true;
}

bool
install_wanted(const struct install *install)
{
	return install->lines || install->update || install->diff;
}

static void
print_lines(const struct install *install, const char *config,
    const struct config_pem *pem, FILE *report)
{
	enum cfg_dialect dialect = install->dialect;

	if (dialect == CFG_DIALECT_NONE && config)
		dialect = config_update_dialect(config);
	if (dialect != CFG_DIALECT_NONE) {
		fprintf(report, "write into %s:\n\n",
		    config ? config : "the configuration");
		config_update_print(dialect, pem, report);
		return;
	}
	fputs("write into a configuration in YAML:\n\n", report);
	config_update_print(CFG_DIALECT_YAML, pem, report);
	fputs("\nor into one in Erlang terms, as of ejabberd 2.1:\n\n", report);
	config_update_print(CFG_DIALECT_TERMS, pem, report);
}

static bool
fail(FILE *report, const char *why)
{
	fflush(report);
	fprintf(stderr, "xmpp-certgen: %s\n", why);
	return false;
}

static bool
update(struct arena *arena, const struct install *install, const char *config,
    const struct config_pem *pem, FILE *report)
{
	const char *why;
	size_t count;

	switch (config_update(
	    arena, config, pem, install->diff ? report : NULL, &count, &why)) {
	case CONFIG_UPDATED:
		if (!install->diff)
			fprintf(report, "%s names %s now, in %zu place%s\n",
			    config, pem->path, count, count == 1 ? "" : "s");
		return true;
	case CONFIG_NAMES_IT:
		if (!install->diff)
			fprintf(
			    report, "%s names %s already\n", config, pem->path);
		return true;
	case CONFIG_NAMES_NOTHING:
		fprintf(report, "%s names no certificate yet; ", config);
		print_lines(install, config, pem, report);
		return true;
	case CONFIG_NOT_UPDATED: break;
	}
	return fail(report, why);
}

bool
install_run(struct arena *arena, const struct install *install,
    const char *config, const struct config_pem *pem, FILE *report)
{
	struct config_pem absolute = *pem;

	absolute.path = config_update_path(arena, pem->path);
	if (pem->key)
		absolute.key = config_update_path(arena, pem->key);
	if (!absolute.path || (pem->key && !absolute.key))
		return fail(report, "the current directory isn't known");
	if (install->lines)
		print_lines(install, config, &absolute, report);
	return !(install->update || install->diff) ||
	       update(arena, install, config, &absolute, report);
}
