#ifndef TESTS_XML_TREE_H
#define TESTS_XML_TREE_H
/* Trees for tests: out of text, and compared. */
#include "server/xml/xml.h"

/* The first-level elements of a stream in jabber:client whose prefix x is
 * bound to urn:x; drop each. Returns how many came, at most max; *error tells
 * whether the stream broke. */
size_t trees_of(
    struct str text, struct xml_tree **trees, size_t max, bool *error);
/* The one tree of a text, or NULL where there isn't exactly one. */
struct xml_tree *tree_of(struct str text);
/* Same names, attributes (in any order) and text. */
bool xml_equal(const struct xml_node *a, const struct xml_node *b);

#endif
