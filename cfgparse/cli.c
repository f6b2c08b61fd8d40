#include "cfgparse/cli.h"
/*
 * Long options only, "--name value" or "--name=value"; "--" ends them.
 */
#include <stdarg.h>
#include <string.h>

enum {
	SHARED_FORMAT = -20,
	SHARED_FAIL_ON,
	SHARED_COLOUR,
	SHARED_DISABLE,
	SHARED_ONLY,
	SHARED_BASELINE,
	SHARED_WRITE_BASELINE,
	SHARED_EXPLAIN,
	SHARED_LIST_RULES,
	SHARED_HELP,
	SHARED_VERSION,
	UNKNOWN
};

const struct cli_option cli_shared_options[] = {
	{ "--format", "FORMAT",
	    "print text (default), gcc, json, sarif, junit, github",
	    SHARED_FORMAT },
	{ "--fail-on", "SEVERITY",
	    "exit with 1 from error (default), warning or info on, or never",
	    SHARED_FAIL_ON },
	{ "--color", "WHEN", "use colours: auto (default), always or never",
	    SHARED_COLOUR },
	{ "--disable", "RULE,...", "leave out what these rules find",
	    SHARED_DISABLE },
	{ "--only", "RULE,...", "leave out what other rules find",
	    SHARED_ONLY },
	{ "--baseline", "FILE", "leave out the findings recorded there",
	    SHARED_BASELINE },
	{ "--write-baseline", "FILE", "record the findings instead of showing",
	    SHARED_WRITE_BASELINE },
	{ "--explain", "NAME", "say what a rule or an option is about",
	    SHARED_EXPLAIN },
	{ "--list-rules", NULL, "list the rules and leave", SHARED_LIST_RULES },
	{ "--help", NULL, "print this and leave", SHARED_HELP },
	{ "--version", NULL, "print the version and leave", SHARED_VERSION },
	{ 0 },
};

/* Indexed by status. */
const char *const cli_statuses[] = { "nothing at or above --fail-on",
	"findings", "it could not be done", NULL };

void
cli_init(
    struct cli *cli, const struct cli_program *program, int argc, char **argv)
{
	*cli = (struct cli){ .program = program,
		.argc = argc,
		.argv = argv,
		.next = 1,
		.findings = { .fail_on = SEVERITY_ERROR } };
}

int
cli_usage(const struct cli *cli, const char *message, ...)
{
	va_list args;

	fprintf(stderr, "%s: ", cli->program->name);
	va_start(args, message);
	vfprintf(stderr, message, args);
	va_end(args);
	fprintf(stderr, "\nTry '%s --help'.\n", cli->program->name);
	return EXIT_FAILED;
}

static void
print_options(const struct cli_option *option)
{
	for (; option && option->name; option++) {
		char left[40];
		snprintf(left, sizeof left, "%s%s%s", option->name,
		    option->value ? " " : "",
		    option->value ? option->value : "");
		printf("  %-24s %s\n", left, option->help);
	}
}

static void
print_help(const struct cli_program *program)
{
	printf("usage: %s %s\n%s\n\n", program->name, program->usage,
	    program->about);
	print_options(program->options);
	print_options(cli_shared_options);
	printf("\nExit status:");
	for (int i = 0; cli_statuses[i]; i++)
		printf("%s %d %s", i ? "," : "", i, cli_statuses[i]);
	printf(".\n");
}

static bool
explain(const struct cli_program *program, const char *name)
{
	const struct rule *rule = rule_find(program->rules, name);

	if (rule)
		rule_explain(rule, stdout);
	return rule || (program->explain && program->explain(name, stdout));
}

static const struct cli_option *
find_option(const struct cli_option *option, struct str name)
{
	for (; option && option->name; option++) {
		if (str_is(name, option->name))
			return option;
	}
	return NULL;
}

/* Takes the next name off a list with commas; false at its end. */
static bool
next_name(struct str *list, struct str *name)
{
	const char *comma =
	    list->len ? memchr(list->ptr, ',', list->len) : NULL;

	if (!list->ptr)
		return false;
	*name = *list;
	if (!comma) {
		*list = (struct str){ 0 };
		return true;
	}
	name->len = (size_t)(comma - list->ptr);
	list->ptr = comma + 1;
	list->len -= name->len + 1;
	return true;
}

/* Every name of the list has to be a rule's. */
static bool
take_rules(struct cli *cli, const struct cli_option *option,
    struct cli_list *list, const char *value)
{
	struct str rest = str_of(value), name;

	while (next_name(&rest, &name)) {
		const char *best;
		if (rule_named(cli->program->rules, name, &best))
			continue;
		cli->status = cli_usage(cli,
		    "%s: there is no rule \"%.*s\"%s%s", option->name,
		    STR_ARG(name), best ? ", only " : "", best ? best : "");
		return false;
	}
	if (list->count == sizeof list->values / sizeof *list->values) {
		cli->status =
		    cli_usage(cli, "%s can't be given more than %zu times",
			option->name, list->count);
		return false;
	}
	list->values[list->count++] = value;
	return true;
}

static int
leave(struct cli *cli, int status)
{
	cli->status = status;
	return CLI_EXIT;
}

static int
refuse_value(
    struct cli *cli, const struct cli_option *option, const char *value)
{
	return leave(cli, cli_usage(cli, "%s knows no \"%s\" (%s)",
			      option->name, value, option->help));
}

/* CLI_END: taken, go on. */
static int
take_shared(struct cli *cli, const struct cli_option *option, const char *value)
{
	const struct cli_program *program = cli->program;

	switch (option->id) {
	case SHARED_FORMAT:
		if (!findings_format_parse(value, &cli->findings.format))
			return refuse_value(cli, option, value);
		return CLI_END;
	case SHARED_FAIL_ON:
		if (!findings_fail_on_parse(value, &cli->findings))
			return refuse_value(cli, option, value);
		return CLI_END;
	case SHARED_COLOUR:
		if (!colour_choice_parse(value, &cli->colour))
			return refuse_value(cli, option, value);
		return CLI_END;
	case SHARED_DISABLE:
		return take_rules(cli, option, &cli->disable, value) ? CLI_END
								     : CLI_EXIT;
	case SHARED_ONLY:
		return take_rules(cli, option, &cli->only, value) ? CLI_END
								  : CLI_EXIT;
	case SHARED_BASELINE: cli->baseline = value; return CLI_END;
	case SHARED_WRITE_BASELINE: cli->write_baseline = value; return CLI_END;
	case SHARED_LIST_RULES:
		rules_list(program->rules, stdout);
		return leave(cli, EXIT_CLEAN);
	case SHARED_EXPLAIN:
		if (explain(program, value))
			return leave(cli, EXIT_CLEAN);
		return leave(
		    cli, cli_usage(cli, "nothing is known of \"%s\"", value));
	case SHARED_HELP: print_help(program); return leave(cli, EXIT_CLEAN);
	default:
		printf("%s " XMPPD_VERSION "\n", program->name);
		return leave(cli, EXIT_CLEAN);
	}
}

/* Finds the option that argument names and its value. */
static const struct cli_option *
read_option(struct cli *cli, const char *argument, const char **value)
{
	const char *equals = strchr(argument, '=');
	struct str name = str_of(argument);

	if (equals)
		name.len = (size_t)(equals - argument);
	const struct cli_option *option =
	    find_option(cli->program->options, name);
	if (!option)
		option = find_option(cli_shared_options, name);
	if (!option) {
		cli->status =
		    cli_usage(cli, "unknown option %.*s", STR_ARG(name));
		return NULL;
	}
	*value = equals ? equals + 1 : NULL;
	if (option->value && !equals && cli->next < cli->argc)
		*value = cli->argv[cli->next++];
	if (option->value && !*value) {
		cli->status = cli_usage(
		    cli, "%s needs a %s", option->name, option->value);
		return NULL;
	}
	if (!option->value && equals) {
		cli->status = cli_usage(cli, "%s takes no value", option->name);
		return NULL;
	}
	return option;
}

/* Reads the baseline, or says that it can't be. */
static bool
read_baseline(const struct cli *cli, struct findings *findings)
{
	char why[FILE_WHY_MAX];

	if (!cli->baseline ||
	    findings_baseline_read(findings, cli->baseline, why))
		return true;
	fprintf(stderr, "%s: the baseline %s can't be read: %s\n",
	    cli->program->name, cli->baseline, why);
	return false;
}

/* What can be said only once all options are there. */
static int
end(struct cli *cli)
{
	struct findings *trial = findings_create(cli->program->name);
	bool readable = read_baseline(cli, trial);

	findings_destroy(&trial);
	if (!readable)
		return leave(cli, EXIT_FAILED);
	cli->findings.colour = colour_wanted(cli->colour, stdout);
	cli->findings.columns = terminal_columns(stdout);
	return CLI_END;
}

int
cli_next(struct cli *cli, const char **value)
{
	*value = NULL;
	while (cli->next < cli->argc) {
		const char *argument = cli->argv[cli->next++];
		if (cli->only_arguments || *argument != '-' || !argument[1]) {
			*value = argument;
			return CLI_ARGUMENT;
		}
		if (strcmp(argument, "--") == 0) {
			cli->only_arguments = true;
			continue;
		}
		const struct cli_option *option =
		    read_option(cli, argument, value);
		if (!option)
			return CLI_EXIT;
		if (option->id > 0)
			return option->id;
		int taken = take_shared(cli, option, *value);
		if (taken != CLI_END)
			return taken;
		*value = NULL;
	}
	return end(cli);
}

static void
name_rules(const struct cli_list *list, struct findings *findings,
    void (*fn)(struct findings *findings, const char *id))
{
	char id[RULE_ID_MAX + 1];

	for (size_t i = 0; i < list->count; i++) {
		struct str rest = str_of(list->values[i]), name;
		while (next_name(&rest, &name)) {
			snprintf(id, sizeof id, "%.*s", STR_ARG(name));
			fn(findings, id);
		}
	}
}

struct findings *
cli_findings(const struct cli *cli)
{
	struct findings *findings = findings_create(cli->program->name);

	findings_allow(findings, cli->program->rules);
	name_rules(&cli->disable, findings, findings_disable);
	name_rules(&cli->only, findings, findings_only);
	read_baseline(cli, findings);
	return findings;
}

static int
write_baseline(const struct cli *cli, const struct findings *findings)
{
	const char *name = cli->program->name, *path = cli->write_baseline;
	char why[FILE_WHY_MAX];
	size_t count;

	if (findings_baseline_write(findings, path, &count, why)) {
		fprintf(stderr, "%s: %zu finding%s recorded in %s\n", name,
		    count, count == 1 ? "" : "s", path);
		return EXIT_CLEAN;
	}
	fprintf(stderr, "%s: the baseline %s can't be written: %s\n", name,
	    path, why);
	return EXIT_FAILED;
}

int
cli_finish(const struct cli *cli, struct findings *findings)
{
	findings_finish(findings);
	if (cli->write_baseline)
		return write_baseline(cli, findings);
	findings_sort(findings);
	findings_render(findings, &cli->findings, stdout);
	return findings_exit(findings, &cli->findings);
}

int
cli_close(const char *program, int status)
{
	bool failed = ferror(stdout);

	/* Full discs and lost connections show at the end only. */
	if (fclose(stdout) == 0 && !failed)
		return status;
	fprintf(stderr, "%s: the output could not be written\n", program);
	return EXIT_FAILED;
}
