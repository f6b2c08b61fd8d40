#ifndef XML_TREE_H
#define XML_TREE_H
/* Private to server/xml: what the parser needs of trees beyond xml.h. */
#include "server/xml/xml.h"

/* A tree without a root yet. */
struct xml_tree *xml_tree_empty(void);
/* Hangs a node, or an attribute, behind those that are there. */
void xml_append(struct xml_node *parent, struct xml_node *node);
void xml_append_attr(struct xml_node *node, struct xml_attr *attr);

#endif
