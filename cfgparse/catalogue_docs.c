#include "cfgparse/catalogue_private.h"
/*
 * The catalogue for people: --explain and docs/options.md.
 */
#include <string.h>

#include "cfgparse/base/arena.h"

static const char *
where(const struct option *option)
{
	if (option->scope & SCOPE_MODULE)
		return "in the module's options";
	if (option->scope & SCOPE_LISTENER)
		return "in the listener's options";
	if (!(option->scope & SCOPE_GLOBAL))
		return "in host_config";
	bool terms = option_is_per_host(option, false);
	bool yaml = option_is_per_host(option, true);
	if ((!terms && !yaml) ||
	    (!terms && option->type != TYPE_NONE && !option->yaml))
		return "at the top level";
	if (terms == yaml || option->type == TYPE_NONE || !option->yaml)
		return "at the top level or in host_config";
	return yaml ? "at the top level, or in host_config of YAML"
		    : "at the top level, or in host_config of Erlang terms";
}

static void
print_line(FILE *out, const char *label, const char *text)
{
	if (text)
		fprintf(out, "- %s: %s\n", label, text);
}

/* "2.1.9, 13.10 to 19.05": the releases that have it as it is. */
static void
print_releases(
    FILE *out, bool terms, const char *since, unsigned first, const char *last)
{
	fputs("- ejabberd: ", out);
	if (terms)
		fputs(since ? since : "2.1", out);
	if (first)
		fprintf(out, "%s%s to %s", terms ? ", " : "",
		    release_name(first == 1506 ? TARGET_OLDEST : first), last);
	fputc('\n', out);
}

static void
print_end(
    FILE *out, enum option_end end, const char *instead, const char *deprecated)
{
	switch (end) {
	case END_NONE:
	case END_RENAMED: break;
	case END_CONVERTED:
		fputs("- later: still read, with a warning\n", out);
		break;
	case END_IGNORED:
		fputs("- later: dropped, with a warning\n", out);
		break;
	}
	if (end == END_NONE || end == END_IGNORED)
		print_line(out, "deprecated since", deprecated);
	print_line(out, "instead", instead);
}

static void
print_option(FILE *out, const struct option *option)
{
	struct arena arena = { 0 };
	const char *yaml_fallback = option_fallback(option, true);

	fprintf(out, "%s\n\n", option->help);
	print_line(out, "stands", where(option));
	if (option->type != TYPE_NONE)
		print_line(out, "value in Erlang terms",
		    catalogue_expected(option, false, &arena));
	if (option->yaml)
		print_line(out, "value in YAML",
		    catalogue_expected(option, true, &arena));
	print_line(out, "default", option->fallback);
	if (option->yaml && yaml_fallback != option->fallback)
		print_line(out, "default in YAML", yaml_fallback);
	print_releases(out, option->type != TYPE_NONE, option->since,
	    option->yaml ? option->first : 0, option_last(option));
	print_end(out, option->end, option->instead, option_deprecated(option));
	print_line(out, "this server",
	    option->acts ? "acts on it" : "does not act on it yet");
	arena_fini(&arena);
}

static void
print_service(FILE *out, const struct service *service)
{
	fprintf(out, "%s\n\n", service->does);
	if (service->terms || service->first)
		print_releases(out, service->terms, service->since,
		    service->first, service_last(service));
	print_end(
	    out, service->end, service->instead, service_deprecated(service));
	print_line(out, "this server",
	    service->acts ? "runs it" : "does not run it yet");
}

static void
document_options(FILE *out, const struct option *option, const char *mark)
{
	for (; option && option->name; option++) {
		fprintf(out, "\n%s %s\n\n", mark, option->name);
		print_option(out, option);
	}
}

static void
document_services(FILE *out, const struct service *service)
{
	for (; service->name; service++) {
		if (service->foreign && !service->first)
			continue;
		fprintf(out, "\n### %s\n\n", service->name);
		print_service(out, service);
		document_options(out, service->options, "####");
	}
}

static void
document_foreign(FILE *out, const struct service *service)
{
	for (; service->name; service++) {
		if (service->foreign && !service->first)
			fprintf(out, "- %s\n", service->name);
	}
}

void
catalogue_document(FILE *out)
{
	fputs("# Options\n\nWhat a configuration can say. This page is "
	      "generated: `xmpp-cfglint --docs options`.\n`xmpp-cfglint "
	      "--explain NAME` shows one of them (`mod_ping.send_pings` for "
	      "an option of a\nmodule or listener).\n\n"
	      "## At the top level and in host_config\n",
	    out);
	for (const struct option *const *t = catalogue_top_tables; *t; t++)
		document_options(out, *t, "###");
	fputs("\n## Listeners\n\n### All listeners\n", out);
	document_options(out, catalogue_listener_common, "####");
	document_services(out, catalogue_listeners);
	fputs("\n## Modules\n", out);
	for (const struct service *const *t = catalogue_module_tables; *t; t++)
		document_services(out, *t);
	fputs("\n## From elsewhere\n\nKnown by name, so that they are not "
	      "taken for misspelt:\n\n",
	    out);
	document_foreign(out, catalogue_listeners);
	for (const struct service *const *t = catalogue_module_tables; *t; t++)
		document_foreign(out, *t);
}

static const struct service *
find_service(struct str name)
{
	const struct service *service = catalogue_listener(name);

	return service ? service : catalogue_module(name);
}

/* Lists the services of a table that have an option of the name. */
static size_t
list_owners(
    const struct service *services, const char *name, size_t found, FILE *out)
{
	for (; services->name; services++) {
		if (!catalogue_service_option(services, str_of(name)))
			continue;
		if (found++ == 0)
			fprintf(out,
			    "%s is an option of listeners or "
			    "modules; ask for one of these:\n\n",
			    name);
		fprintf(out, "- %s.%s\n", services->name, name);
	}
	return found;
}

/* An option's name without that of its listener or module. */
static bool
explain_owners(const char *name, FILE *out)
{
	size_t found = list_owners(catalogue_listeners, name, 0, out);

	for (const struct service *const *t = catalogue_module_tables; *t; t++)
		found = list_owners(*t, name, found, out);
	return found > 0;
}

static bool
explain_nearest(const char *name)
{
	struct str text = str_of(name);
	const char *near = catalogue_suggest_option(text);

	if (!near)
		near = catalogue_suggest_module(text);
	if (!near)
		near = catalogue_suggest_listener(text);
	if (near)
		fprintf(
		    stderr, "There is no %s. Did you mean %s?\n", name, near);
	return false;
}

bool
catalogue_explain(const char *name, FILE *out)
{
	const char *dot = strchr(name, '.');
	struct str owner = str_of(name);
	const struct option *option = catalogue_option(owner);
	const struct service *service;

	if (dot)
		owner.len = (size_t)(dot - name);
	service = find_service(owner);
	if (dot && service)
		option = catalogue_service_option(service, str_of(dot + 1));
	if (!option && !service && !dot && explain_owners(name, out))
		return true;
	if (!option && (dot || !service))
		return explain_nearest(name);
	fprintf(out, "%s: ", name);
	if (option)
		print_option(out, option);
	else
		print_service(out, service);
	return true;
}
