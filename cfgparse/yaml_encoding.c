/*
 * Which bytes a YAML file may hold. What may not stand there is reported once
 * for each kind and covered in a copy of the same length, so that the rest
 * can be read and all places stay right.
 */
#include "cfgparse/base/utf8.h"
#include "cfgparse/yaml_private.h"

struct cover {
	struct yaml_parser *parser;
	char *copy; /* made at the first bad byte */
	size_t bytes, controls;
};

static bool
is_plain_byte(unsigned char c)
{
	return (c >= 0x20 && c <= 0x7E) || c == '\n' || c == '\t' || c == '\r';
}

/* What libyaml reads. */
static bool
is_allowed(uint32_t code)
{
	if (code < 0x80)
		return is_plain_byte((unsigned char)code);
	return code == 0x85 || (code >= 0xA0 && code <= 0xFFFD) ||
	       code >= 0x10000;
}

static void
cover(struct cover *cover, size_t at, size_t len)
{
	struct yaml_parser *parser = cover->parser;

	if (!cover->copy) {
		cover->copy = arena_memdup(
		    parser->arena, parser->text.ptr, parser->text.len);
		parser->text.ptr = cover->copy;
	}
	memset(cover->copy + at, '?', len);
}

enum { EDITS_MAX = 200 };

/* All bytes of the file that aren't UTF-8 as what they are in Latin-1; not
 * where some are nothing there, or too many. */
static void
edit_latin1(struct yaml_parser *parser, struct finding *finding, size_t at)
{
	size_t places[EDITS_MAX], count = 0, len;
	struct str text = parser->source->text;
	uint32_t code;

	for (; at < text.len; at += len) {
		unsigned char c = (unsigned char)text.ptr[at];
		len = c < 0x80
			  ? 1
			  : utf8_decode(text.ptr + at, text.len - at, &code);
		if (len)
			continue;
		if (c < 0xA0 || count == EDITS_MAX)
			return;
		places[count++] = at;
		len = 1;
	}
	for (size_t i = 0; i < count; i++) {
		unsigned char c = (unsigned char)text.ptr[places[i]];
		char utf8[] = { (char)(0xC0 | c >> 6), (char)(0x80 | (c & 63)),
			'\0' };
		yaml_edit(parser, finding, false, (uint32_t)places[i],
		    (uint32_t)places[i] + 1, utf8);
	}
}

static void
report_byte(struct cover *at, size_t byte)
{
	struct yaml_parser *parser = at->parser;
	unsigned char c = (unsigned char)parser->text.ptr[byte];
	struct finding *finding;

	if (at->bytes++)
		return;
	finding = yaml_report(parser, YAML_NOT_UTF8, (uint32_t)byte,
	    (uint32_t)byte + 1,
	    c >= 0x80 && c <= 0x9F
		? "the byte 0x%02X is not UTF-8, but what Windows-1252 has "
		  "for quotes and dashes"
		: "the byte 0x%02X is not UTF-8",
	    c);
	finding_hint(finding, "save the file as UTF-8");
	edit_latin1(parser, finding, byte);
}

static void
report_control(struct cover *at, size_t byte, size_t len, uint32_t code)
{
	struct finding *finding;

	if (at->controls++)
		return;
	finding = yaml_report(at->parser, YAML_CHARACTER, (uint32_t)byte,
	    (uint32_t)(byte + len),
	    "the control character U+%04X may not stand in YAML",
	    (unsigned)code);
	finding_hint(finding,
	    "remove it, or write it as \\x%02X in double "
	    "quotes",
	    (unsigned)code);
	yaml_edit(at->parser, finding, false, (uint32_t)byte,
	    (uint32_t)(byte + len), "");
}

static bool
is_utf16(struct str text)
{
	return text.len >= 2 && (memcmp(text.ptr, "\xff\xfe", 2) == 0 ||
				    memcmp(text.ptr, "\xfe\xff", 2) == 0);
}

bool
yaml_encoding(struct yaml_parser *parser)
{
	struct cover covered = { parser };
	struct str text = parser->text;

	if (is_utf16(text)) {
		finding_hint(
		    yaml_report(parser, YAML_UTF16, 0, 0, "the file is UTF-16"),
		    "save it as UTF-8");
		return false;
	}
	if (text.len >= 3 && memcmp(text.ptr, "\xef\xbb\xbf", 3) == 0)
		parser->start = 3;
	for (size_t i = parser->start; i < text.len;) {
		uint32_t code = (unsigned char)text.ptr[i];
		if (is_plain_byte((unsigned char)code)) {
			i++;
			continue;
		}
		size_t len = utf8_decode(text.ptr + i, text.len - i, &code);
		if (len == 0) {
			report_byte(&covered, i);
			cover(&covered, i, 1);
			len = 1;
		} else if (!is_allowed(code)) {
			report_control(&covered, i, len, code);
			cover(&covered, i, len);
		}
		i += len;
	}
	return true;
}
