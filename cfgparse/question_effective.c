#include "cfgparse/question.h"
/*
 * --effective: the options that hold, in the dialect of the file, so that what
 * is printed can be read again; passwords are replaced. Defaults stand in
 * comments.
 */
#include "cfgparse/base/arena.h"
#include "cfgparse/base/terminal.h"
#include "cfgparse/question_json.h"
#include "cfgparse/question_merge.h"
#include "cfgparse/secret.h"
#include "cfgparse/terms.h"
#include "cfgparse/yaml_print.h"

enum { MASK_DEPTH_MAX = 64 };

struct printer {
	struct lint *lint;
	const struct model_host *host; /* whose; NULL: all */
	bool yaml;
	struct buf text;
	struct json_out *json;
};

/* --- passwords --- */

static bool
is_secret_name(const struct term *name)
{
	return (name->kind == TERM_ATOM || name->kind == TERM_STRING) &&
	       secret_is_name(name->text);
}

/* DSN=...;PWD=... */
static bool
holds_secret(const struct term *term)
{
	size_t begin, end;

	return term->kind == TERM_STRING &&
	       secret_find(term->text, NULL, 0, &begin, &end);
}

static struct term
masked(const struct term *term)
{
	struct term copy = *term;

	copy.kind = TERM_STRING;
	copy.text = STR("***");
	return copy;
}

/* {mysql, Server, Database, User, Password}, also with the port third. */
static bool
is_database(const struct term *term)
{
	return term->kind == TERM_TUPLE && term->count > 2 &&
	       (term_is_atom(&term->items[0], "mysql") ||
		   term_is_atom(&term->items[0], "pgsql"));
}

/* A copy without passwords. */
static struct term
mask(struct lint *lint, const struct term *term, unsigned depth)
{
	struct term copy = *term;
	bool pairs = term->kind == TERM_MAP;

	if (term->kind != TERM_LIST && term->kind != TERM_TUPLE && !pairs)
		return holds_secret(term) ? masked(term) : copy;
	if (depth == MASK_DEPTH_MAX)
		return masked(term);
	bool named = term->kind == TERM_TUPLE && term->count == 2 &&
		     is_secret_name(&term->items[0]);
	copy.items = arena_array(
	    lint->arena, term->count + term->improper + 1, sizeof *copy.items);
	for (size_t i = 0; i < term->count + term->improper; i++) {
		const struct term *item = &term->items[i];
		bool secret = (named && i == 1) ||
			      (pairs && i % 2 && is_secret_name(item - 1)) ||
			      (is_database(term) && i + 1 == term->count);
		copy.items[i] =
		    secret ? masked(item) : mask(lint, item, depth + 1);
	}
	return copy;
}

static struct term
value_of(struct printer *printer, const struct model_option *option)
{
	if (is_secret_name(option->key))
		return masked(option->value);
	return mask(printer->lint, option->value, 0);
}

/* --- which settings hold --- */

static bool
accumulates(const struct printer *printer, const struct model_setting *setting)
{
	static const char *const names[] = { "acl", "access", "shaper",
		"domain_certfile", "outgoing_s2s_options", "domain_balancing",
		"domain_balancing_component_number", "s2s_host" };

	/* Rules of hosts stood beside the global ones up to 19.08. */
	if (printer->yaml && (!printer->lint->target->release ||
				 printer->lint->target->release >= 1908))
		return false;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (str_is(setting->option.name, names[i]))
			return true;
	}
	return printer->yaml &&
	       (str_is(setting->option.name, "access_rules") ||
		   str_is(setting->option.name, "shaper_rules"));
}

/* Of rules and shapers of one name the last holds. */
static bool
is_replaced(const struct printer *printer, const struct model_setting *setting)
{
	const struct model *model = printer->lint->model;
	const struct term *whole = setting->option.whole;

	if (whole->kind != TERM_TUPLE || whole->count != 3)
		return false;
	const struct term *key = &whole->items[1];
	if (key->kind == TERM_ATOM && str_is(setting->option.name, "access")) {
		const struct model_access *last =
		    model_access(model, key->text, setting->host);
		return last && last->setting != setting;
	}
	if (key->kind == TERM_ATOM && str_is(setting->option.name, "shaper")) {
		const struct model_shaper *first =
		    map_get(&model->shapers, key->text);
		return first && !setting->host && !first->last->host &&
		       first->last->key != key;
	}
	return false;
}

/* False where a later one takes its place. */
static bool
holds(const struct printer *printer, const struct model_setting *setting)
{
	const struct model_settings *all = setting->all;

	if (str_is(setting->option.name, "hosts") ||
	    str_is(setting->option.name, "host"))
		return false;
	if (!printer->yaml && accumulates(printer, setting))
		return !is_replaced(printer, setting);
	if (!setting->host)
		return all->last_global == setting;
	if (!printer->yaml && all->last_global &&
	    all->last_global->order > setting->order)
		return false;
	return setting->add ||
	       model_last(printer->lint->model, all, setting->host) ==
		   setting ||
	       printer->yaml;
}

static bool
holds_for(const void *context, const struct model_setting *setting)
{
	return holds(context, setting);
}

/* Whether the setting says what holds for the one host that is shown, and then
 * in which value; what is put together with others is shown at the top. */
static bool
is_merged(const struct printer *printer, const struct model_setting *setting,
    struct model_setting *merged)
{
	*merged = *setting;
	if (accumulates(printer, setting))
		return !setting->host;
	merged->host = NULL;
	merged->add = false;
	return question_merge(printer->lint, setting, printer->host, holds_for,
	    printer, &merged->option.value);
}

/* --- one option --- */

static void
put_json(struct printer *printer, const struct model_setting *setting)
{
	const struct model_option *option = &setting->option;
	struct term value;

	json_out_object(printer->json, NULL);
	json_out_text(printer->json, "name", option->name);
	if (setting->host)
		json_out_text(printer->json, "host", setting->host->name);
	if (setting->add)
		json_out_bool(printer->json, "adds", true);
	if (option->whole->kind == TERM_TUPLE && option->whole->count == 3)
		value = mask(printer->lint, option->whole, 0);
	else if (option->value)
		value = value_of(printer, option);
	if (option->value)
		question_json(printer->json, "value", &value);
	question_place_json(printer->json, "at", option->key);
	json_out_end(printer->json);
}

/* {Name, [Item, ...]} with a line for each item. */
static void
put_items(struct printer *printer, const struct model_option *option,
    const struct term *value)
{
	buf_putc(&printer->text, '{');
	terms_dump(&printer->text, option->key, false);
	buf_puts(&printer->text, ", [");
	for (size_t i = 0; i < value->count; i++) {
		buf_puts(&printer->text, i ? ",\n    " : "\n    ");
		terms_dump(&printer->text, &value->items[i], false);
	}
	buf_puts(&printer->text, "]}");
}

static void
put_terms(struct printer *printer, const struct model_setting *setting)
{
	const struct model_option *option = &setting->option;
	const struct term *whole = option->whole;

	if (!option->value || setting->add ||
	    (whole->kind == TERM_TUPLE && whole->count != 2)) {
		struct term copy = mask(printer->lint, whole, 0);
		terms_dump(&printer->text, &copy, false);
		return;
	}
	struct term value = value_of(printer, option);
	if (value.kind == TERM_LIST && value.count && !value.improper &&
	    !setting->host) {
		put_items(printer, option, &value);
		return;
	}
	buf_putc(&printer->text, '{');
	terms_dump(&printer->text, option->key, false);
	buf_puts(&printer->text, ", ");
	terms_dump(&printer->text, &value, false);
	buf_putc(&printer->text, '}');
}

static void
put_yaml(struct printer *printer, const struct model_setting *setting,
    unsigned indent)
{
	const struct model_option *option = &setting->option;

	for (unsigned i = 0; i < indent; i++)
		buf_putc(&printer->text, ' ');
	yaml_print_text(&printer->text, option->name, false);
	buf_putc(&printer->text, ':');
	if (!option->value) {
		buf_putc(&printer->text, '\n');
		return;
	}
	struct term value = value_of(printer, option);
	yaml_print(&printer->text, &value, indent);
}

static void
put_setting(struct printer *printer, const struct model_setting *setting)
{
	if (printer->json) {
		put_json(printer, setting);
	} else if (printer->yaml) {
		put_yaml(printer, setting, 0);
	} else {
		put_terms(printer, setting);
		buf_puts(&printer->text, ".\n");
	}
}

static void
put_shown(struct printer *printer, const struct model_setting *setting)
{
	struct model_setting merged;

	if (!printer->host) {
		put_setting(printer, setting);
	} else if (is_merged(printer, setting, &merged)) {
		put_setting(printer, &merged);
	} else if (printer->json && accumulates(printer, setting)) {
		put_setting(printer, setting);
	}
}

/* --- hosts --- */

static bool
is_shown(const struct printer *printer, const struct model_host *host)
{
	return !printer->host || printer->host == host;
}

/* Of the one host that is shown: put together with what is global. */
static bool
is_above(const struct printer *printer, const struct model_setting *setting)
{
	return printer->host && !accumulates(printer, setting);
}

static void
put_hosts(struct printer *printer)
{
	const struct model *model = printer->lint->model;
	bool first = true;

	if (printer->json)
		json_out_array(printer->json, "hosts");
	else
		buf_puts(
		    &printer->text, printer->yaml ? "hosts:\n" : "{hosts, [");
	for (size_t i = 0; i < model->host_count; i++) {
		const struct model_host *host = model->hosts[i];
		if (!host->served || !is_shown(printer, host))
			continue;
		if (printer->json) {
			json_out_text(printer->json, NULL, host->name);
		} else if (printer->yaml) {
			buf_puts(&printer->text, "  - ");
			yaml_print_text(&printer->text, host->name, false);
			buf_putc(&printer->text, '\n');
		} else {
			buf_printf(&printer->text, "%s\"%.*s\"",
			    first ? "" : ", ", STR_ARG(host->name));
		}
		first = false;
	}
	if (printer->json)
		json_out_end(printer->json);
	else if (!printer->yaml)
		buf_puts(&printer->text, "]}.\n");
}

static void
put_host_terms(struct printer *printer, const struct model_host *host)
{
	bool any = false;

	for (const struct model_setting *setting = host->first; setting;
	     setting = setting->next_of_host) {
		if (!holds(printer, setting) || is_above(printer, setting))
			continue;
		if (any)
			buf_puts(&printer->text, ",\n    ");
		else
			buf_printf(&printer->text,
			    "{host_config, \"%.*s\", [\n    ",
			    STR_ARG(host->name));
		put_terms(printer, setting);
		any = true;
	}
	if (any)
		buf_puts(&printer->text, "]}.\n");
}

/* The options of a host that add, or that don't. */
static void
put_host_yaml(struct printer *printer, const struct model_host *host, bool adds,
    bool *opened)
{
	bool any = false;

	for (const struct model_setting *setting = host->first; setting;
	     setting = setting->next_of_host) {
		if (setting->add != adds || !holds(printer, setting) ||
		    is_above(printer, setting))
			continue;
		if (!*opened)
			buf_puts(&printer->text,
			    adds ? "append_host_config:\n" : "host_config:\n");
		*opened = true;
		if (!any) {
			buf_puts(&printer->text, "  ");
			yaml_print_text(&printer->text, host->name, false);
			buf_puts(&printer->text, ":\n");
		}
		any = true;
		put_yaml(printer, setting, 4);
	}
}

static void
put_host_configs(struct printer *printer)
{
	const struct model *model = printer->lint->model;
	bool opened[2] = { false, false };

	for (unsigned adds = 0; adds < (printer->yaml ? 2 : 1); adds++) {
		for (size_t i = 0; i < model->host_count; i++) {
			const struct model_host *host = model->hosts[i];
			if (!is_shown(printer, host))
				continue;
			if (printer->yaml)
				put_host_yaml(
				    printer, host, adds, &opened[adds]);
			else
				put_host_terms(printer, host);
		}
	}
}

/* --- all of it --- */

static void
put_default(void *context, const struct option *row)
{
	struct printer *printer = context;
	bool yaml = printer->yaml;
	const char *value = option_fallback(row, yaml);

	if (!value || strcmp(row->name, "hosts") == 0 ||
	    option_kind(row, yaml) == TYPE_NONE ||
	    model_settings(printer->lint->model, row->name) ||
	    option_state(row, printer->lint->target, yaml) != OPTION_VALID)
		return;
	if (printer->json) {
		json_out_object(printer->json, NULL);
		json_out_string(printer->json, "name", row->name);
		json_out_string(printer->json, "default", value);
		json_out_end(printer->json);
	} else {
		buf_puts(&printer->text, yaml ? "# default: " : "% default: ");
		terminal_escape(&printer->text, str_of(row->name));
		buf_puts(&printer->text, ": ");
		terminal_escape(&printer->text, str_of(value));
		buf_putc(&printer->text, '\n');
	}
}

static void
put_all(struct printer *printer)
{
	const struct model *model = printer->lint->model;

	put_hosts(printer);
	if (printer->json)
		json_out_array(printer->json, "options");
	for (size_t i = 0; i < model->setting_count; i++) {
		const struct model_setting *setting = model->in_order[i];
		bool own = setting->host && (printer->json || printer->host) &&
			   is_shown(printer, setting->host);
		if ((!setting->host || own) && holds(printer, setting))
			put_shown(printer, setting);
	}
	if (!printer->json)
		put_host_configs(printer);
	catalogue_each(put_default, printer);
	if (printer->json)
		json_out_end(printer->json);
}

int
question_effective(
    struct lint *lint, const struct question *question, FILE *out)
{
	struct printer printer = { .lint = lint, .yaml = lint->model->yaml };
	struct str host;

	if (!question_host(lint, question, &host))
		return ANSWER_UNKNOWN;
	if (host.len)
		printer.host = model_host(lint->model, host);
	if (question->json) {
		printer.json = json_out_create();
		json_out_object(printer.json, NULL);
	}
	put_all(&printer);
	if (printer.json) {
		json_out_end(printer.json);
		json_out_print(printer.json, 2, out);
		fputc('\n', out);
		json_out_destroy(&printer.json);
	} else {
		fwrite(printer.text.data, 1, printer.text.len, out);
	}
	buf_fini(&printer.text);
	return 0;
}
