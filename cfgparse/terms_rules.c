/*
 * What each rule of the Erlang terms dialect means to an operator. Knows no
 * places; the lexer and the parser report them.
 */
#include "cfgparse/terms_rules.h"

#define ROW(index, number, level, name, text) \
	[index] = { "CFG" number, SEVERITY_##level, name, text }

const struct rule terms_rules[TERMS_RULES] = {
	ROW(TERMS_NOT_UTF8, "001", ERROR, "text is not UTF-8",
	    "Erlang has read files of terms as UTF-8 since OTP 17. Save the "
	    "file as UTF-8, or put the comment `%% coding: latin-1` on its "
	    "first line if it really is Latin-1."),
	ROW(TERMS_LATIN1, "002", WARNING, "text is read as Latin-1",
	    "The file isn't UTF-8, so every byte of it is taken for one "
	    "Latin-1 character, as the Erlang of ejabberd 2.1 did. Save it as "
	    "UTF-8 to make it readable for every version."),
	ROW(TERMS_BYTE_ORDER_MARK, "003", ERROR, "byte order mark",
	    "Some editors put an invisible byte order mark at the start of a "
	    "UTF-8 file. No version of Erlang accepts it outside a comment."),
	ROW(TERMS_CHARACTER, "004", ERROR, "character not allowed here",
	    "Outside quotes only ASCII and the letters of Latin-1 may stand. "
	    "Typographic quotes, long dashes and invisible blanks usually "
	    "come from a web page or a word processor."),
	ROW(TERMS_QUOTE, "005", ERROR, "missing quote",
	    "A string or quoted atom isn't closed where it should be, so that "
	    "the text after it is taken for its content, and what is in "
	    "quotes further down for terms."),
	ROW(TERMS_ESCAPE, "006", ERROR, "wrong escape",
	    "In quotes a backslash starts an escape. \\x needs two hexadecimal "
	    "digits, or some in braces that name a character. A backslash "
	    "itself is written twice, as in \"C:\\\\dir\"."),
	ROW(TERMS_NUMBER, "007", ERROR, "malformed number",
	    "Integers are digits, with single underscores between them, or "
	    "BASE#DIGITS with a base from 2 to 36. Floats need digits on both "
	    "sides of the point, also before an exponent."),
	ROW(TERMS_MISSING_DOT, "008", ERROR, "missing dot between terms",
	    "Every term ends with a dot. Without it Erlang takes the next "
	    "term for a part of this one and complains there, often many "
	    "lines below the mistake."),
	ROW(TERMS_FINAL_DOT, "009", ERROR, "missing final dot",
	    "The last term ends with a dot as well."),
	ROW(TERMS_MISSING_COMMA, "010", ERROR, "missing comma",
	    "The items of lists and tuples are separated by commas."),
	ROW(TERMS_EXTRA_COMMA, "011", ERROR, "comma without an item",
	    "A comma separates two items: none may stand after the last one. "
	    "This is what remains when the last item of a list is commented "
	    "out."),
	ROW(TERMS_WRONG_BRACKET, "012", ERROR, "wrong closing bracket",
	    "What was opened with one kind of bracket is closed with "
	    "another."),
	ROW(TERMS_UNCLOSED, "013", ERROR, "bracket not closed",
	    "A bracket is opened and never closed before its term, or the "
	    "bracket around it, ends."),
	ROW(TERMS_STRAY_BRACKET, "014", ERROR, "closing bracket too many",
	    "A bracket is closed that was never opened, or that was closed "
	    "before."),
	ROW(TERMS_COMMENT, "015", ERROR, "not a comment",
	    "Comments start with % and reach to the end of the line. There is "
	    "no other form."),
	ROW(TERMS_UNQUOTED, "016", ERROR, "text needs quotes",
	    "Host names, addresses, paths and anything else with dots, "
	    "slashes or colons must stand in double quotes."),
	ROW(TERMS_CAPITAL, "017", ERROR, "atom starts with a capital",
	    "A word that starts with a capital letter or an underscore is a "
	    "variable in Erlang and has no value in a file. Atoms such as "
	    "true start with a small letter, or stand in single quotes."),
	ROW(TERMS_EXPRESSION, "018", ERROR, "expressions are not evaluated",
	    "A file of terms holds values only: no calls, operators, macros, "
	    "records or functions other than `fun module:name/arity`."),
	ROW(TERMS_RESERVED, "019", ERROR, "reserved word",
	    "Words such as end, if, or and not have a meaning in Erlang and "
	    "are atoms only in single quotes."),
	ROW(TERMS_BINARY_PART, "020", ERROR, "malformed binary",
	    "A part of a binary is an integer, a float, a string or a binary, "
	    "with an optional size and type that fit each other."),
	ROW(TERMS_MAP_PAIR, "021", ERROR, "malformed map",
	    "A map holds pairs, written key => value."),
	ROW(TERMS_LONG_ATOM, "022", ERROR, "atom too long",
	    "Erlang's atoms have at most 255 characters. Longer texts are "
	    "strings, in double quotes."),
	ROW(TERMS_TOO_DEEP, "023", ERROR, "nested too deeply",
	    "Brackets may stand in each other 1,000 levels deep."),
	ROW(TERMS_HUGE_INTEGER, "024", ERROR, "integer too long",
	    "Integers of more than 100,000 digits are not read. Those of "
	    "thousands of digits that have to be converted, as they have "
	    "another base than 10 or stand in a binary, are read up to a few "
	    "seconds' work for a file."),
	ROW(TERMS_HUGE_FILE, "025", ERROR, "file too large",
	    "Files of more than 64 MiB (67,108,864 bytes) are not read, nor "
	    "what comes behind four million terms or items of one bracket."),
	ROW(TERMS_HUGE_BINARY, "026", ERROR, "binary too large",
	    "The binaries of a file may not add up to more than 4 MiB."),
	ROW(TERMS_TOO_MANY, "027", ERROR, "too many errors",
	    "Reading stops after 50 errors; what follows has not been "
	    "looked at."),
	ROW(TERMS_SYNTAX, "028", ERROR, "syntax error",
	    "What stands here can't continue the term before it."),
	ROW(TERMS_DOT_SPACE, "029", ERROR, "no blank after the dot",
	    "The dot that ends a term must be followed by a blank, a new "
	    "line, a comment or the end of the file."),
};
