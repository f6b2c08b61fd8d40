#include "cfgparse/question.h"
/*
 * --access with --jid: what the server would say, and each step that leads
 * there. The policy itself evaluates; this looks on and writes it down.
 */
#include <arpa/inet.h>
#include <sys/socket.h>

#include "cfgparse/base/arena.h"
#include "cfgparse/base/terminal.h"
#include "cfgparse/cfg.h"
#include "cfgparse/hostname.h"
#include "cfgparse/prepare.h"

struct trace {
	struct lint *lint;
	struct str host;
	struct buf steps;   /* of the line at hand */
	struct buf entries; /* of the acl at hand */
	struct buf text;
	struct json_out *json; /* where that is wanted */
	bool in_line;
};

/* --- who asks --- */

static struct str
kept(struct lint *lint, const char *text, size_t len)
{
	return (struct str){ arena_memdup(lint->arena, text, len), len };
}

static bool
read_jid(struct lint *lint, const char *text, struct cfg_subject *who)
{
	char prepared[PREPARE_MAX + 1];
	const char *slash = strchr(text, '/');
	size_t bare = slash ? (size_t)(slash - text) : strlen(text);
	const char *at = memchr(text, '@', bare);
	const char *server = at ? at + 1 : text;
	size_t len;

	if (at) {
		struct str local = { text, (size_t)(at - text) };
		if (!prepare_local(local, prepared, &len))
			return false;
		who->user = kept(lint, prepared, len);
	}
	struct str domain = { server, bare - (size_t)(server - text) };
	if (!hostname_prepare(domain, prepared))
		return false;
	who->server = kept(lint, prepared, strlen(prepared));
	if (!slash)
		return true;
	if (!prepare_resource(str_of(slash + 1), prepared, &len))
		return false;
	who->resource = kept(lint, prepared, len);
	return true;
}

static bool
read_ip(const char *text, struct sockaddr_storage *out)
{
	struct sockaddr_in *v4 = (struct sockaddr_in *)out;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)out;

	*out = (struct sockaddr_storage){ 0 };
	if (inet_pton(AF_INET, text, &v4->sin_addr) == 1) {
		v4->sin_family = AF_INET;
		return true;
	}
	v6->sin6_family = AF_INET6;
	return inet_pton(AF_INET6, text, &v6->sin6_addr) == 1;
}

/* --- steps --- */

static void
open_line(struct trace *trace)
{
	if (trace->in_line)
		return;
	trace->in_line = true;
	if (trace->json) {
		json_out_object(trace->json, NULL);
		json_out_array(trace->json, "conditions");
	}
}

static void
on_condition(void *context, const struct policy_condition *condition,
    const struct policy_entry *entry, bool matched)
{
	struct trace *trace = context;
	const struct term *at =
	    entry ? entry->source->condition.whole : condition->source->whole;
	struct buf words = { 0 };

	open_line(trace);
	question_words(&words, trace->lint->policy, condition, trace->host);
	if (trace->json) {
		json_out_object(trace->json, NULL);
		json_out_text(trace->json, "means", buf_str(&words));
		json_out_bool(trace->json, "in_acl", entry != NULL);
		json_out_bool(trace->json, "matched", matched);
		question_place_json(trace->json, "at", at);
		json_out_end(trace->json);
	} else {
		struct buf *out = entry ? &trace->entries : &trace->steps;
		buf_puts(out, entry ? "    " : "  ");
		question_place(out, at);
		buf_printf(out, ": %s %s\n",
		    matched ? "matches" : "doesn't match", buf_text(&words));
	}
	/* An acl's entries were tried before it was decided. */
	if (!entry) {
		buf_add(&trace->steps, buf_str(&trace->entries));
		buf_clear(&trace->entries);
	}
	buf_fini(&words);
}

static void
on_line(void *context, const struct policy_line *line, bool matched)
{
	struct trace *trace = context;

	open_line(trace);
	trace->in_line = false;
	if (trace->json) {
		json_out_end(trace->json);
		json_out_text(trace->json, "result", str_of(line->result));
		json_out_bool(trace->json, "matched", matched);
		question_place_json(trace->json, "at", line->source->whole);
		json_out_end(trace->json);
		return;
	}
	question_place(&trace->text, line->source->whole);
	buf_puts(&trace->text, ": the line for ");
	terminal_escape(&trace->text, str_of(line->result));
	buf_puts(&trace->text, matched ? " matches\n" : " doesn't match\n");
	buf_add(&trace->text, buf_str(&trace->steps));
	buf_clear(&trace->steps);
}

/* --- the answer --- */

static const char *
verdict(const struct policy_answer *answer, bool shaper)
{
	if (answer->result)
		return answer->result;
	return shaper ? "none" : "deny";
}

static int
status_of(const struct policy_answer *answer, const char *result, bool shaper)
{
	if (answer->uncertain)
		return ANSWER_UNKNOWN;
	return shaper || strcmp(result, "allow") == 0 ? ANSWER_ALLOW
						      : ANSWER_DENY;
}

static const char *
reason(const struct policy_answer *answer)
{
	if (!answer->defined)
		return "no access rule of that name is defined";
	if (answer->result && !answer->line)
		return "the rule is built in";
	return answer->line ? "this line decides" : "no line matches";
}

static void
put_json(struct trace *trace, const struct policy_answer *answer,
    const char *result, FILE *out)
{
	json_out_end(trace->json);
	json_out_string(trace->json, "result", result);
	json_out_bool(trace->json, "certain", !answer->uncertain);
	json_out_string(trace->json, "reason", reason(answer));
	if (answer->line)
		question_place_json(
		    trace->json, "at", answer->line->source->whole);
	json_out_end(trace->json);
	json_out_print(trace->json, 2, out);
	fputc('\n', out);
	json_out_destroy(&trace->json);
}

static void
put_text(struct trace *trace, const struct policy_answer *answer,
    const char *result, FILE *out)
{
	struct buf head = { 0 };

	terminal_escape(&head, str_of(result));
	buf_printf(&head, "%s: %s", answer->uncertain ? " (not certain)" : "",
	    reason(answer));
	if (answer->line) {
		buf_puts(&head, ", ");
		question_place(&head, answer->line->source->whole);
	}
	buf_putc(&head, '\n');
	fwrite(head.data, 1, head.len, out);
	fwrite(
	    trace->text.data ? trace->text.data : "", 1, trace->text.len, out);
	if (answer->uncertain)
		fputs("a condition asks for what wasn't said (--ip, a "
		      "resource), or for a group that only a running server "
		      "knows\n",
		    out);
	buf_fini(&head);
}

int
question_access(struct lint *lint, const struct question *question, FILE *out)
{
	struct trace trace = { .lint = lint };
	struct policy_watch watch = { &trace, on_condition, on_line };
	struct str rule = str_of(question->rule);
	struct sockaddr_storage address;
	struct cfg_subject who = { 0 };
	bool shaper = question_is_shaper(lint, rule);

	if (!question_host(lint, question, &trace.host))
		return ANSWER_UNKNOWN;
	if (!read_jid(lint, question->jid, &who))
		return question_refuse("--jid: this is no address");
	if (question->ip && !read_ip(question->ip, &address))
		return question_refuse("--ip: this is no IP address");
	if (question->ip)
		who.address = (const struct sockaddr *)&address;
	/* Who logs in asks the host that the account is on. */
	if (!trace.host.len && policy_serves(lint->policy, who.server))
		trace.host = who.server;
	if (question->json) {
		trace.json = json_out_create();
		json_out_object(trace.json, NULL);
		json_out_string(trace.json, "rule", question->rule);
		json_out_string(trace.json, "jid", question->jid);
		if (trace.host.len)
			json_out_text(trace.json, "host", trace.host);
		json_out_array(trace.json, "lines");
	}
	struct policy_answer answer =
	    policy_ask(lint->policy, trace.host, rule, shaper, &who, &watch);
	const char *result = verdict(&answer, shaper);
	if (trace.json)
		put_json(&trace, &answer, result, out);
	else
		put_text(&trace, &answer, result, out);
	buf_fini(&trace.steps);
	buf_fini(&trace.entries);
	buf_fini(&trace.text);
	return status_of(&answer, result, shaper);
}
