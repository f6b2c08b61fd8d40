/*
 * Many accounts from one text: "user,host,password" a line. Each line stands
 * or fails alone; only so many are under way that logins still get their turn.
 */
#include "server/core/command_private.h"

#include <stdlib.h>

#include "cfgparse/base/mem.h"
#include "server/core/account.h"
#include "server/core/node.h"
#include "server/core/shard.h"

enum { UNDER_WAY_MAX = 32, FAILURES_SHOWN = 1000 };

/* A line that failed; texts are its own. */
struct failure {
	size_t line;
	char *account;
	char *reason;
};

struct bulk {
	struct str rest; /* lines not yet begun */
	size_t line;
	unsigned under_way;
	bool feeding; /* further up the stack */
	size_t made;
	size_t failed;
	struct failure failures[FAILURES_SHOWN]; /* the first ones */
};

/* A line under way. */
struct entry {
	struct command_call *call;
	struct arena arena;
	struct jid jid;
	size_t line;
};

static void
fail(struct command_call *call, size_t line, struct str account,
    const char *reason)
{
	struct bulk *bulk = call->state;
	struct failure *failure;

	if (++bulk->failed > FAILURES_SHOWN)
		return;
	failure = &bulk->failures[bulk->failed - 1];
	failure->line = line;
	failure->account = mem_strndup(account.ptr, account.len);
	failure->reason = mem_strdup(reason);
}

static int
compare_failures(const void *a, const void *b)
{
	size_t first = ((const struct failure *)a)->line;
	size_t second = ((const struct failure *)b)->line;

	return (first > second) - (first < second);
}

static void
report_failure(struct command_call *call, struct failure *failure)
{
	struct buf number = { 0 };

	buf_printf(&number, "%zu", failure->line);
	command_cell(call, buf_str(&number));
	command_cell(call, str_of(failure->account));
	command_cell(call, str_of(failure->reason));
	buf_printf(&call->text, "line %zu: %s%s%s\n", failure->line,
	    failure->account, failure->account[0] ? ": " : "", failure->reason);
	buf_fini(&number);
	free(failure->account);
	free(failure->reason);
}

static void
finish(struct command_call *call)
{
	struct bulk *bulk = call->state;
	size_t failed = bulk->failed;
	size_t shown = failed < FAILURES_SHOWN ? failed : FAILURES_SHOWN;

	/* They end in any order; people read them in the file's. */
	qsort(bulk->failures, shown, sizeof(struct failure), compare_failures);
	for (size_t i = 0; i < shown; i++)
		report_failure(call, &bulk->failures[i]);
	if (failed > shown)
		buf_printf(&call->text, "and %zu lines more\n", failed - shown);
	buf_printf(&call->text, "%zu account%s registered, %zu line%s failed",
	    bulk->made, bulk->made == 1 ? "" : "s", failed,
	    failed == 1 ? "" : "s");
	call->state = NULL;
	free(bulk);
	command_done(call, failed ? COMMAND_ERROR : COMMAND_OK, NULL);
}

static void feed(struct command_call *call);

static void
on_registered(void *arg, enum account_result result)
{
	struct entry *entry = arg;
	struct command_call *call = entry->call;
	struct bulk *bulk = call->state;

	if (result == ACCOUNT_OK)
		bulk->made++;
	else
		fail(call, entry->line, jid_full(entry->jid),
		    account_result_text(result));
	arena_fini(&entry->arena);
	free(entry);
	bulk->under_way--;
	feed(call);
}

/* The field up to the next comma, taken off the line; false: no comma. */
static bool
take_field(struct str *line, struct str *field)
{
	const char *comma = memchr(line->ptr, ',', line->len);

	if (!comma)
		return false;
	*field = (struct str){ line->ptr, (size_t)(comma - line->ptr) };
	line->len -= field->len + 1;
	line->ptr = comma + 1;
	return true;
}

static void
begin_line(struct command_call *call, struct str line)
{
	struct bulk *bulk = call->state;
	struct entry *entry;
	struct str user, host;
	struct buf why = { 0 };

	if (!take_field(&line, &user) || !take_field(&line, &host)) {
		fail(call, bulk->line, STR(""),
		    "not of the form user,host,password");
		return;
	}
	entry = mem_alloc(1, sizeof(*entry));
	entry->call = call;
	entry->line = bulk->line;
	if (!command_jid(call, &entry->arena, user, host, &entry->jid, &why)) {
		fail(call, bulk->line, STR(""), buf_text(&why));
		arena_fini(&entry->arena);
		free(entry);
		buf_fini(&why);
		return;
	}
	bulk->under_way++;
	account_register(call->shard, entry->jid, line, on_registered, entry);
}

static struct str
next_line(struct bulk *bulk)
{
	const char *end = memchr(bulk->rest.ptr, '\n', bulk->rest.len);
	struct str line = bulk->rest;

	if (end)
		line.len = (size_t)(end - line.ptr);
	bulk->rest.ptr += line.len + (end != NULL);
	bulk->rest.len -= line.len + (end != NULL);
	bulk->line++;
	if (line.len && line.ptr[line.len - 1] == '\r')
		line.len--;
	return line;
}

/* A comment, or nothing but blanks. */
static bool
is_skipped(struct str line)
{
	size_t i = 0;

	while (i < line.len && (line.ptr[i] == ' ' || line.ptr[i] == '\t'))
		i++;
	return i == line.len || line.ptr[0] == '#';
}

/* Begins lines until enough are under way; ends the call after the last. */
static void
feed(struct command_call *call)
{
	struct bulk *bulk = call->state;

	if (bulk->feeding)
		return;
	bulk->feeding = true;
	while (bulk->rest.len && bulk->under_way < UNDER_WAY_MAX) {
		struct str line = next_line(bulk);

		if (node_is_stopping(shard_node(call->shard))) {
			fail(call, bulk->line, STR(""),
			    "the server stops; no line from here on was done");
			bulk->rest.len = 0;
		} else if (!is_skipped(line)) {
			begin_line(call, line);
		}
	}
	bulk->feeding = false;
	if (!bulk->rest.len && bulk->under_way == 0)
		finish(call);
}

void
command_register_bulk(struct command_call *call)
{
	struct bulk *bulk = mem_alloc(1, sizeof(*bulk));

	bulk->rest = call->args[0];
	call->state = bulk;
	feed(call);
}
