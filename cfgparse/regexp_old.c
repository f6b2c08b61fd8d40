#include "cfgparse/regexp_old.h"

#include <stdio.h>
#include <string.h>

struct answer {
	char *what, *instead;
};

static bool
answer(struct answer *answer, const char *what, const char *instead)
{
	snprintf(answer->what, REGEXP_OLD_MAX, "%s", what);
	snprintf(answer->instead, REGEXP_OLD_MAX, "%s", instead);
	return true;
}

/* \s is a blank to both, and what else it is in Perl's language no name has. */
static bool
differs_escape(char c, struct answer *out)
{
	static const struct {
		const char *letters, *what, *instead;
	} known[] = {
		{ "d", "it takes \\%c for the delete character", "[0-9]" },
		{ "b", "it takes \\%c for the backspace",
		    "^, $ or the characters around it" },
		{ "w", "it takes \\%c for the letter itself", "[a-z0-9_]" },
		{ "DWSBAzZGQEKRhHNXpPk", "it takes \\%c for the letter itself",
		    "the characters that are meant, in [...]" },
		{ "123456789",
		    "it takes \\%c for a character and not for a group",
		    "what the group stands for" },
	};
	char what[REGEXP_OLD_MAX];

	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		if (!strchr(known[i].letters, c))
			continue;
		const char *mark = strchr(known[i].what, '%');
		snprintf(what, sizeof what, "%.*s%c%s",
		    (int)(mark - known[i].what), known[i].what, c, mark + 2);
		return answer(out, what, known[i].instead);
	}
	return false;
}

/* {2}, {2,} or {2,3}: braces that repeat in Perl's language. */
static bool
repeats(struct str pattern, size_t at)
{
	size_t digits = 0;

	for (at++; at < pattern.len; at++) {
		char c = pattern.ptr[at];
		if (c == '}')
			return digits > 0;
		if (c >= '0' && c <= '9')
			digits++;
		else if (c != ',' || !digits)
			return false;
	}
	return false;
}

bool
regexp_old_differs(
    struct str pattern, char what[REGEXP_OLD_MAX], char instead[REGEXP_OLD_MAX])
{
	struct answer out = { what, instead };
	bool set = false;

	for (size_t i = 0; i < pattern.len; i++) {
		char c = pattern.ptr[i];
		char next = i + 1 < pattern.len ? pattern.ptr[i + 1] : '\0';

		if (c == '\\' && next) {
			i++;
			if (differs_escape(next, &out))
				return true;
		} else if (set) {
			set = c != ']';
		} else if (c == '[') {
			set = true;
			/* A bracket that comes first means itself. */
			i += next == '^';
			if (i + 1 < pattern.len && pattern.ptr[i + 1] == ']')
				i++;
		} else if (c == '(' && next == '?') {
			return answer(&out, "it can't read (?...)",
			    "the pattern without it");
		} else if (c == '{' && i && repeats(pattern, i)) {
			return answer(&out, "it takes the braces for text",
			    "what they repeat as often as it is meant");
		}
	}
	return false;
}
