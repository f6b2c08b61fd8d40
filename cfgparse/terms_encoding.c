/*
 * Which characters the bytes of a file of terms stand for: OTP 25's rules,
 * with its coding comments, and the laxer reading that suits files from the
 * time of ejabberd 2.1, when every byte was a character.
 */
#include "cfgparse/source_lines.h"
#include "cfgparse/terms_parse.h"

#include "cfgparse/base/utf8.h"
#include "cfgparse/terms.h"

static bool
is_alphanumeric(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9');
}

static size_t
skip_spaces(struct str line, size_t at)
{
	while (at < line.len && line.ptr[at] == ' ')
		at++;
	return at;
}

/* A name is letters and digits with at most one hyphen after the first. */
static struct str
encoding_name(struct str line, size_t at)
{
	size_t end = at;
	bool hyphen = false;

	while (end < line.len &&
	       (is_alphanumeric(line.ptr[end]) ||
		   (line.ptr[end] == '-' && !hyphen && end > at))) {
		hyphen = hyphen || line.ptr[end] == '-';
		end++;
	}
	return (struct str){ line.ptr + at, end - at };
}

static bool
same_name(struct str name, const char *lower)
{
	struct str other = str_of(lower);

	if (name.len != other.len)
		return false;
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if (c != lower[i])
			return false;
	}
	return true;
}

enum coding { CODING_NONE, CODING_UTF8, CODING_LATIN1, CODING_UNKNOWN };

/* What the comment of a line says. */
static enum coding
line_coding(struct str line)
{
	static const struct str word = { "coding", 6 };
	const char *comment = memchr(line.ptr, '%', line.len);
	size_t at;

	if (!comment)
		return CODING_NONE;
	for (size_t i = (size_t)(comment - line.ptr); i + word.len < line.len;
	     i++) {
		struct str name;

		if (memcmp(line.ptr + i, word.ptr, word.len) != 0)
			continue;
		at = skip_spaces(line, i + word.len);
		if (at >= line.len ||
		    (line.ptr[at] != ':' && line.ptr[at] != '='))
			continue;
		name = encoding_name(line, skip_spaces(line, at + 1));
		if (same_name(name, "latin-1"))
			return CODING_LATIN1;
		return same_name(name, "utf-8") ? CODING_UTF8 : CODING_UNKNOWN;
	}
	return CODING_NONE;
}

static enum coding
find_coding(struct str text)
{
	size_t from = 0;

	for (int line = 0; line < 2 && from < text.len; line++) {
		const char *start = text.ptr + from;
		const char *feed = memchr(start, '\n', text.len - from);
		size_t len = feed ? (size_t)(feed - start) : text.len - from;
		enum coding coding = line_coding((struct str){ start, len });

		if (coding != CODING_NONE)
			return coding;
		from += len + 1;
	}
	return CODING_NONE;
}

bool
terms_encoding(const struct source *source, const struct terms_options *options,
    struct findings *findings, bool *latin1)
{
	enum coding coding = find_coding(source->text);
	struct finding *finding;
	size_t at;

	*latin1 = options->otp25 && coding == CODING_LATIN1;
	at = *latin1 ? 0 : utf8_prefix(source->text.ptr, source->text.len);
	if (at == source->text.len)
		return true;
	source_latin1(source);
	if (coding == CODING_LATIN1) {
		*latin1 = true;
		return true;
	}
	*latin1 = true;
	struct span span = source_span(source, (uint32_t)at, (uint32_t)at + 1);
	finding = finding_add(findings,
	    &terms_rules[options->otp25 ? TERMS_NOT_UTF8 : TERMS_LATIN1], &span,
	    options->otp25 ? "the byte 0x%02X isn't UTF-8"
			   : "the byte 0x%02X isn't UTF-8, so the whole file "
			     "is read as Latin-1",
	    (unsigned char)source->text.ptr[at]);
	finding_hint(finding,
	    "save the file as UTF-8, or put `%% coding: latin-1` on its first "
	    "line");
	struct span first = source_span(source, 0, 0);
	if (coding == CODING_NONE)
		finding_edit(finding, true, &first, "%% coding: latin-1\n");
	return !options->otp25;
}
