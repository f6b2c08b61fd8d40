/*
 * A finished command call as text, the way ejabberdctl prints it, and as JSON:
 * one object with the command's name, whether it went well, and what it
 * answers.
 */
#include "server/core/command.h"

#include <stdlib.h>
#include <string.h>

#include "cfgparse/base/json.h"

static size_t
column_count(const struct command *command)
{
	size_t count = 0;

	while (count < COMMAND_COLUMNS_MAX && command->columns[count])
		count++;
	return count;
}

static void
end_line(struct buf *out)
{
	if (out->len && out->data[out->len - 1] != '\n')
		buf_putc(out, '\n');
}

void
command_render_text(const struct command_call *call, struct buf *out)
{
	const struct command *command = call->command;
	size_t columns = command ? column_count(command) : 0;
	const char *cell = buf_text(&call->cells);

	if (command && command->shape == COMMAND_LIST)
		for (size_t i = 0; i < call->cell_count; i++) {
			buf_puts(out, cell);
			buf_putc(out, (i + 1) % columns ? '\t' : '\n');
			cell += strlen(cell) + 1;
		}
	buf_add(out, buf_str(&call->text));
	end_line(out);
}

static void
render_rows(const struct command_call *call, struct json_out *out)
{
	size_t columns = column_count(call->command);
	const char *cell = buf_text(&call->cells);

	json_out_array(out, "rows");
	for (size_t i = 0; i < call->cell_count; i++) {
		size_t column = i % columns;

		if (column == 0)
			json_out_object(out, NULL);
		json_out_string(out, call->command->columns[column], cell);
		if (column + 1 == columns)
			json_out_end(out);
		cell += strlen(cell) + 1;
	}
	json_out_end(out);
}

static void
render_answer(const struct command_call *call, struct json_out *out)
{
	const struct command *command = call->command;
	bool fine = call->status == COMMAND_OK;

	if (fine && command->shape == COMMAND_VALUE &&
	    command->value == COMMAND_INTEGER)
		json_out_int(
		    out, "value", strtoll(buf_text(&call->text), NULL, 10));
	else if (fine && command->shape == COMMAND_VALUE)
		json_out_text(out, "value", buf_str(&call->text));
	else if (call->text.len)
		json_out_text(out, "text", buf_str(&call->text));
	if (command && column_count(command))
		render_rows(call, out);
}

void
command_render_json(const struct command_call *call, struct buf *out)
{
	static const char *const words[] = {
		[COMMAND_OK] = "ok",
		[COMMAND_ERROR] = "error",
		[COMMAND_USAGE] = "usage",
	};
	struct json_out *json = json_out_create();
	char *text;

	json_out_object(json, NULL);
	if (call->command)
		json_out_string(json, "command", call->command->name);
	json_out_string(json, "status", words[call->status]);
	render_answer(call, json);
	json_out_end(json);
	text = json_out_take(json, 0);
	buf_puts(out, text);
	buf_putc(out, '\n');
	free(text);
	json_out_destroy(&json);
}
