#include "cfgparse/findings.h"
/*
 * Findings as JSON for programs: lines and columns from 1, columns in code
 * points, ends exclusive; a key that doesn't apply is absent.
 */
#include "cfgparse/base/json.h"
#include "cfgparse/findings_private.h"

static void
add_span(struct json_out *json, const struct span *span)
{
	if (!span->source)
		return;
	json_out_string(json, "file", span->source->name);
	if (!span->begin.line)
		return;
	json_out_int(json, "line", span->begin.line);
	json_out_int(json, "column", span->begin.column);
	if (!span->end.line)
		return;
	json_out_int(json, "end_line", span->end.line);
	json_out_int(json, "end_column", span->end.column);
}

static void
add_related(struct json_out *json, const struct related *related)
{
	if (!related)
		return;
	json_out_array(json, "related");
	for (; related; related = related->next) {
		json_out_object(json, NULL);
		add_span(json, &related->span);
		json_out_string(json, "message", related->message);
		json_out_end(json);
	}
	json_out_end(json);
}

static void
add_fix(struct json_out *json, const struct finding *finding)
{
	if (!finding->edits)
		return;
	json_out_object(json, "fix");
	json_out_bool(json, "safe", !finding->unsafe);
	json_out_array(json, "edits");
	for (const struct edit *edit = finding->edits; edit;
	     edit = edit->next) {
		json_out_object(json, NULL);
		add_span(json, &edit->span);
		json_out_string(json, "text", edit->text);
		json_out_end(json);
	}
	json_out_end(json);
	json_out_end(json);
}

static void
add_finding(struct json_out *json, const struct finding *finding,
    struct ordinals *ordinals)
{
	char print[FINGERPRINT_MAX];

	json_out_object(json, NULL);
	json_out_string(json, "rule", finding->rule->id);
	json_out_string(json, "severity", severity_name(finding->severity));
	add_span(json, &finding->span);
	json_out_string(json, "subject", finding->subject);
	json_out_string(json, "message", finding->message);
	json_out_string(json, "hint", finding->hint);
	add_related(json, finding->related);
	add_fix(json, finding);
	ordinals_count(ordinals, finding, print);
	json_out_string(json, "fingerprint", print);
	json_out_end(json);
}

static void
add_counts(struct json_out *json, const struct findings *findings)
{
	size_t errors = findings_shown(findings, SEVERITY_ERROR);
	size_t serious = findings_shown(findings, SEVERITY_WARNING);
	size_t all = findings_shown(findings, SEVERITY_INFO);

	json_out_object(json, "counts");
	json_out_int(json, "error", (int64_t)errors);
	json_out_int(json, "warning", (int64_t)(serious - errors));
	json_out_int(json, "info", (int64_t)(all - serious));
	json_out_int(json, "suppressed", (int64_t)findings->suppressed);
	json_out_int(json, "baseline", (int64_t)findings->known_before);
	json_out_int(json, "baseline_gone", (int64_t)baseline_gone(findings));
	json_out_end(json);
	/* Counted above, but not in the list. */
	json_out_object(json, "not_shown");
	for (const struct rule_state *state = findings->used; state;
	     state = state->next) {
		if (state->hidden)
			json_out_int(
			    json, state->rule->id, (int64_t)state->hidden);
	}
	json_out_end(json);
}

void
findings_json(const struct findings *findings, FILE *out)
{
	struct json_out *json = json_out_create();
	struct ordinals ordinals = { 0 };

	json_out_object(json, NULL);
	json_out_string(json, "tool", findings->tool);
	json_out_string(json, "version", XMPPD_VERSION);
	json_out_array(json, "findings");
	for (size_t i = 0; i < findings->count; i++)
		if (finding_counts(findings->items[i]))
			add_finding(json, findings->items[i], &ordinals);
	json_out_end(json);
	add_counts(json, findings);
	json_out_end(json);
	json_out_print(json, 2, out);
	putc('\n', out);
	json_out_destroy(&json);
	ordinals_fini(&ordinals);
}
