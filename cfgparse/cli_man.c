#include "cfgparse/cli.h"
/*
 * A manual page's lists in mdoc(7), as tools/make-man puts them between what
 * is written by hand: each line @PART begins one, and @option NAME an option
 * in its own. Knows no program.
 */
#include <ctype.h>
#include <string.h>

/* Text in which nothing is markup. */
static void
put_text(const char *text, FILE *out)
{
	char before = ' ';

	if (*text == '.' || *text == '\'')
		fputs("\\&", out);
	for (; *text; before = *text++) {
		if (*text == '\\')
			fputs("\\e", out);
		else if (*text == '-' && (before == '-' || text[1] == '-'))
			fputs("\\-", out);
		else
			putc(*text, out);
	}
}

static void
put_sentence(const char *text, FILE *out)
{
	char first[] = { (char)toupper((unsigned char)*text), '\0' };

	put_text(first, out);
	put_text(text + 1, out);
	fputs(".\n", out);
}

/* ADDR[@PORT] and RULE,... have parts that may be left out. */
static void
put_value(const char *value, FILE *out)
{
	fputs(" Ar ", out);
	for (; *value; value++) {
		if (strcmp(value, ",...") == 0) {
			fputs(" Ns Op , Ns Ar ...", out);
			return;
		}
		if (*value == '[' && value[1])
			fprintf(out, " Ns Op %c Ns Ar ", *++value);
		else if (*value != ']')
			putc(tolower((unsigned char)*value), out);
	}
}

static void
put_options(const struct cli_option *option, FILE *out)
{
	for (; option && option->name; option++) {
		/* A dash of the name is the macro's. */
		fprintf(out, "@option %s\n.It Fl %s", option->name,
		    option->name + 1);
		if (option->value)
			put_value(option->value, out);
		putc('\n', out);
		put_sentence(option->help, out);
	}
}

static void
put_rule(const struct rule *rule, FILE *out)
{
	static const char *const names[] = { "info", "warning", "error" };

	fprintf(out, ".It %s\n", rule->id);
	put_text(rule->title, out);
	fprintf(out, " (%s)\n", names[rule->severity]);
}

void
cli_manual(const struct cli_program *program, FILE *out)
{
	fputs("@options\n", out);
	put_options(program->options, out);
	put_options(cli_shared_options, out);
	fputs("@statuses\n", out);
	for (int i = 0; cli_statuses[i]; i++) {
		fprintf(out, ".It %d\n", i);
		put_sentence(cli_statuses[i], out);
	}
	fputs("@rules\n", out);
	for (const struct rule *const *table = program->rules; *table;
	     table++) {
		for (const struct rule *rule = *table; rule->id; rule++)
			put_rule(rule, out);
	}
}
