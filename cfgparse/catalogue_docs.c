#include "cfgparse/catalogue_private.h"
/*
 * The catalogue for people: --explain and docs/options.md.
 */
#include <string.h>

static const struct option *const top_tables[] = { catalogue_top,
	catalogue_backends, NULL };
static const struct service *const module_tables[] = { catalogue_modules_a,
	catalogue_modules_m, catalogue_modules_r, NULL };

static const char *
where(unsigned scope)
{
	if (scope & SCOPE_MODULE)
		return "in the module's options";
	if (scope & SCOPE_LISTENER)
		return "in the listener's options";
	if (scope == SCOPE_HOST)
		return "in host_config";
	return scope & SCOPE_HOST ? "at the top level or in host_config"
				  : "at the top level";
}

static void
print_line(FILE *out, const char *label, const char *text)
{
	if (text)
		fprintf(out, "- %s: %s\n", label, text);
}

static void
print_option(FILE *out, const struct option *option)
{
	fprintf(out, "%s\n\n", option->help);
	print_line(out, "stands", where(option->scope));
	if (option->type == TYPE_CHOICE) {
		print_line(out, "value, one of", option->values);
	} else {
		print_line(out, "value", catalogue_expected(option));
		print_line(out, "or one of", option->values);
	}
	print_line(out, "default", option->fallback);
	print_line(out, "since", option->since);
	print_line(out, "later releases", option->later);
	print_line(out, "this server",
	    option->acts ? "acts on it" : "does not act on it yet");
}

static void
print_service(FILE *out, const struct service *service)
{
	fprintf(out, "%s\n\n", service->does);
	print_line(out, "since", service->since);
	print_line(out, "later releases", service->later);
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
		if (service->foreign)
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
		if (service->foreign)
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
	for (const struct option *const *t = top_tables; *t; t++)
		document_options(out, *t, "###");
	fputs("\n## Listeners\n\n### All listeners\n", out);
	document_options(out, catalogue_listener_common, "####");
	document_services(out, catalogue_listeners);
	fputs("\n## Modules\n", out);
	for (const struct service *const *t = module_tables; *t; t++)
		document_services(out, *t);
	fputs("\n## From elsewhere\n\nKnown by name, so that they are not "
	      "taken for misspelt:\n\n",
	    out);
	document_foreign(out, catalogue_listeners);
	for (const struct service *const *t = module_tables; *t; t++)
		document_foreign(out, *t);
}

static const struct service *
find_service(struct str name)
{
	const struct service *service = catalogue_listener(name);

	return service ? service : catalogue_module(name);
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
	if (!option && (dot || !service))
		return false;
	fprintf(out, "%s: ", name);
	if (option)
		print_option(out, option);
	else
		print_service(out, service);
	return true;
}
