/*
 * What YAML, or ejabberd's reading of it, makes of a sound text otherwise
 * than it looks: lines folded into one text, aliases and anchors,
 * numbers with zeros in front, comments that cut a password. Whatever
 * depends on what an option means is left to the catalogue's types.
 */
#include "cfgparse/base/utf8.h"
#include "cfgparse/source_lines.h"
#include "cfgparse/yaml_private.h"

static struct str
written(const struct yaml_parser *parser, const struct term *term)
{
	return (struct str){ parser->text.ptr + term->begin,
		term->end - term->begin };
}

/* What stands before a value and is no part of it. */
static bool
look_at_mark(struct yaml_parser *parser, const struct term *term)
{
	struct str text = written(parser, term);
	struct finding *finding;
	size_t len = 0;

	if (!text.len || (text.ptr[0] != '&' && text.ptr[0] != '!'))
		return false;
	while (len < text.len && text.ptr[len] != ' ' &&
	       text.ptr[len] != '\n' && text.ptr[len] != '\r')
		len++;
	finding = yaml_report(parser, YAML_DECORATION, term->begin,
	    term->begin + (uint32_t)len,
	    text.ptr[0] == '&'
		? "%.*s names an anchor and is no part of the value"
		: "%.*s is a tag and no part of the value",
	    (int)len, text.ptr);
	finding_hint(finding,
	    "put the whole value in quotes if this belongs to it, or remove "
	    "it");
	return true;
}

static bool
look_at_alias(struct yaml_parser *parser, struct term *term)
{
	struct str text = written(parser, term);
	struct finding *finding;

	if (term->kind != TERM_STRING || !text.len || text.ptr[0] != '*')
		return false;
	finding = yaml_report(parser, YAML_ALIAS, term->begin, term->end,
	    "ejabberd does not follow aliases: this is the text %.*s",
	    STR_ARG(term->text));
	finding_hint(finding, "write the value again or use define_macro; put "
			      "text that begins with a star in quotes");
	/* What was meant can't be told, so nothing else is wrong with it. */
	term->unknown = true;
	parser->aliases = true;
	return true;
}

/* Leaves what stands on the first line, which alone was meant. */
static void
cut_fold(struct yaml_parser *parser, struct term *term)
{
	uint32_t begin, end = term->begin;
	struct str line = yaml_line(parser, term->begin, &begin);

	for (uint32_t at = term->begin; at < begin + line.len; at++) {
		if (parser->text.ptr[at] != ' ' && parser->text.ptr[at] != '\t')
			end = at + 1;
	}
	term->end = end;
	term->text = written(parser, term);
}

/* Text without quotes that goes on with what looks like a sibling. */
static void
look_at_folds(struct yaml_parser *parser, struct term *term, bool in_list)
{
	uint32_t at = yaml_next_line(parser, term->begin);

	for (; at < term->end; at = yaml_next_line(parser, at)) {
		uint32_t begin;
		struct str line = yaml_line(parser, at, &begin);
		size_t indent = yaml_indent(line);
		struct str rest = { line.ptr + indent, line.len - indent };
		size_t word = yaml_word(rest);
		bool item = yaml_is_item(rest);
		bool option =
		    word > 1 && word + 1 < rest.len && rest.ptr[word] == ':' &&
		    rest.ptr[word + 1] != '/' && rest.ptr[word + 1] != ':';

		if (!item && !option)
			continue;
		struct finding *finding =
		    yaml_report(parser, YAML_FOLDED, begin + (uint32_t)indent,
			begin + (uint32_t)(indent + (item ? 1 : word + 1)),
			"this line goes on with the text of the line above");
		struct span span =
		    source_span(parser->source, term->begin, term->begin + 1);
		finding_related(finding, &span, "that text begins here");
		if (item && in_list) {
			finding_severity(finding, SEVERITY_ERROR);
			parser->errors++;
			cut_fold(parser, term);
		}
		finding_hint(finding,
		    item ? "begin the items of a list in the same column"
			 : "begin it in the column of the option above, with a "
			   "blank behind the colon");
		return;
	}
}

/* Text in quotes over lines that look like options. */
static void
look_at_swallowed(struct yaml_parser *parser, const struct term *term)
{
	uint32_t at = yaml_next_line(parser, term->begin);
	unsigned lines = 0;

	for (; at < term->end; at = yaml_next_line(parser, at)) {
		uint32_t begin;
		struct str line = yaml_line(parser, at, &begin);
		size_t indent = yaml_indent(line);
		struct str rest = { line.ptr + indent, line.len - indent };

		lines += yaml_key(rest) > 0;
	}
	if (!lines)
		return;
	finding_hint(
	    yaml_report(parser, YAML_SWALLOWED, term->begin, term->begin + 1,
		"the quote that opens here takes in what looks like %u "
		"further option%s",
		lines, lines == 1 ? "" : "s"),
	    "close it behind the text that it is for");
}

/* As it is read. */
static void
edit_number(struct yaml_parser *parser, struct finding *finding,
    const struct term *term)
{
	char digits[24];

	if (term->text.len >= sizeof digits)
		return;
	memcpy(digits, term->text.ptr, term->text.len);
	digits[term->text.len] = '\0';
	yaml_edit(parser, finding, true, term->begin, term->end, digits);
}

static void
look_at_number(struct yaml_parser *parser, const struct term *term)
{
	struct str text = written(parser, term);
	size_t sign = text.len && (text.ptr[0] == '-' || text.ptr[0] == '+');
	struct finding *finding;

	if (term->kind != TERM_INTEGER || text.len < sign + 2 ||
	    text.ptr[sign] < '0' || text.ptr[sign] > '9')
		return;
	if (text.ptr[sign] == '0') {
		finding = yaml_report(parser, YAML_OCTAL, term->begin,
		    term->end, "%.*s is the number %.*s to ejabberd",
		    STR_ARG(text), STR_ARG(term->text));
		finding_hint(finding,
		    "write \"%.*s\" if it is a text or an "
		    "octal number",
		    STR_ARG(text));
		edit_number(parser, finding, term);
		return;
	}
	struct str digits = { text.ptr + (text.ptr[0] == '+'),
		text.len - (text.ptr[0] == '+') };
	if (str_eq(digits, term->text))
		return;
	finding = yaml_report(parser, YAML_CUT_NUMBER, term->begin, term->end,
	    "%.*s is too large and read as %.*s", STR_ARG(text),
	    STR_ARG(term->text));
	finding_hint(finding, "put it in quotes if it is a text");
}

static void
look_at_length(struct yaml_parser *parser, const struct term *term)
{
	bool atom = term->kind == TERM_ATOM ||
		    (term->kind == TERM_STRING && term->quoted);
	struct finding *finding;

	if (!atom || term->text.len <= YAML_ATOM_MAX)
		return;
	finding = yaml_report(parser, YAML_LONG_TEXT, term->begin, term->end,
	    "text that isn't in double quotes may have %d bytes, this has "
	    "%zu",
	    YAML_ATOM_MAX, term->text.len);
	finding_hint(finding, "put it in double quotes");
	if (term->kind == TERM_ATOM)
		yaml_edit_quotes(parser, finding, true, term->begin, term->end);
}

static bool
is_fancy_quote(uint32_t code)
{
	return (code >= 0x2018 && code <= 0x201F) || code == 0xAB ||
	       code == 0xBB;
}

/* Takes what an error was reported for off either end of the text. */
static void
strip(struct term *term, size_t head, size_t tail)
{
	if (head + tail >= term->text.len ||
	    (size_t)term->end - term->begin != term->text.len)
		return;
	term->text.ptr += head;
	term->text.len -= head + tail;
	term->begin += (uint32_t)head;
	term->end -= (uint32_t)tail;
}

/* Text may begin with such a quote, but hardly end with one too. */
static void
report_fancy(
    struct yaml_parser *parser, struct term *term, size_t head, size_t tail)
{
	struct finding *finding = yaml_report(parser, YAML_FANCY_QUOTE,
	    term->begin, term->begin + (uint32_t)head,
	    "this quote is a part of the text");

	finding_hint(finding, "write \" instead, also at the end");
	if (tail == 0)
		return;
	finding_severity(finding, SEVERITY_ERROR);
	parser->errors++;
	yaml_edit(parser, finding, false, term->begin,
	    term->begin + (uint32_t)head, "\"");
	yaml_edit(parser, finding, false, term->end - (uint32_t)tail, term->end,
	    "\"");
	strip(term, head, tail);
}

/* Quotes and blanks from a word processor, at either end of a text. */
static void
look_at_characters(struct yaml_parser *parser, struct term *term)
{
	struct str text = term->text;
	uint32_t code = 0, last = 0;
	size_t tail = 1;

	if (term->kind != TERM_ATOM)
		return;
	size_t len = utf8_decode(text.ptr, text.len, &code);
	while (tail < text.len && tail < UTF8_MAX &&
	       ((unsigned char)text.ptr[text.len - tail] & 0xC0) == 0x80)
		tail++;
	utf8_decode(text.ptr + text.len - tail, tail, &last);
	if (is_fancy_quote(code)) {
		report_fancy(
		    parser, term, len, is_fancy_quote(last) ? tail : 0);
		return;
	}
	bool front = yaml_is_odd_blank(code);
	if (!front && !yaml_is_odd_blank(last))
		return;
	uint32_t begin = front ? term->begin : term->end - (uint32_t)tail;
	uint32_t end = begin + (uint32_t)(front ? len : tail);
	struct finding *finding = yaml_report(parser, YAML_INVISIBLE, begin,
	    end,
	    "a character that only looks like a blank is a part of the text");
	finding_hint(finding, "remove it");
	yaml_edit(parser, finding, false, begin, end, "");
	strip(term, front ? len : 0, front ? 0 : tail);
}

static bool
ends_with(struct str text, const char *end)
{
	struct str other = str_of(end);

	return text.len >= other.len && memcmp(text.ptr + text.len - other.len,
					    other.ptr, other.len) == 0;
}

/* The value of a password that a comment follows without a blank in it. */
static void
look_at_comment(struct yaml_parser *parser, const struct term *key,
    const struct term *value)
{
	struct str text = parser->text;
	uint32_t at = value->end;
	struct finding *finding;

	if ((key->kind != TERM_ATOM && key->kind != TERM_STRING) ||
	    (!ends_with(key->text, "password") &&
		!ends_with(key->text, "secret")) ||
	    !(yaml_is_plain(value) || yaml_is_nothing(value)))
		return;
	while (at < text.len && text.ptr[at] == ' ')
		at++;
	if (at == value->end || at + 1 >= text.len || text.ptr[at] != '#' ||
	    text.ptr[at + 1] == ' ' || text.ptr[at + 1] == '#' ||
	    text.ptr[at + 1] == '\n' || text.ptr[at + 1] == '\r')
		return;
	finding = yaml_report(parser, YAML_COMMENT_CUTS, at, at + 1,
	    "this begins a comment and is no part of the %.*s",
	    STR_ARG(key->text));
	finding_hint(finding, "put the value in quotes, or write a blank "
			      "behind the # of a comment");
}

static void
look_at_scalar(struct yaml_parser *parser, struct term *term, bool in_list)
{
	char c = term->begin < term->end ? parser->text.ptr[term->begin] : 0;

	if (look_at_mark(parser, term) || look_at_alias(parser, term))
		return;
	look_at_number(parser, term);
	look_at_length(parser, term);
	look_at_characters(parser, term);
	if (term->kind == TERM_ATOM)
		look_at_folds(parser, term, in_list);
	else if (c == '"' || c == '\'')
		look_at_swallowed(parser, term);
}

/* As deep as the tree, which is limited. */
static void
look(struct yaml_parser *parser, struct term *term, bool is_root, bool in_list)
{
	if (term->kind != TERM_MAP && term->kind != TERM_LIST) {
		look_at_scalar(parser, term, in_list);
		return;
	}
	if (!is_root)
		look_at_mark(parser, term);
	for (size_t i = 0; i < term->count; i++) {
		if (term->kind == TERM_MAP && i % 2)
			look_at_comment(
			    parser, &term->items[i - 1], &term->items[i]);
		look(parser, &term->items[i], false, term->kind == TERM_LIST);
	}
}

void
yaml_traps(struct yaml_parser *parser, struct term *root)
{
	look(parser, root, true, false);
}
