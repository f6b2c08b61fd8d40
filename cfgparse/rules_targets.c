#include "cfgparse/rules_targets.h"
/*
 * What the server that the file is for makes of names that not all releases
 * know: of another era, renamed, dropped.
 */
#include "cfgparse/base/arena.h"
#include "cfgparse/cfg_rules.h"
#include "cfgparse/target.h"

const struct rule target_rules[TARGET_RULE_COUNT + 1] = {
	[TARGET_DEPRECATED] = { "CFG310", SEVERITY_WARNING,
	    "deprecated or without effect",
	    "The release still reads the option, module or listener, but "
	    "rewrites it, drops it, or prefers another one. For this server, "
	    "which reads the files of all releases, this is an info." },
	[TARGET_OPTION_REMOVED] = { "CFG311", SEVERITY_ERROR, "removed option",
	    "Earlier releases knew the option; the one that the file is for "
	    "doesn't. Since 19.08 ejabberd stops at it; earlier ones, and "
	    "those that convert Erlang terms, ignore it, and this is a "
	    "warning." },
	[TARGET_OPTION_LATER] = { "CFG312", SEVERITY_ERROR,
	    "option of a later release",
	    "The option came with a later release than the one that the file "
	    "is for, which doesn't know it." },
	[TARGET_SERVICE_REMOVED] = { "CFG313", SEVERITY_ERROR,
	    "removed module or listener",
	    "Earlier releases had the module or listener; the one that the "
	    "file is for doesn't, and stops at it." },
	[TARGET_SERVICE_LATER] = { "CFG314", SEVERITY_ERROR,
	    "module or listener of a later release",
	    "The module or listener came with a later release than the one "
	    "that the file is for, which stops at it." },
	[TARGET_DIALECT] = { "CFG315", SEVERITY_ERROR,
	    "dialect that the release doesn't read",
	    "ejabberd 2.x reads Erlang terms only; YAML came with 13.10." },
};

/* What messages need of an option or a service. */
struct fact {
	const char *name;
	enum option_state state;
	const char *since;
	const char *last;
	const char *deprecated; /* or NULL */
	const char *instead;	/* or NULL */
	enum option_end end;
	bool dropped;
	bool service;
};

static bool
is_name(const char *text)
{
	return text && *text &&
	       text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_")] ==
		   '\0';
}

static void
propose(
    struct finding *finding, const struct fact *fact, const struct term *key)
{
	struct span span = term_span(key);

	if (!fact->instead) {
		if (fact->dropped)
			finding_hint(finding, "remove it");
		return;
	}
	finding_hint(finding,
	    is_name(fact->instead) ? "write %s instead" : "see %s",
	    fact->instead);
	/* Where ejabberd converts it, the value may change too. */
	if ((fact->end == END_RENAMED || fact->end == END_CONVERTED) &&
	    is_name(fact->instead) && !key->file->origin)
		finding_edit(
		    finding, fact->end == END_RENAMED, &span, fact->instead);
}

static void
report_deprecated(
    struct lint *lint, const struct fact *fact, const struct term *key)
{
	struct finding *finding;

	if (fact->dropped && fact->state == OPTION_REMOVED)
		finding = lint_report(lint, &target_rules[TARGET_DEPRECATED],
		    key, "%s has no effect any more", fact->name);
	else if (fact->deprecated)
		finding = lint_report(lint, &target_rules[TARGET_DEPRECATED],
		    key, "%s is deprecated since ejabberd %s", fact->name,
		    fact->deprecated);
	else
		finding = lint_report(lint, &target_rules[TARGET_DEPRECATED],
		    key, "%s is deprecated", fact->name);
	propose(finding, fact, key);
	finding_subject(finding, fact->name);
	if (lint->for_xmppd)
		finding_severity(finding, SEVERITY_INFO);
}

/* Before 19.08 what was once known is left out with a line in the log; when
 * Erlang terms are converted, without one. */
static bool
is_ignored(const struct lint *lint)
{
	return lint->target->release &&
	       (!target_is_strict(lint->target) || !lint->model->yaml);
}

static void
report_removed(
    struct lint *lint, const struct fact *fact, const struct term *key)
{
	enum target_rule rule =
	    fact->service ? TARGET_SERVICE_REMOVED : TARGET_OPTION_REMOVED;
	struct finding *finding = lint_report(lint, &target_rules[rule], key,
	    "%s is gone: ejabberd %s was the last that knew it", fact->name,
	    fact->last);

	propose(finding, fact, key);
	finding_subject(finding, fact->name);
	if (!fact->service && is_ignored(lint))
		finding_severity(finding, SEVERITY_WARNING);
}

static void
report_later(struct lint *lint, const struct fact *fact, const struct term *key)
{
	enum target_rule rule =
	    fact->service ? TARGET_SERVICE_LATER : TARGET_OPTION_LATER;
	struct finding *finding = lint_report(lint, &target_rules[rule], key,
	    "%s is not known yet: it came with ejabberd %s", fact->name,
	    fact->since);

	finding_subject(finding, fact->name);
	finding_hint(finding,
	    "leave it out, or check for a later release with --target");
}

static bool
judge(struct lint *lint, const struct fact *fact, const struct term *key)
{
	switch (fact->state) {
	case OPTION_VALID: return true;
	case OPTION_DEPRECATED: report_deprecated(lint, fact, key); return true;
	case OPTION_VALID_SINCE: report_later(lint, fact, key); return false;
	case OPTION_REMOVED:
		if (fact->dropped)
			report_deprecated(lint, fact, key);
		else
			report_removed(lint, fact, key);
		return false;
	case OPTION_UNKNOWN: break;
	}
	return false;
}

/* Where it is noted that the target takes a row. */
static const void **
note_of(struct lint *lint, const void *row, bool yaml)
{
	uint64_t mix = (uint64_t)(uintptr_t)row * 0x9E3779B97F4A7C15ULL;

	return &lint->taken[yaml][mix >> 32 & (LINT_TAKEN - 1)];
}

bool
target_takes_option(
    struct lint *lint, const struct option *row, const struct term *key)
{
	bool yaml = key->file->yaml;
	const void **note = note_of(lint, row, yaml);

	if (*note == row)
		return true;
	enum option_state state = option_state(row, lint->target, yaml);
	if (state == OPTION_VALID) {
		*note = row;
		return true;
	}
	return judge(lint,
	    &(struct fact){ .name = row->name,
		.state = state,
		.since = option_since(row),
		.last = option_last(row),
		.deprecated = option_deprecated(row),
		.instead = row->instead,
		.end = row->end,
		.dropped = option_is_dropped(row, yaml) },
	    key);
}

bool
target_takes_service(
    struct lint *lint, const struct service *row, const struct term *key)
{
	bool yaml = key->file->yaml;
	const void **note = note_of(lint, row, yaml);

	if (*note == row)
		return true;
	enum option_state state = service_state(row, lint->target, yaml);
	if (row->foreign &&
	    (state == OPTION_UNKNOWN || state == OPTION_VALID_SINCE)) {
		finding_subject(lint_report(lint, &cfg_rules[CFG_FOREIGN], key,
				    "%s is not part of %s%s", row->name,
				    lint->for_xmppd ? "ejabberd"
						    : target_name(lint->target),
				    lint->for_xmppd ? " and is not run" : ""),
		    row->name);
		return true;
	}
	if (state == OPTION_VALID || state == OPTION_UNKNOWN) {
		*note = row;
		return true;
	}
	return judge(lint,
	    &(struct fact){ .name = row->name,
		.state = state,
		.since = service_since(row),
		.last = service_last(row),
		.deprecated = service_deprecated(row),
		.instead = row->instead,
		.end = row->end,
		.dropped = service_is_dropped(row, yaml),
		.service = true },
	    key);
}
