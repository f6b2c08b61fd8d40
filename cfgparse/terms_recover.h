#ifndef CFGPARSE_TERMS_RECOVER_H
#define CFGPARSE_TERMS_RECOVER_H
/*
 * What the three files of the terms reader's recovery share: saying what is
 * wrong (terms_recover.c), mistakes in the text (terms_recover_text.c) and in
 * its brackets (terms_recover_bracket.c). Private to the terms reader.
 */
#include "cfgparse/terms_parse.h"

/* Reports at the end of the token before the one at hand. */
struct finding *recover_gap(
    struct parser *parser, enum terms_rule rule, const char *message);
/* These add to a finding, which may be NULL: a place, the bracket's opening,
 * what to do, and an edit. */
void recover_related(struct parser *parser, struct finding *finding,
    uint32_t begin, uint32_t end, const char *message);
void recover_opener(
    struct parser *parser, struct finding *finding, const struct frame *frame);
void recover_hint(struct finding *finding, const char *hint);
void recover_edit(struct parser *parser, struct finding *finding, bool safe,
    uint32_t begin, uint32_t end, const char *text);
/* Reads the next token where the lexer's cursor has been moved to. */
void recover_resume(struct parser *parser);
/* Moves to the comma, closing bracket or dot that ends the present item. */
void recover_skip_item(struct parser *parser);
/* True where no blank is between the token at hand and the one before. */
bool recover_is_glued(const struct parser *parser);
/* True where nothing stands before the token on its line. */
bool recover_first_on_line(const struct parser *parser);
bool token_is_wordlike(const struct token *token);

/* terms_recover_text.c: true where the mistake is of that kind; it has then
 * been reported, and the parser can go on. */
bool recover_quote(struct parser *parser);
bool recover_comment(struct parser *parser);
bool recover_word(struct parser *parser);
bool recover_placeholder(struct parser *parser);
/* True where the broken token is a text in typographic quotes. */
bool recover_is_typographic(const struct token *token);
/* How far the run of characters that look like one word goes. */
const char *recover_word_end(
    const struct parser *parser, const struct token *first);
/* Reports the word that begins with the token and reads over it. */
void recover_report_word(struct parser *parser, const struct token *first);

/* terms_recover_bracket.c: maps close like tuples. */
enum bracket bracket_closes_like(enum bracket kind);
/* Ends the innermost bracket, whatever it lacks. */
void recover_close(struct parser *parser);
/* At a closing bracket that doesn't match. */
void recover_bracket(struct parser *parser, enum bracket kind);
/* At a comma behind a whole term: true where brackets are closed further down
 * that nothing opened, as where the beginning of a block is commented out. The
 * parser is then at the dot of it all. */
bool recover_half_commented(struct parser *parser);
/* At a dot inside brackets. */
void recover_dot(struct parser *parser);
/* At the end of the file. */
void recover_end(struct parser *parser);
/* True where the token at hand begins a line as terms do. */
bool recover_begins_term(const struct parser *parser);
/* True where the token at hand looks like the next term's first. */
bool recover_sees_next_term(const struct parser *parser);
/* At the first token of the next term. */
void recover_next_term(struct parser *parser);

#endif
