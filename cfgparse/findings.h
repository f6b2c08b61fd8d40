#ifndef CFGPARSE_FINDINGS_H
#define CFGPARSE_FINDINGS_H
/*
 * The findings engine that all checkers share: what is wrong, where, and what
 * to do about it. It knows rules, places and renderings; it knows nothing of
 * configurations, certificates or DNS.
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "cfgparse/base/file.h"
#include "cfgparse/base/str.h"

enum severity { SEVERITY_INFO, SEVERITY_WARNING, SEVERITY_ERROR };

/* How comments look in a source: none that are known, Erlang's, YAML's. */
enum comment_style { COMMENTS_NONE, COMMENTS_PERCENT, COMMENTS_HASH };

/* Lines and columns from 1; columns count code points, a tab is one. */
struct pos {
	uint32_t line;
	uint32_t column;
};

/* A text that findings point into. Owned by whoever read it; must outlive
 * the rendering. text may be empty where only the name is known. */
struct source {
	const char *name; /* as the user knows it: a path, "-", a host */
	struct str text;
	/* Lines and columns of the text, see source_lines.h; NULL: they are
	 * counted anew for each question. */
	struct source_lines *lines;
};

/* begin.line 0 means the source as a whole; end is exclusive. */
struct span {
	const struct source *source; /* NULL: no place */
	struct pos begin;
	struct pos end;
};

/* One row of a rule table. Tables are const and live for ever. */
struct rule {
	const char *id; /* CFG001, CERT001, DNS001, HOST001 */
	enum severity severity;
	const char *title;	 /* a few words */
	const char *explanation; /* for --explain and docs/rules.md */
};

/* Characters of a rule's name, at most. */
enum { RULE_ID_MAX = 15 };

struct findings;
struct finding;

/* tool: its name and version for JSON and SARIF (not copied). destroy it. */
struct findings *findings_create(const char *tool);
void findings_destroy(struct findings **findings);
/* A source that lives as long as the findings; name and text are copied. */
const struct source *findings_source(
    struct findings *findings, const char *name, struct str text);
/* The same for a text that is handed over, without a copy. */
struct buf;
const struct source *findings_source_take(
    struct findings *findings, const char *name, struct buf *text);

/*
 * Adds one finding of the rule, with the rule's severity and the formatted
 * message (one sentence, no final dot). span may be NULL. What is returned is
 * owned by the findings and valid until they are destroyed, but may stand for
 * another one once the next is added: what isn't shown is not kept.
 */
struct finding *finding_add(struct findings *findings, const struct rule *rule,
    const struct span *span, const char *message, ...)
    __attribute__((format(printf, 4, 5)));
/* The same with the arguments at hand. */
struct finding *finding_add_args(struct findings *findings,
    const struct rule *rule, const struct span *span, const char *message,
    va_list args);
/* What is nothing to report: takes all that a finding takes. */
struct finding *finding_none(struct findings *findings);
/* False where it is only counted: what is said of it is lost, so it needn't be
 * found out. */
bool finding_is_kept(const struct finding *finding);
/* Overrides the rule's severity for this finding. */
void finding_severity(struct finding *finding, enum severity severity);
/* The host, record or option that it is about. Copied. */
void finding_subject(struct finding *finding, const char *subject);
/* What to do, one sentence. */
void finding_hint(struct finding *finding, const char *hint, ...)
    __attribute__((format(printf, 2, 3)));
/* A further place that explains it ("first defined here"). */
void finding_related(struct finding *finding, const struct span *span,
    const char *message, ...) __attribute__((format(printf, 3, 4)));
/* An edit that mends it: replaces the span by text. All edits of a finding
 * belong together; safe only if it can't change the meaning otherwise. */
void finding_edit(struct finding *finding, bool safe, const struct span *span,
    const char *text);

/* How many were added of at least this severity, however they are shown: what
 * a reader of a file asks to know whether it may go on. */
size_t findings_count(const struct findings *findings, enum severity least);
/* How many were added of one rule, likewise. */
size_t findings_count_of(const struct findings *findings, const char *id);
/* How many of them count for the user: neither disabled, suppressed nor in the
 * baseline. After findings_finish. */
size_t findings_shown(const struct findings *findings, enum severity least);

/* So many are kept, the others only counted: memory stays bounded, and nobody
 * reads more. */
enum { FINDINGS_KEPT_OF_RULE = 1000, FINDINGS_KEPT = 10000 };

/* Before the first finding is added: drops all of the rule, or, once one rule
 * was named as an only one, of all rules not so named. */
void findings_disable(struct findings *findings, const char *id);
void findings_only(struct findings *findings, const char *id);

/* Lets comments suppress findings (findings_suppress.c); the tables, which end
 * with NULL, say which rules there are and live as long as the findings. */
void findings_allow(
    struct findings *findings, const struct rule *const *tables);
/* What follows is about a further file that the user named and what that
 * includes: errors of one keep nobody from judging the comments of others. */
void findings_next_part(struct findings *findings);
/* The rules of the table were not tried in this run: that they found nothing
 * means nothing. */
void findings_untried(struct findings *findings, const struct rule *rules);

/* Before the first finding is added: what the file records is neither shown
 * nor counted. False where it can't be read, and why says so. */
bool findings_baseline_read(
    struct findings *findings, const char *path, char why[FILE_WHY_MAX]);
/* Writes what is shown, and what the baseline had of it, to the file, as a
 * whole or not at all; *count is how many findings that were. After
 * findings_finish. */
bool findings_baseline_write(const struct findings *findings, const char *path,
    size_t *count, char why[FILE_WHY_MAX]);

/* To be called once, when all were added and before anything is rendered. */
void findings_finish(struct findings *findings);
/* Sorts by file, then place; findings without a place come first. */
void findings_sort(struct findings *findings);

enum findings_format {
	FORMAT_TEXT,
	FORMAT_JSON,
	FORMAT_SARIF,
	FORMAT_GCC,
	FORMAT_JUNIT,
	FORMAT_GITHUB,
	FORMATS,
};

/* Exit codes that the checkers share. */
enum { EXIT_CLEAN = 0, EXIT_FINDINGS = 1, EXIT_FAILED = 2 };

/* What --format, --fail-on and --color say. */
struct findings_options {
	enum findings_format format;
	enum severity fail_on; /* default SEVERITY_ERROR */
	bool fail_never;
	bool colour;
	size_t columns; /* of the terminal, 0: not known */
};

/* Reads a value of --format or --fail-on; false where there's none such. */
bool findings_format_parse(const char *text, enum findings_format *format);
bool findings_fail_on_parse(const char *text, struct findings_options *options);

/* Writes all findings. FORMAT_TEXT: message, file:line:column, excerpt with
 * caret, hint, and a closing count line. */
void findings_render(const struct findings *findings,
    const struct findings_options *options, FILE *out);
/* EXIT_FINDINGS where one that is shown is at or above options->fail_on, or
 * EXIT_CLEAN. */
int findings_exit(
    const struct findings *findings, const struct findings_options *options);

#endif
