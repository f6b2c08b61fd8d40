#include "cfgparse/findings.h"
/*
 * Findings as SARIF 2.1.0 (OASIS), one run, for code scanning services.
 */
#include <string.h>

#include "cfgparse/base/buf.h"
#include "cfgparse/base/json.h"
#include "cfgparse/findings_private.h"

static const char *
level(enum severity severity)
{
	static const char *const levels[] = { "note", "warning", "error" };

	return levels[severity];
}

static void
add_message(struct json_out *json, const char *key, const char *text)
{
	json_out_object(json, key);
	json_out_string(json, "text", text);
	json_out_end(json);
}

/* RFC 3986 section 2: everything but unreserved characters and / is
 * percent-encoded; an absolute path becomes a file URI. */
static void
add_artifact(struct json_out *json, const char *name)
{
	static const char keep[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklm"
				   "nopqrstuvwxyz0123456789-._~/";
	struct buf uri = { 0 };

	if (*name == '/')
		buf_puts(&uri, "file://");
	for (; *name; name++) {
		if (strchr(keep, *name))
			buf_putc(&uri, *name);
		else
			buf_printf(&uri, "%%%02X", (unsigned char)*name);
	}
	json_out_object(json, "artifactLocation");
	json_out_text(json, "uri", buf_str(&uri));
	json_out_end(json);
	buf_fini(&uri);
}

static void
add_region(struct json_out *json, const char *key, const struct span *span)
{
	if (!span->begin.line)
		return;
	json_out_object(json, key);
	json_out_int(json, "startLine", span->begin.line);
	json_out_int(json, "startColumn", span->begin.column);
	if (span->end.line) {
		json_out_int(json, "endLine", span->end.line);
		json_out_int(json, "endColumn", span->end.column);
	}
	json_out_end(json);
}

static void
add_location(
    struct json_out *json, const struct span *span, const char *message)
{
	json_out_object(json, NULL);
	if (span->source) {
		json_out_object(json, "physicalLocation");
		add_artifact(json, span->source->name);
		add_region(json, "region", span);
		json_out_end(json);
	}
	if (message)
		add_message(json, "message", message);
	json_out_end(json);
}

static void
add_related(struct json_out *json, const struct related *related)
{
	if (!related)
		return;
	json_out_array(json, "relatedLocations");
	for (; related; related = related->next)
		add_location(json, &related->span, related->message);
	json_out_end(json);
}

/* The edits that belong to one file; it is left out where an earlier edit
 * of the list has the same file. */
static void
add_change(
    struct json_out *json, const struct edit *all, const struct edit *first)
{
	for (const struct edit *edit = all; edit != first; edit = edit->next) {
		if (edit->span.source == first->span.source)
			return;
	}
	json_out_object(json, NULL);
	add_artifact(json, first->span.source->name);
	json_out_array(json, "replacements");
	for (const struct edit *edit = first; edit; edit = edit->next) {
		if (edit->span.source != first->span.source)
			continue;
		json_out_object(json, NULL);
		add_region(json, "deletedRegion", &edit->span);
		add_message(json, "insertedContent", edit->text);
		json_out_end(json);
	}
	json_out_end(json);
	json_out_end(json);
}

static void
add_fix(struct json_out *json, const struct finding *finding)
{
	if (!finding->edits)
		return;
	json_out_array(json, "fixes");
	json_out_object(json, NULL);
	if (finding->hint)
		add_message(json, "description", finding->hint);
	json_out_array(json, "artifactChanges");
	for (const struct edit *edit = finding->edits; edit; edit = edit->next)
		add_change(json, finding->edits, edit);
	json_out_end(json);
	json_out_end(json);
	json_out_end(json);
}

static void
add_text(struct json_out *json, const struct finding *finding)
{
	struct buf text = { 0 };

	buf_puts(&text, finding->message);
	if (finding->hint)
		buf_printf(&text, "; %s", finding->hint);
	add_message(json, "message", buf_text(&text));
	buf_fini(&text);
}

static void
add_fingerprint(struct json_out *json, const struct finding *finding,
    struct ordinals *ordinals)
{
	char print[FINGERPRINT_MAX];

	ordinals_count(ordinals, finding, print);
	json_out_object(json, "partialFingerprints");
	json_out_string(json, "ruleFileLine/v1", print);
	json_out_end(json);
}

static void
add_suppression(struct json_out *json, const struct finding *finding)
{
	if (!finding->suppressed)
		return;
	json_out_array(json, "suppressions");
	json_out_object(json, NULL);
	json_out_string(json, "kind", "inSource");
	json_out_string(json, "justification", finding->suppressed->reason);
	json_out_end(json);
	json_out_end(json);
}

static void
add_result(struct json_out *json, const struct finding *finding,
    struct ordinals *ordinals)
{
	struct rule_state *state =
	    map_get(&finding->owner->rules, str_of(finding->rule->id));

	json_out_object(json, NULL);
	json_out_string(json, "ruleId", finding->rule->id);
	json_out_int(json, "ruleIndex", (int64_t)state->index);
	json_out_string(json, "level", level(finding->severity));
	add_text(json, finding);
	if (finding->span.source) {
		json_out_array(json, "locations");
		add_location(json, &finding->span, NULL);
		json_out_end(json);
	}
	add_related(json, finding->related);
	add_fix(json, finding);
	add_fingerprint(json, finding, ordinals);
	add_suppression(json, finding);
	if (finding->subject) {
		json_out_object(json, "properties");
		json_out_string(json, "subject", finding->subject);
		json_out_end(json);
	}
	json_out_end(json);
}

/* Every rule that had a finding; their order is ruleIndex. */
static void
add_rules(struct json_out *json, const struct findings *findings)
{
	size_t index = 0;

	json_out_array(json, "rules");
	for (struct rule_state *state = findings->used; state;
	     state = state->next) {
		const struct rule *rule = state->rule;
		state->index = index++;
		json_out_object(json, NULL);
		json_out_string(json, "id", rule->id);
		add_message(json, "shortDescription", rule->title);
		add_message(json, "fullDescription", rule->explanation);
		add_message(json, "help", rule->explanation);
		json_out_object(json, "defaultConfiguration");
		json_out_string(json, "level", level(rule->severity));
		json_out_end(json);
		json_out_end(json);
	}
	json_out_end(json);
}

/* That the run came to its end, and what the results leave out. */
static void
add_invocation(struct json_out *json, const struct findings *findings)
{
	struct buf text = { 0 };

	json_out_array(json, "invocations");
	json_out_object(json, NULL);
	json_out_bool(json, "executionSuccessful", true);
	findings_put_hidden(findings, "", "", &text);
	if (text.len) {
		json_out_array(json, "toolExecutionNotifications");
		json_out_object(json, NULL);
		json_out_string(json, "level", "note");
		add_message(json, "message", buf_text(&text));
		json_out_end(json);
		json_out_end(json);
	}
	json_out_end(json);
	json_out_end(json);
	buf_fini(&text);
}

static void
add_run(struct json_out *json, const struct findings *findings)
{
	struct ordinals ordinals = { 0 };

	json_out_object(json, NULL);
	json_out_object(json, "tool");
	json_out_object(json, "driver");
	json_out_string(json, "name", findings->tool);
	json_out_string(json, "version", XMPPD_VERSION);
	add_rules(json, findings);
	json_out_end(json);
	json_out_end(json);
	add_invocation(json, findings);
	json_out_string(json, "columnKind", "unicodeCodePoints");
	json_out_array(json, "results");
	for (size_t i = 0; i < findings->count; i++) {
		if (!findings->items[i]->known_before)
			add_result(json, findings->items[i], &ordinals);
	}
	json_out_end(json);
	json_out_end(json);
	ordinals_fini(&ordinals);
}

void
findings_sarif(const struct findings *findings, FILE *out)
{
	struct json_out *json = json_out_create();

	json_out_object(json, NULL);
	json_out_string(
	    json, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
	json_out_string(json, "version", "2.1.0");
	json_out_array(json, "runs");
	add_run(json, findings);
	json_out_end(json);
	json_out_end(json);
	json_out_print(json, 2, out);
	putc('\n', out);
	json_out_destroy(&json);
}
