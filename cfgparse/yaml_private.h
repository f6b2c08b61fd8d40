#ifndef CFGPARSE_YAML_PRIVATE_H
#define CFGPARSE_YAML_PRIVATE_H
/*
 * What the files of the YAML reader share. Included by cfgparse/yaml_*.c only.
 */
#include "cfgparse/base/arena.h"
#include "cfgparse/term.h"
#include "cfgparse/yaml.h"
#include "cfgparse/yaml_reader.h"
#include "cfgparse/yaml_rules.h"

struct yaml_parser {
	struct arena *arena;
	const struct source *source;
	struct findings *findings;
	const struct term_file *file;
	struct str text; /* the source's, of the same length, made readable */
	uint32_t start;	 /* behind a byte order mark */
	unsigned errors;
	bool over;	    /* too many errors */
	bool two_documents; /* that was reported */
	bool aliases;	    /* stand where values should be */
};

/* A finding at the bytes; counts errors. */
struct finding *yaml_report(struct yaml_parser *parser, enum yaml_rule rule,
    uint32_t begin, uint32_t end, const char *message, ...)
    __attribute__((format(printf, 5, 6)));

/* An edit that mends it: the bytes from begin to end become the text. */
void yaml_edit(struct yaml_parser *parser, struct finding *finding, bool safe,
    uint32_t begin, uint32_t end, const char *text);
/* The same by quotes around the bytes, where these have neither quotes nor
 * backslashes. */
void yaml_edit_quotes(struct yaml_parser *parser, struct finding *finding,
    bool safe, uint32_t begin, uint32_t end);

/*
 * yaml_tree.c: the tree of the bytes from begin to end; *root is NULL where
 * they hold nothing. False at a fault of syntax, which *problem then
 * describes; nothing was reported.
 */
bool yaml_tree(struct yaml_parser *parser, uint32_t begin, uint32_t end,
    struct term **root, struct yaml_problem *problem);

/* yaml_scalar.c: fills in kind and value of a scalar whose begin and end are
 * set. */
void yaml_scalar(struct yaml_parser *parser, const struct yaml_event *event,
    struct term *term);

/* yaml_encoding.c: the text that the reader gets; reports what isn't UTF-8
 * or may not stand in YAML. False where nothing can be read. */
bool yaml_encoding(struct yaml_parser *parser);

/* yaml_recover.c: reads the file block by block after the fault; the sound
 * ones become *root, a map. */
void yaml_recover(struct yaml_parser *parser,
    const struct yaml_problem *problem, struct term **root);
/* yaml_diagnose.c: reports one fault in the block from begin to end. */
void yaml_diagnose(struct yaml_parser *parser, uint32_t begin, uint32_t end,
    const struct yaml_problem *problem);
/* yaml_traps.c: reports what YAML reads otherwise than it looks, and mends in
 * the tree what it calls an error. */
void yaml_traps(struct yaml_parser *parser, struct term *root);

/* yaml_lines.c: the line of a byte, without its end; *begin is where it
 * begins. */
struct str yaml_line(
    const struct yaml_parser *parser, uint32_t at, uint32_t *begin);
/* Where the line after that of a byte begins. */
uint32_t yaml_next_line(const struct yaml_parser *parser, uint32_t at);
/* How many bytes of the line are blanks or tabs at its start. */
size_t yaml_indent(struct str line);
/* True for a line without anything but blanks or a comment. */
bool yaml_is_void(struct str line);
/* The bytes of a key at the start of the text, behind which a colon and a
 * blank or the end of the line follow; 0 where there's none. */
size_t yaml_key(struct str text);
/* The same for a word that could be one, whatever follows it. */
size_t yaml_word(struct str text);
/* A word that nothing but a comment follows. */
bool yaml_is_lone_word(struct str text);
/* Where a quote is opened in the line that the line doesn't close. */
bool yaml_open_quote(struct str line, size_t *at);
/* Characters that look like a blank, or like nothing, and are neither. */
bool yaml_is_odd_blank(uint32_t code);
/* True for "- " or a dash alone. */
bool yaml_is_item(struct str text);

#endif
