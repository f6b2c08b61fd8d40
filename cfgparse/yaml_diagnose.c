/*
 * What is wrong where libyaml stopped, as the person would say who has to
 * mend it: the place of the cause rather than of its effect, one finding for
 * one fault.
 */
#include <stdio.h>

#include "cfgparse/base/utf8.h"
#include "cfgparse/yaml_private.h"

/* The fault and the block that it is in. */
struct diagnosis {
	struct yaml_parser *parser;
	const struct yaml_problem *problem;
	uint32_t begin, end; /* of the block */
	struct str line;     /* of the problem */
	uint32_t line_begin;
	size_t indent; /* of that line, in bytes */
};

static char
char_at(const struct diagnosis *at, uint32_t byte)
{
	return byte < at->end ? at->parser->text.ptr[byte] : '\n';
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The text from a byte to the end of its line, without blanks and comment. */
static uint32_t
end_of_value(const struct diagnosis *at, uint32_t byte)
{
	uint32_t begin, end;
	struct str line = yaml_line(at->parser, byte, &begin);

	end = byte;
	for (size_t i = byte - begin; i < line.len; i++) {
		bool blank = line.ptr[i] == ' ' || line.ptr[i] == '\t';
		if (line.ptr[i] == '#' && i > 0 &&
		    (line.ptr[i - 1] == ' ' || line.ptr[i - 1] == '\t'))
			break;
		if (!blank)
			end = begin + (uint32_t)i + 1;
	}
	return end;
}

/* In the indentation of a line. */
static bool
odd_blank_of(struct str line, size_t *at, size_t *len)
{
	uint32_t code;

	*at = yaml_indent(line);
	*len = utf8_decode(line.ptr + *at, line.len - *at, &code);
	return *len > 1 && yaml_is_odd_blank(code);
}

static bool
blame_odd_blank(struct diagnosis *at, uint32_t from)
{
	for (uint32_t byte = from; byte < at->end;
	     byte = yaml_next_line(at->parser, byte)) {
		uint32_t begin;
		struct str line = yaml_line(at->parser, byte, &begin);
		size_t in, len;

		if (begin > at->line_begin)
			return false;
		if (!odd_blank_of(line, &in, &len))
			continue;
		begin += (uint32_t)in;
		struct finding *finding = yaml_report(at->parser,
		    YAML_INVISIBLE, begin, begin + (uint32_t)len,
		    "the line is indented with a character that only looks "
		    "like a blank");
		finding_hint(finding, "write plain blanks instead");
		yaml_edit(at->parser, finding, true, begin,
		    begin + (uint32_t)len, " ");
		return true;
	}
	return false;
}

/* As far as the next line that has no tab, or the one before: what stands
 * beside it is mostly its neighbour. */
static void
edit_tab(struct diagnosis *at, struct finding *finding, uint32_t byte)
{
	uint32_t begin, other;
	struct str line = yaml_line(at->parser, byte, &begin), near = { 0 };
	size_t indent = yaml_indent(line), column = 0;
	char blanks[64];

	for (uint32_t next = yaml_next_line(at->parser, byte);
	     next < at->end && !column;
	     next = yaml_next_line(at->parser, next)) {
		near = yaml_line(at->parser, next, &other);
		if (!yaml_is_void(near) &&
		    !memchr(near.ptr, '\t', yaml_indent(near)))
			column = yaml_indent(near);
	}
	if (!column && begin > at->begin) {
		near = yaml_line(at->parser, begin - 1, &other);
		column = yaml_indent(near);
		column += column == 0 ? 2 : 0;
	}
	if (!column || column >= sizeof blanks || begin + indent < byte)
		return;
	snprintf(blanks, sizeof blanks, "%*s", (int)column, "");
	yaml_edit(at->parser, finding, false, begin, begin + (uint32_t)indent,
	    blanks);
}

static void
report_tab(struct diagnosis *at, uint32_t byte)
{
	uint32_t end = byte;

	while (char_at(at, end) == '\t')
		end++;
	struct finding *finding = yaml_report(at->parser, YAML_TAB, byte, end,
	    "a tab indents this line, where YAML wants blanks");
	finding_hint(finding, "replace it by blanks");
	edit_tab(at, finding, byte);
}

static bool
blame_tab(struct diagnosis *at, uint32_t from)
{
	switch (at->problem->fault) {
	case FAULT_QUOTE:
	case FAULT_ESCAPE:
	case FAULT_ALIAS:
	case FAULT_TAG:
	case FAULT_FLOW: return false;
	default: break;
	}
	for (uint32_t byte = from; byte < at->end;
	     byte = yaml_next_line(at->parser, byte)) {
		uint32_t begin;
		struct str line = yaml_line(at->parser, byte, &begin);
		const char *tab = memchr(line.ptr, '\t', yaml_indent(line));

		if (begin > at->line_begin)
			return false;
		if (!tab || yaml_is_void(line))
			continue;
		report_tab(at, begin + (uint32_t)(tab - line.ptr));
		return true;
	}
	return false;
}

/* Does what follows there look like an option or an item? */
static bool
looks_like_more(const struct diagnosis *at, uint32_t byte)
{
	uint32_t begin;
	struct str line;

	do {
		if (byte >= at->end)
			return true;
		line = yaml_line(at->parser, byte, &begin);
		byte = yaml_next_line(at->parser, byte);
	} while (yaml_is_void(line));
	size_t indent = yaml_indent(line);
	line.ptr += indent;
	line.len -= indent;
	return yaml_is_item(line) || yaml_key(line);
}

static void
report_quote(struct diagnosis *at, uint32_t byte)
{
	char quote[] = { char_at(at, byte), '\0' };
	uint32_t end = end_of_value(at, byte);
	struct finding *finding = yaml_report(at->parser, YAML_QUOTE, byte, end,
	    "the quote that opens here is not closed on its line");

	finding_hint(finding, "put a closing quote behind the text");
	yaml_edit(at->parser, finding, false, end, end, quote);
}

static bool
blame_quote(struct diagnosis *at)
{
	for (uint32_t byte = at->begin; byte < at->end;
	     byte = yaml_next_line(at->parser, byte)) {
		uint32_t begin;
		struct str line = yaml_line(at->parser, byte, &begin);
		size_t in;

		if (begin > at->line_begin)
			return false;
		if (!yaml_open_quote(line, &in) ||
		    !looks_like_more(at, yaml_next_line(at->parser, byte)))
			continue;
		report_quote(at, begin + (uint32_t)in);
		return true;
	}
	return false;
}

/* {NAME, VALUE}. on the line of the problem. */
static bool
blame_term(struct diagnosis *at)
{
	uint32_t begin = at->line_begin + (uint32_t)at->indent;
	uint32_t end = end_of_value(at, begin);
	const char *text = at->parser->text.ptr;

	if (end < begin + 3 || text[begin] != '{' ||
	    memcmp(text + end - 2, "}.", 2) != 0)
		return false;
	finding_hint(yaml_report(at->parser, YAML_SYNTAX, begin, end,
			 "this is a term of Erlang's, but the file is YAML"),
	    "write NAME: VALUE");
	return true;
}

/* A word without its colon, or with a colon and no blank behind it. */
static void
report_colon(struct diagnosis *at, uint32_t byte)
{
	struct yaml_parser *parser = at->parser;
	uint32_t end = end_of_value(at, byte), begin;
	struct str line = yaml_line(parser, byte, &begin);
	struct str rest = { line.ptr + (byte - begin), end - byte };
	uint32_t word = (uint32_t)yaml_word(rest);
	struct finding *finding;

	if (word && word < rest.len && rest.ptr[word] == ':') {
		finding = yaml_report(parser, YAML_COLON, byte, end,
		    "the colon has no blank behind it");
		finding_hint(finding,
		    "write a blank between %.*s and the value", (int)word + 1,
		    rest.ptr);
		yaml_edit(parser, finding, true, byte + word + 1,
		    byte + word + 1, " ");
		return;
	}
	if (!word || (word < rest.len && rest.ptr[word] != ' '))
		word = (uint32_t)rest.len;
	finding = yaml_report(parser, YAML_COLON, byte, byte + word,
	    "%.*s has no colon behind it", (int)word, rest.ptr);
	finding_hint(finding, "write %.*s: and the value behind it", (int)word,
	    rest.ptr);
	if (word < rest.len || yaml_is_lone_word(rest))
		yaml_edit(parser, finding, true, byte + word, byte + word, ":");
}

static void
report_must_quote(struct diagnosis *at, uint32_t byte)
{
	uint32_t end = end_of_value(at, byte);
	char c = char_at(at, byte);
	struct finding *finding;

	if (c == '%' && byte == at->line_begin + at->indent) {
		finding = yaml_report(at->parser, YAML_MUST_QUOTE, byte,
		    byte + 1, "comments begin with #, not with %%");
		finding_hint(finding, "write # instead");
		yaml_edit(at->parser, finding, true, byte, byte + 1, "#");
		return;
	}
	finding = yaml_report(at->parser, YAML_MUST_QUOTE, byte, end,
	    "a text that begins with %c must stand in quotes", c);
	finding_hint(finding, "write \"%.*s\"", (int)(end - byte),
	    at->parser->text.ptr + byte);
	if (!memchr(at->parser->text.ptr + byte, ':', end - byte))
		yaml_edit_quotes(at->parser, finding, true, byte, end);
}

/* The last line with content before the one that begins there. */
static bool
line_before(const struct diagnosis *at, uint32_t byte, uint32_t *begin,
    struct str *line)
{
	while (byte > at->begin) {
		*line = yaml_line(at->parser, byte - 1, begin);
		if (!yaml_is_void(*line))
			return true;
		byte = *begin;
	}
	return false;
}

/* The first byte of a line behind its indentation and dashes. */
static size_t
content_of(struct str line)
{
	size_t in = yaml_indent(line);

	while (in < line.len &&
	       yaml_is_item((struct str){ line.ptr + in, line.len - in })) {
		in++;
		while (in < line.len && line.ptr[in] == ' ')
			in++;
	}
	return in;
}

static void
report_indent(struct diagnosis *at, uint32_t byte)
{
	uint32_t end = end_of_value(at, byte);
	struct str rest = { at->parser->text.ptr + byte, end - byte };
	uint32_t key = (uint32_t)yaml_key(rest);

	if (key)
		end = byte + key;
	else if (yaml_is_item(rest))
		end = byte + 1;
	finding_hint(yaml_report(at->parser, YAML_INDENT, byte, end,
			 "this begins in a column where nothing around it "
			 "begins"),
	    "indent it as much as its neighbours");
}

/* A colon where none may stand: behind a line without one, in a line that is
 * indented too far, or in a value. */
static void
report_value(struct diagnosis *at)
{
	uint32_t colon = at->problem->at, before;
	size_t in = content_of(at->line);
	struct str rest = { at->line.ptr + in, at->line.len - in };
	struct str line;

	if (at->line_begin + in + yaml_key(rest) == colon ||
	    (yaml_key(rest) == 0 && in == at->indent)) {
		if (line_before(at, at->line_begin, &before, &line)) {
			size_t other = content_of(line);
			struct str text = { line.ptr + other,
				line.len - other };
			bool alone = yaml_is_lone_word(text);
			if (!yaml_key(text) && yaml_word(text) &&
			    (other >= in || alone)) {
				report_colon(at, before + (uint32_t)other);
				return;
			}
		}
		report_indent(at, at->line_begin + (uint32_t)in);
		return;
	}
	size_t value = in + yaml_key(rest);
	while (value < at->line.len &&
	       (at->line.ptr[value] == ':' || at->line.ptr[value] == ' '))
		value++;
	uint32_t begin = at->line_begin + (uint32_t)value;
	uint32_t end = end_of_value(at, begin);
	if (begin > colon)
		begin = colon;
	struct finding *finding = yaml_report(at->parser, YAML_SECOND_COLON,
	    begin, end > begin ? end : begin + 1,
	    "the value has a colon and a blank in it, which ends a key");
	finding_hint(finding,
	    "put the value in quotes, or write the second option on a line of "
	    "its own");
	yaml_edit_quotes(at->parser, finding, false, begin, end);
}

/* Is the bracket closed in its block? */
static bool
is_closed(const struct diagnosis *at, uint32_t open)
{
	const char *text = at->parser->text.ptr;
	int depth = 0;
	char quote = 0;

	for (uint32_t i = open; i < at->end; i++) {
		char c = text[i];

		if (quote) {
			quote = c == quote ? 0 : quote;
		} else if (c == '"' || c == '\'') {
			quote = c;
		} else if (c == '[' || c == '{') {
			depth++;
		} else if ((c == ']' || c == '}') && --depth == 0) {
			return true;
		}
	}
	return false;
}

/* The innermost bracket that is open at a byte. */
static bool
find_open_bracket(const struct diagnosis *at, uint32_t here, uint32_t *bracket)
{
	const char *text = at->parser->text.ptr;
	uint32_t open[8], depth = 0;
	char quote = 0;

	for (uint32_t i = at->begin; i < here; i++) {
		char c = text[i];

		if (quote) {
			quote = c == quote ? 0 : quote;
		} else if (c == '#' && (i == at->begin || text[i - 1] == ' ' ||
					   text[i - 1] == '\n')) {
			while (i + 1 < here && text[i + 1] != '\n')
				i++;
		} else if (c == '"' || c == '\'') {
			quote = c;
		} else if (c == '[' || c == '{') {
			if (depth == sizeof open / sizeof *open)
				return false;
			open[depth++] = i;
		} else if ((c == ']' || c == '}') && depth) {
			depth--;
		}
	}
	*bracket = depth ? open[depth - 1] : 0;
	return depth > 0;
}

static void
report_open_bracket(struct diagnosis *at, uint32_t open)
{
	char close[] = { char_at(at, open) == '{' ? '}' : ']', '\0' };
	uint32_t end = end_of_value(at, open);
	struct finding *finding = yaml_report(at->parser, YAML_BRACKET, open,
	    open + 1, "the bracket is not closed");

	finding_hint(finding, "put %s behind the last item", close);
	if (looks_like_more(at, yaml_next_line(at->parser, open)))
		yaml_edit(at->parser, finding, false, end, end, close);
}

static void
report_flow(struct diagnosis *at)
{
	uint32_t open = at->problem->context, here = at->problem->at;
	struct finding *finding;

	if (is_closed(at, open) &&
	    !(here == at->line_begin + at->indent &&
		yaml_key((struct str){
		    at->line.ptr + at->indent, at->line.len - at->indent }))) {
		finding = yaml_report(at->parser, YAML_COMMA, here, here + 1,
		    "a comma is missing before this");
		finding_hint(finding, "put a comma between the two");
		while (here > open && is_space(char_at(at, here - 1)))
			here--;
		yaml_edit(at->parser, finding, true, here, here, ",");
		return;
	}
	report_open_bracket(at, open);
}

/* Neither a sibling nor a child: what stands before it on the line tells. */
static void
report_stray(struct diagnosis *at)
{
	uint32_t here = at->problem->at, before = here, bracket;
	char c = char_at(at, here);
	struct finding *finding;

	while (before > at->line_begin && (char_at(at, before - 1) == ' ' ||
					      char_at(at, before - 1) == '\t'))
		before--;
	char last = before > at->line_begin ? char_at(at, before - 1) : '\n';
	if (c == ']' || c == '}' || c == ',') {
		finding = yaml_report(at->parser, YAML_STRAY_BRACKET, here,
		    here + 1, "%s",
		    c == ',' ? "this comma has no value before it"
			     : "this bracket closes nothing");
		finding_hint(finding, "remove it");
		yaml_edit(at->parser, finding, false, here, here + 1, "");
	} else if (last == '"' || last == '\'') {
		finding_hint(yaml_report(at->parser, YAML_AFTER_QUOTE, here,
				 end_of_value(at, here),
				 "the text in quotes ends before this"),
		    "put all of it in one pair of quotes");
	} else if (c == '-' && find_open_bracket(at, here, &bracket)) {
		report_open_bracket(at, bracket);
	} else if (before > at->line_begin + at->indent) {
		yaml_report(at->parser, YAML_SYNTAX, here,
		    end_of_value(at, here),
		    "this can't follow what stands before it on the line");
	} else {
		report_indent(at, here);
	}
}

/* On the line below; what begins with a dash itself has another column. */
static void
edit_dash(struct diagnosis *at, struct finding *finding)
{
	uint32_t here = at->problem->at, begin = here;
	char text[64];

	while (begin > at->line_begin && char_at(at, begin - 1) == ' ')
		begin--;
	if (char_at(at, begin - 1) != ':' || content_of(at->line) != at->indent)
		return;
	snprintf(text, sizeof text, "\n%*s", (int)(at->indent % 60) + 2, "");
	yaml_edit(at->parser, finding, false, begin, here, text);
}

static void
report_dash(struct diagnosis *at)
{
	uint32_t here = at->problem->at, bracket;

	if (find_open_bracket(at, here, &bracket)) {
		report_open_bracket(at, bracket);
		return;
	}
	if (here == at->line_begin + at->indent) {
		report_indent(at, here);
		return;
	}
	struct finding *finding = yaml_report(at->parser, YAML_DASH, here,
	    here + 1, "a list can't begin on the line of its key");
	finding_hint(finding, "write the item on the next line, indented");
	edit_dash(at, finding);
}

/* Where one is none, those after it on the line aren't meant as escapes. */
static void
edit_backslashes(struct diagnosis *at, struct finding *finding)
{
	for (uint32_t i = at->problem->at; char_at(at, i) != '\n'; i++) {
		if (char_at(at, i) == '"')
			return;
		if (char_at(at, i) != '\\')
			continue;
		if (char_at(at, i + 1) == '\\' || char_at(at, i + 1) == '"')
			i++;
		else
			yaml_edit(at->parser, finding, false, i, i, "\\");
	}
}

static void
report_fault(struct diagnosis *at)
{
	const struct yaml_problem *problem = at->problem;
	uint32_t here = problem->at, context = problem->context;
	struct yaml_parser *parser = at->parser;
	struct finding *finding;

	switch (problem->fault) {
	case FAULT_COLON: report_colon(at, context); break;
	case FAULT_CHARACTER:
		if (char_at(at, here) == '\t')
			report_tab(at, here);
		else
			report_must_quote(at, here);
		break;
	case FAULT_DIRECTIVE: report_must_quote(at, context); break;
	case FAULT_ALIAS:
	case FAULT_TAG: report_must_quote(at, context); break;
	case FAULT_DASH: report_dash(at); break;
	case FAULT_VALUE: report_value(at); break;
	case FAULT_QUOTE: report_quote(at, context); break;
	case FAULT_ESCAPE:
		finding = yaml_report(parser, YAML_ESCAPE, here, here + 2,
		    "this is no escape that YAML knows");
		finding_hint(
		    finding, "write the backslash twice, or use single quotes");
		edit_backslashes(at, finding);
		break;
	case FAULT_HEADER:
		finding_hint(yaml_report(parser, YAML_HEADER, here,
				 end_of_value(at, here),
				 "text begins on the line below | or >"),
		    "move this to the next line, indented");
		break;
	case FAULT_TAB: report_tab(at, here); break;
	case FAULT_FLOW: report_flow(at); break;
	case FAULT_INDENT:
	case FAULT_NODE: report_stray(at); break;
	case FAULT_DEPTH:
		yaml_report(parser, YAML_TOO_DEEP, here, here + 1,
		    "lists and maps are nested more than %d deep",
		    YAML_DEPTH_MAX);
		break;
	default:
		yaml_report(parser, YAML_SYNTAX, here,
		    here < at->end ? here + 1 : here,
		    "this can't continue what is before it");
	}
}

/* A key without its colon above what belongs to it. */
static bool
blame_lone_word(struct diagnosis *at)
{
	for (uint32_t byte = at->begin; byte < at->line_begin;
	     byte = yaml_next_line(at->parser, byte)) {
		uint32_t begin;
		struct str line = yaml_line(at->parser, byte, &begin);
		size_t in = yaml_indent(line);

		if (yaml_is_void(line))
			continue;
		if (!yaml_is_lone_word(
			(struct str){ line.ptr + in, line.len - in }) ||
		    memchr(line.ptr, '\t', in))
			return false;
		report_colon(at, begin + (uint32_t)in);
		return true;
	}
	return false;
}

void
yaml_diagnose(struct yaml_parser *parser, uint32_t begin, uint32_t end,
    const struct yaml_problem *problem)
{
	struct diagnosis at = { parser, problem, begin, end };
	uint32_t first;

	at.line = yaml_line(parser, problem->at, &at.line_begin);
	at.indent = yaml_indent(at.line);
	yaml_line(parser, problem->context, &first);
	if (first < begin || first > at.line_begin)
		first = begin;
	if (problem->fault != FAULT_DEPTH && blame_lone_word(&at))
		return;
	if (problem->fault != FAULT_DEPTH &&
	    (blame_odd_blank(&at, begin) || blame_tab(&at, first) ||
		blame_quote(&at) || blame_term(&at)))
		return;
	report_fault(&at);
}
