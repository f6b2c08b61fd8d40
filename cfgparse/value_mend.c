#include "cfgparse/value_mend.h"
/*
 * Each way of writing it is tried on the catalogue's own checks, so that this
 * knows no type.
 */
#include <string.h>
#include <strings.h>

#include "cfgparse/base/arena.h"
#include "cfgparse/lint_edit.h"

static struct str
as_bool(struct str text)
{
	static const char *const words[][2] = { { "yes", "true" },
		{ "on", "true" }, { "true", "true" }, { "no", "false" },
		{ "off", "false" }, { "false", "false" } };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (text.len == strlen(words[i][0]) &&
		    strncasecmp(text.ptr, words[i][0], text.len) == 0)
			return str_of(words[i][1]);
	}
	return (struct str){ 0 };
}

static bool
is_number(struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] < '0' || text.ptr[i] > '9')
			return false;
	}
	return text.len > 0 && text.len < 10;
}

static bool
is_word(struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		bool letter = c >= 'a' && c <= 'z';
		bool other = (c >= '0' && c <= '9') || c == '_';
		if (!letter && !(other && i))
			return false;
	}
	return text.len > 0;
}

static bool
is_plain(struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];
		if (c < ' ' || c >= 0x7F || strchr("\"\\", c))
			return false;
	}
	return text.len > 0;
}

/* Would the value do with the term in the place of what doesn't fit? */
static bool
fits(struct lint *lint, const struct option *row,
    const struct model_option *option, const struct mismatch *mismatch,
    const struct term *candidate)
{
	struct term *at = (struct term *)(uintptr_t)mismatch->at;
	struct term before = *at;
	struct mismatch other = { 0 };

	*at = *candidate;
	bool good = catalogue_check(
	    row, lint->target, option->value, lint->arena, &other);
	*at = before;
	/* What is wrong behind it is another matter. */
	return good || (other.at != mismatch->at && other.at &&
			   other.at->begin > before.begin &&
			   other.at->file == before.file);
}

void
value_mend(struct lint *lint, const struct option *row,
    const struct model_option *option, const struct mismatch *mismatch,
    struct finding *finding)
{
	const struct term *at = mismatch->at;

	if (!at || !finding_is_kept(finding) ||
	    (at->kind != TERM_ATOM && at->kind != TERM_STRING &&
		at->kind != TERM_INTEGER))
		return;
	struct str text = at->text, truth = as_bool(text);
	struct {
		enum term_kind kind;
		struct str text;
		bool good;
		bool quotes;
	} ways[] = {
		{ TERM_ATOM, truth, truth.len > 0, false },
		{ TERM_INTEGER, text, is_number(text), false },
		{ TERM_ATOM, text, is_word(text), false },
		{ TERM_STRING, text, is_plain(text), true },
	};
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		struct term candidate = *at;

		candidate.kind = ways[i].kind;
		candidate.text = ways[i].text;
		candidate.quoted = false;
		if (!ways[i].good ||
		    !fits(lint, row, option, mismatch, &candidate))
			continue;
		edit_replace(finding, true, at,
		    arena_printf(lint->arena, "%s%.*s%s",
			ways[i].quotes ? "\"" : "", STR_ARG(ways[i].text),
			ways[i].quotes ? "\"" : ""));
		return;
	}
}
