#ifndef CFGPARSE_FINDINGS_PRIVATE_H
#define CFGPARSE_FINDINGS_PRIVATE_H
/*
 * What the renderers know of findings beyond the header: their fields.
 * Included by cfgparse/findings*.c only.
 */
#include "cfgparse/base/arena.h"
#include "cfgparse/base/map.h"
#include "cfgparse/findings.h"

struct related {
	struct span span;
	const char *message;
	struct related *next;
};

struct edit {
	struct span span;
	const char *text;
	struct edit *next;
};

struct finding {
	struct findings *owner;
	const struct rule *rule;
	enum severity severity;
	struct span span;
	const char *message;
	const char *subject; /* or NULL */
	const char *hint;    /* or NULL */
	struct related *related;
	struct related **related_end;
	size_t related_count; /* also of those over the limit */
	struct edit *edits;
	struct edit **edits_end;
	bool unsafe;	   /* one of the edits is */
	bool sink;	   /* what is said of it is not kept */
	bool known_before; /* the baseline has it */
	bool undecided;	   /* whether a comment suppresses it */
	const struct suppression *suppressed; /* or NULL: it counts */
	struct findings_part *part;	      /* that it was added in */
	size_t order;			      /* as it was added */
};

/* One file that the user named, with what it includes. */
struct findings_part {
	bool errors; /* that are shown */
};

/* What is known of a rule that had findings, or that was named. */
struct rule_state {
	const struct rule *rule; /* NULL: named only */
	struct rule_state *next; /* as they were first used */
	size_t kept;
	size_t hidden;	   /* over the limit */
	size_t suppressed; /* of those kept */
	size_t index;	   /* in SARIF's list */
	bool disabled;
	bool only;
	bool untried;
};

/* A comment's word on one rule. */
struct suppression {
	const struct rule *rule;
	const char *reason;
	struct span span; /* of the rule in the comment */
	struct span all;  /* what would be taken out; no source: unknown */
	uint32_t line;	  /* that it covers */
	bool used;
	struct suppression *next;
};

struct suppressions;

struct source_item {
	struct source source;
	char *owned; /* a text that was handed over */
	const struct findings_part *part;
	struct source_item *next;
};

enum { SEVERITIES = SEVERITY_ERROR + 1, RELATED_MAX = 20 };

struct findings {
	const char *tool;
	struct arena arena;
	struct source_item *sources; /* as they were added */
	struct source_item **sources_end;
	struct findings_part *part; /* at hand */
	struct finding **items;
	size_t count;
	size_t cap;
	struct map rules;	 /* id: struct rule_state */
	struct rule_state *used; /* those with findings */
	struct rule_state **used_end;
	bool only; /* some rules were named as the only ones */
	size_t added[SEVERITIES];
	size_t hidden[SEVERITIES]; /* of those that are shown, over the limit */
	size_t suppressed;
	struct map baseline; /* fingerprint: its entry */
	size_t known_before;
	/* Suppressions are honoured where there are tables of rules. */
	const struct rule *const *tables;
	bool knows_rules;
	struct map known;	/* their rules by name */
	struct map secrets;	/* names of macros that hold passwords */
	struct map suppressing; /* source's name: struct suppressions */
	struct suppressions *suppressions;
	/* Stand for what isn't kept: counted or not. */
	struct finding spill;
	struct finding dropped;
	struct finding nothing; /* of finding_none; isn't counted */
};

/* "error", "warning", "info". */
const char *severity_name(enum severity severity);

/* The comment that suppresses such a finding, or NULL. */
const struct suppression *suppression_find(struct findings *findings,
    const struct rule *rule, const struct span *span);
/* Adds findings about the suppressions themselves, the last of all; the parts
 * know their errors. */
void suppressions_finish(struct findings *findings);
void suppressions_fini(struct findings *findings);

/* A fingerprint as 16 digits, and an ordinal. */
enum { FINGERPRINT_MAX = 80 };

/* By rule, file and line; false where the place has no line. */
bool fingerprint_of_place(
    const struct rule *rule, const struct span *span, uint64_t *hash);
/* The same for any finding. */
uint64_t fingerprint(const struct finding *finding);

struct ordinal {
	size_t count;
};

/* Tells findings with the same fingerprint apart, by the order in which they
 * are counted. Zero-initialised is valid. */
struct ordinals {
	struct map map;
	struct arena arena;
};

/* Counts the finding; text becomes its fingerprint with its ordinal. */
void ordinals_count(struct ordinals *ordinals, const struct finding *finding,
    char text[FINGERPRINT_MAX]);
void ordinals_fini(struct ordinals *ordinals);

/* True where the baseline has one more finding of the fingerprint, which is
 * then taken. */
bool baseline_take(struct findings *findings, uint64_t fingerprint);
/* How many of the baseline did not occur, in files that were looked at. */
size_t baseline_gone(const struct findings *findings);

/* True where it counts for the user. */
bool finding_counts(const struct finding *finding);

/* How a line is shown. */
struct excerpt {
	size_t before;	/* columns before the span */
	size_t covered; /* columns of it */
	/* The rest is for excerpt_put. */
	const struct source *source;
	const struct map *secrets; /* of the findings */
	uint32_t first;		   /* byte */
	bool cut_before;
	bool cut_behind;
	size_t width;
};

/* How the line that the span begins on is shown in so many columns; false
 * where there is none. */
bool excerpt_find(const struct findings *findings, const struct span *span,
    size_t width, struct excerpt *excerpt);
/* Appends it, without a line feed. */
void excerpt_put(const struct excerpt *excerpt, struct buf *out);

/* The lines around the bytes from begin to end in which passwords are looked
 * for; *start is where they begin. */
struct str secret_window(
    const struct source *source, size_t begin, size_t end, size_t *start);
/* The span's text, as far as limit bytes, with *** for passwords; in the
 * buffer. */
struct str finding_masked(const struct findings *findings,
    const struct span *span, size_t limit, struct buf *out);
/* Takes the passwords out of what the findings say, and edits that would write
 * one; to be called once, when all were added. */
void findings_mask(struct findings *findings);

/* Says of each rule with findings over the limit how many there are, a line
 * each, between the two texts. */
void findings_put_hidden(const struct findings *findings, const char *before,
    const char *behind, struct buf *out);

void findings_text(const struct findings *findings,
    const struct findings_options *options, FILE *out);
void findings_json(const struct findings *findings, FILE *out);
void findings_sarif(const struct findings *findings, FILE *out);
void findings_gcc(const struct findings *findings, FILE *out);
void findings_junit(const struct findings *findings,
    const struct findings_options *options, FILE *out);
void findings_github(const struct findings *findings, FILE *out);

#endif
