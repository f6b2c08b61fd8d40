#include "cfgparse/cli.h"
/* The checkers' command line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static const struct cli_option options[] = {
	{ "--config", "FILE", "the file", 1 },
	{ "--quick", NULL, "less", 2 },
	{ 0 },
};
static const struct rule rules[] = {
	{ "T001", SEVERITY_ERROR, "title", "text" },
	{ "T002", SEVERITY_INFO, "title", "text" },
	{ 0 },
};
static const struct rule *const tables[] = { rules, NULL };
static const struct cli_program program = { "prog", "[OPTION...]", "Tests.",
	options, tables, NULL };

/* Starts a command line of up to four arguments. */
static void
start(
    struct cli *cli, const char *a, const char *b, const char *c, const char *d)
{
	static char *argv[6];
	const char *args[] = { "prog", a, b, c, d };
	int argc = 0;

	for (int i = 0; i < 5 && args[i]; i++)
		argv[argc++] = (char *)(uintptr_t)args[i];
	cli_init(cli, &program, argc, argv);
}

static void
test_own_and_shared(void **state)
{
	(void)state;
	struct cli cli;
	const char *value;

	start(&cli, "--config", "a.cfg", "--format=json", "--quick");
	assert_int_equal(cli_next(&cli, &value), 1);
	assert_string_equal(value, "a.cfg");
	assert_int_equal(cli_next(&cli, &value), 2);
	assert_null(value);
	assert_int_equal(cli_next(&cli, &value), CLI_END);
	assert_int_equal(cli.findings.format, FORMAT_JSON);

	start(&cli, "--color", "always", "--", "--quick");
	assert_int_equal(cli_next(&cli, &value), CLI_ARGUMENT);
	assert_string_equal(value, "--quick");
	assert_int_equal(cli_next(&cli, &value), CLI_END);
	assert_true(cli.findings.colour);
}

static void
wrong(const char *a, const char *b)
{
	struct cli cli;
	const char *value;

	start(&cli, a, b, NULL, NULL);
	assert_int_equal(cli_next(&cli, &value), CLI_EXIT);
	assert_int_equal(cli.status, EXIT_FAILED);
}

static void
test_wrong_usage(void **state)
{
	(void)state;
	wrong("--config", NULL);
	wrong("--quick=1", NULL);
	wrong("--nonsense", NULL);
	wrong("--format", "xml");
	wrong("--fail-on", "sometimes");
	wrong("--color", "red");
	wrong("--explain", "T999");
	wrong("--disable", "T999");
	wrong("--disable", "T001,");
	wrong("--only", "t001");
}

static void
test_rules_left_out(void **state)
{
	(void)state;
	struct cli cli;
	const char *value;

	start(&cli, "--disable", "T002,T001", NULL, NULL);
	assert_int_equal(cli_next(&cli, &value), CLI_END);
	struct findings *findings = cli_findings(&cli);
	finding_add(findings, &rules[0], NULL, "no");
	assert_int_equal(findings_shown(findings, SEVERITY_INFO), 0);
	findings_destroy(&findings);

	start(&cli, "--only", "T002", NULL, NULL);
	assert_int_equal(cli_next(&cli, &value), CLI_END);
	findings = cli_findings(&cli);
	finding_add(findings, &rules[0], NULL, "no");
	finding_add(findings, &rules[1], NULL, "yes");
	assert_int_equal(findings_shown(findings, SEVERITY_INFO), 1);
	findings_destroy(&findings);
}

static void
test_leaving(void **state)
{
	(void)state;
	struct cli cli;
	const char *value;

	start(&cli, "--explain", "T001", NULL, NULL);
	assert_int_equal(cli_next(&cli, &value), CLI_EXIT);
	assert_int_equal(cli.status, EXIT_CLEAN);
	assert_ptr_equal(rule_find(tables, "T001"), rules);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_own_and_shared),
		cmocka_unit_test(test_wrong_usage),
		cmocka_unit_test(test_rules_left_out),
		cmocka_unit_test(test_leaving),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
