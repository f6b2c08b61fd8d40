/*
 * What each rule of the YAML dialect means to an operator. Knows no places;
 * the reader reports them.
 */
#include "cfgparse/yaml_rules.h"

#define ROW(index, number, level, name, text) \
	[index] = { "CFG" number, SEVERITY_##level, name, text }

const struct rule yaml_rules[YAML_RULES + 1] = {
	ROW(YAML_TAB, "350", ERROR, "tab in the indentation",
	    "YAML counts blanks: tabs may not indent a line. Set the editor "
	    "to write blanks."),
	ROW(YAML_QUOTE, "351", ERROR, "missing quote",
	    "A text that begins with a quote isn't closed on its line, so "
	    "that what follows is taken for its content, up to the next "
	    "quote or the end of the file."),
	ROW(YAML_INDENT, "352", ERROR, "indentation doesn't fit",
	    "The line begins in a column where neither its neighbours nor "
	    "their children do. Options of one list or map begin in the "
	    "same column."),
	ROW(YAML_COLON, "353", ERROR, "missing colon",
	    "Each option is a name, a colon and a blank, then the value. "
	    "Without the blank the colon is a part of the name."),
	ROW(YAML_BRACKET, "354", ERROR, "bracket not closed",
	    "A list in [ ] or a map in { } is opened and never closed."),
	ROW(YAML_COMMA, "355", ERROR, "missing comma",
	    "The items of a list in [ ] and of a map in { } are separated "
	    "by commas."),
	ROW(YAML_MUST_QUOTE, "356", ERROR, "text needs quotes",
	    "Text that begins with @, `, %, *, &, !, |, >, a bracket or a "
	    "comma has to stand in quotes, as these marks mean something "
	    "else there."),
	ROW(YAML_SECOND_COLON, "357", ERROR, "second colon in a value",
	    "A colon that a blank or the end of the line follows ends a "
	    "key. A value that holds one has to stand in quotes; a further "
	    "option begins on a line of its own."),
	ROW(YAML_DASH, "358", ERROR, "list item in the wrong place",
	    "A list begins on the line below its key, each item with a dash "
	    "and a blank of its own."),
	ROW(YAML_AFTER_QUOTE, "359", ERROR, "text behind the closing quote",
	    "What is in quotes ends at the closing quote. One that belongs "
	    "to the text is written as \\\" in double quotes, and twice in "
	    "single ones."),
	ROW(YAML_ESCAPE, "360", ERROR, "wrong escape",
	    "In double quotes a backslash starts an escape. Write it twice, "
	    "or use single quotes, where it is a character like others."),
	ROW(YAML_HEADER, "361", ERROR, "text behind | or >",
	    "Behind | and >, which begin a text of several lines, only a "
	    "digit and a sign may stand."),
	ROW(YAML_STRAY_BRACKET, "362", ERROR, "no value here",
	    "A bracket or a comma stands where a value should be."),
	ROW(YAML_DOCUMENTS, "363", ERROR, "more than one document",
	    "A line of three dashes begins a new document. Releases from "
	    "19.09 on refuse such a file; older ones read the first "
	    "document alone."),
	ROW(YAML_NOT_MAP, "364", ERROR, "no options",
	    "The file as a whole is a text or a list. ejabberd expects "
	    "options, each as NAME: VALUE."),
	ROW(YAML_SYNTAX, "365", ERROR, "syntax error",
	    "What stands here can't continue what is before it."),
	ROW(YAML_NOT_UTF8, "366", ERROR, "not UTF-8",
	    "ejabberd refuses YAML that isn't UTF-8. Files from Windows "
	    "editors often have quotes and dashes of Windows-1252."),
	ROW(YAML_CHARACTER, "367", ERROR, "control character",
	    "Control characters other than tabs and line ends may not stand "
	    "in YAML."),
	ROW(YAML_UTF16, "368", ERROR, "UTF-16",
	    "The file was saved with two bytes for each character, which "
	    "some editors call Unicode."),
	ROW(YAML_TOO_DEEP, "369", ERROR, "nested too deeply",
	    "Lists and maps may stand in each other 500 levels deep."),
	ROW(YAML_HUGE, "370", ERROR, "file too large",
	    "YAML files of more than 64 MiB are not read."),
	ROW(YAML_TOO_MANY, "371", ERROR, "too many errors",
	    "Reading stops after 50 errors; what follows has not been "
	    "looked at."),
	ROW(YAML_INVISIBLE, "372", ERROR, "invisible character",
	    "A no-break space or another blank that YAML doesn't know "
	    "stands where a plain one should be. It usually comes from a "
	    "web page or a word processor and becomes a part of the name or "
	    "text beside it."),
	ROW(YAML_LONG_TEXT, "373", ERROR, "text is too long for Erlang",
	    "Text that isn't in double quotes becomes an atom of Erlang's "
	    "and may have 255 bytes."),
	ROW(YAML_ALIAS, "374", ERROR, "alias",
	    "YAML's aliases repeat what an anchor names, but ejabberd "
	    "doesn't follow them: `*name` is the text `name`, without the "
	    "star."),
	ROW(YAML_DECORATION, "375", WARNING, "anchor or tag",
	    "A value that begins with & or ! has an anchor or a tag, which "
	    "ejabberd ignores: it isn't a part of the value, which may be "
	    "empty without it."),
	ROW(YAML_FOLDED, "376", WARNING, "lines joined into one text",
	    "A text without quotes goes on in the lines below that are "
	    "indented more than its key or dash, so that items or options "
	    "there become a part of it."),
	ROW(YAML_DUPLICATE, "377", ERROR, "key given twice",
	    "Releases from 19.09 on refuse a map that has a key twice. "
	    "Older ones read it, and one of the two values has no effect."),
	ROW(YAML_OCTAL, "378", WARNING, "number with a leading zero",
	    "ejabberd reads numbers as decimal whatever zeros they begin "
	    "with, and drops these."),
	ROW(YAML_CUT_NUMBER, "379", WARNING, "number too large",
	    "Numbers of more than 64 bits are cut to the largest that fits, "
	    "silently."),
	ROW(YAML_COMMENT_CUTS, "380", WARNING, "text cut by a comment",
	    "A # behind a blank begins a comment, also where it was meant "
	    "to be a part of a password."),
	ROW(YAML_FANCY_QUOTE, "381", WARNING, "typographic quotes",
	    "YAML knows the straight quotes only. Others are a part of the "
	    "text."),
	ROW(YAML_SWALLOWED, "382", WARNING, "quoted text over several options",
	    "A text in quotes spans lines that look like options or items, "
	    "which are a part of the text therefore."),
	ROW(YAML_NAME, "383", ERROR, "name of the file doesn't fit",
	    "ejabberd reads files whose names end in .yml or .yaml as YAML, "
	    "and all others as Erlang terms, whatever they hold."),
	ROW(YAML_EXPANSION, "384", ERROR, "macros too large",
	    "Macros in macros would make the configuration many times larger "
	    "than it is written, or contain themselves."),
};
