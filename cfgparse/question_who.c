#include "cfgparse/question.h"
/*
 * --who-can: the lines of a rule in the order in which they are tried, each
 * with the people it means; the first that matches decides.
 */
#include "cfgparse/base/terminal.h"

struct who {
	struct lint *lint;
	struct str host;
	struct buf text;       /* or */
	struct json_out *json; /* where that is wanted */
	size_t line;
};

/* --- one acl --- */

static void
put_entry(struct who *who, const struct policy_entry *entry)
{
	struct buf words = { 0 };

	question_words(&words, who->lint->policy, &entry->condition, who->host);
	if (who->json) {
		json_out_object(who->json, NULL);
		json_out_text(who->json, "means", buf_str(&words));
		question_place_json(
		    who->json, "at", entry->source->condition.whole);
		json_out_end(who->json);
	} else {
		buf_puts(&who->text, "     ");
		buf_add(&who->text, buf_str(&words));
		buf_puts(&who->text, "  (");
		question_place(&who->text, entry->source->condition.whole);
		buf_puts(&who->text, ")\n");
	}
	buf_fini(&words);
}

static void
put_acl(struct who *who, const struct policy_condition *condition)
{
	struct policy_entries entries = policy_entries(who->lint->policy,
	    policy_host(who->lint->policy, who->host), condition->first);
	const struct policy_entry *parts[2] = { entries.first, entries.second };

	if (who->json)
		json_out_array(who->json, "entries");
	for (size_t p = 0; p < 2; p++) {
		for (const struct policy_entry *entry = parts[p]; entry;
		     entry = entry->next)
			put_entry(who, entry);
	}
	if (who->json)
		json_out_end(who->json);
	else if (!entries.first && !entries.second)
		buf_puts(&who->text,
		    "     nobody: no acl of that name is defined\n");
}

/* --- one line --- */

static void
put_line_json(struct who *who, const struct policy_line *line)
{
	struct buf words = { 0 };

	json_out_object(who->json, NULL);
	json_out_text(who->json, "result", str_of(line->result));
	question_place_json(who->json, "at", line->source->whole);
	json_out_array(who->json, "conditions");
	for (size_t i = 0; i < line->count; i++) {
		const struct policy_condition *condition = &line->conditions[i];
		buf_clear(&words);
		question_words(&words, who->lint->policy, condition, who->host);
		json_out_object(who->json, NULL);
		json_out_text(who->json, "means", buf_str(&words));
		question_place_json(who->json, "at", condition->source->whole);
		if (condition->form == FORM_ACL)
			put_acl(who, condition);
		json_out_end(who->json);
	}
	json_out_end(who->json);
	json_out_end(who->json);
	buf_fini(&words);
}

static void
put_line(struct who *who, const struct policy_line *line)
{
	who->line++;
	if (who->json) {
		put_line_json(who, line);
		return;
	}
	buf_printf(&who->text, "%2zu. ", who->line);
	terminal_escape(&who->text, str_of(line->result));
	buf_puts(&who->text, ": ");
	for (size_t i = 0; i < line->count; i++) {
		if (i)
			buf_puts(&who->text, ", and at once ");
		question_words(&who->text, who->lint->policy,
		    &line->conditions[i], who->host);
	}
	if (!line->count)
		buf_puts(&who->text, "nobody");
	buf_puts(&who->text, "  (");
	question_place(&who->text, line->source->whole);
	buf_puts(&who->text, ")\n");
	for (size_t i = 0; i < line->count; i++) {
		if (line->conditions[i].form == FORM_ACL)
			put_acl(who, &line->conditions[i]);
	}
	if (who->line > 1)
		buf_printf(&who->text,
		    who->line == 2 ? "     but not whom line 1 matches\n"
				   : "     but not whom lines 1 to %zu match\n",
		    who->line - 1);
}

static void
put_head(struct who *who, const struct question *question, bool shaper)
{
	if (who->json) {
		json_out_object(who->json, NULL);
		json_out_string(who->json, "rule", question->rule);
		if (who->host.len)
			json_out_text(who->json, "host", who->host);
		json_out_bool(who->json, "shaper", shaper);
		json_out_array(who->json, "lines");
		return;
	}
	terminal_escape(&who->text, str_of(question->rule));
	if (who->host.len) {
		buf_puts(&who->text, " for ");
		terminal_escape(&who->text, who->host);
	}
	buf_puts(&who->text, ", the first line that matches:\n");
}

int
question_who(struct lint *lint, const struct question *question, FILE *out)
{
	struct str rule = str_of(question->rule);
	struct who who = { .lint = lint };
	bool shaper = question_is_shaper(lint, rule);

	if (!question_host(lint, question, &who.host))
		return ANSWER_UNKNOWN;
	struct policy_plan plan = policy_plan(
	    lint->policy, policy_host(lint->policy, who.host), rule, shaper);
	if (str_is(rule, "all") || str_is(rule, "none"))
		return question_refuse("%s is built in: it admits %s",
		    question->rule,
		    str_is(rule, "all") ? "everybody" : "nobody");
	if (!plan.defined)
		return question_refuse(
		    "no access rule of that name is defined, so it denies "
		    "everybody");
	if (question->json)
		who.json = json_out_create();
	put_head(&who, question, shaper);
	for (size_t p = 0; p < plan.part_count; p++) {
		for (size_t i = 0; i < plan.parts[p].count; i++)
			put_line(&who, &plan.parts[p].lines[i]);
	}
	if (who.json) {
		json_out_end(who.json);
		json_out_string(
		    who.json, "otherwise", shaper ? "none" : "deny");
		json_out_end(who.json);
		json_out_print(who.json, 2, out);
		fputc('\n', out);
		json_out_destroy(&who.json);
	} else {
		buf_printf(
		    &who.text, "  otherwise: %s\n", shaper ? "none" : "deny");
		fwrite(who.text.data, 1, who.text.len, out);
	}
	buf_fini(&who.text);
	return 0;
}
