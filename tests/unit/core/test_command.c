/* The registry's table, and how a finished call is rendered. That names and
 * arguments are ejabberdctl's is compared in tests/scenario/test_xmppctl.py. */
#include "server/core/command.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void
test_table_sorted(void **state)
{
	(void)state;
	for (const struct command *at = command_table; at[1].name; at++)
		assert_true(strcmp(at->name, at[1].name) < 0);
}

static void
test_table_complete(void **state)
{
	(void)state;
	for (const struct command *at = command_table; at->name; at++) {
		assert_non_null(at->help);
		assert_non_null(at->tag);
		assert_true(at->run != NULL);
		if (at->shape == COMMAND_LIST)
			assert_non_null(at->columns[0]);
		for (const struct command_arg *arg = at->args; arg->name; arg++)
			if (strcmp(arg->name, "password") == 0)
				assert_true(arg->secret);
	}
}

static void
test_find(void **state)
{
	(void)state;
	assert_ptr_equal(command_find(STR("register-bulk")),
	    command_find(STR("register_bulk")));
	assert_string_equal(command_find(STR("register"))->name, "register");
	assert_null(command_find(STR("regist")));
	assert_null(command_find(STR("registers")));
	assert_null(command_find(STR("")));
}

static void
assert_rendered(
    const struct command_call *call, const char *text, const char *json)
{
	struct buf out = { 0 };

	command_render_text(call, &out);
	assert_string_equal(buf_text(&out), text);
	buf_clear(&out);
	command_render_json(call, &out);
	assert_string_equal(buf_text(&out), json);
	buf_fini(&out);
}

static void
fini(struct command_call *call)
{
	buf_fini(&call->text);
	buf_fini(&call->cells);
}

static void
test_render_list(void **state)
{
	static const struct command pairs = { .name = "pairs",
		.shape = COMMAND_LIST,
		.columns = { "jid", "peer" } };
	struct command_call call = { .command = &pairs };

	(void)state;
	assert_rendered(&call, "",
	    "{\"command\": \"pairs\", \"status\": \"ok\", \"rows\": []}\n");
	command_cell(&call, STR("a@b/c"));
	command_cell(&call, STR("::1"));
	command_cell(&call, STR("d@b/\"e\""));
	command_cell(&call, STR(""));
	assert_rendered(&call, "a@b/c\t::1\nd@b/\"e\"\t\n",
	    "{\"command\": \"pairs\", \"status\": \"ok\", \"rows\": "
	    "[{\"jid\": \"a@b/c\", \"peer\": \"::1\"}, "
	    "{\"jid\": \"d@b/\\\"e\\\"\", \"peer\": \"\"}]}\n");
	fini(&call);
}

static void
test_render_value(void **state)
{
	static const struct command number = {
		.name = "n", .shape = COMMAND_VALUE, .value = COMMAND_INTEGER
	};
	struct command_call call = { .command = &number };

	(void)state;
	buf_puts(&call.text, "42");
	assert_rendered(&call, "42\n",
	    "{\"command\": \"n\", \"status\": \"ok\", \"value\": 42}\n");
	buf_clear(&call.text);
	buf_puts(&call.text, "broken");
	call.status = COMMAND_ERROR;
	assert_rendered(&call, "broken\n",
	    "{\"command\": \"n\", \"status\": \"error\", "
	    "\"text\": \"broken\"}\n");
	fini(&call);
}

static void
test_render_unknown(void **state)
{
	struct command_call call = { .status = COMMAND_USAGE };

	(void)state;
	buf_puts(&call.text, "what?\n");
	assert_rendered(&call, "what?\n",
	    "{\"status\": \"usage\", \"text\": \"what?\\n\"}\n");
	fini(&call);
}

static void
test_render_nothing(void **state)
{
	static const struct command stop = { .name = "stop",
		.shape = COMMAND_CODE };
	struct command_call call = { .command = &stop };

	(void)state;
	assert_rendered(
	    &call, "", "{\"command\": \"stop\", \"status\": \"ok\"}\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table_sorted),
		cmocka_unit_test(test_table_complete),
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_render_list),
		cmocka_unit_test(test_render_value),
		cmocka_unit_test(test_render_unknown),
		cmocka_unit_test(test_render_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
