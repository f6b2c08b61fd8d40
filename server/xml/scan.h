#ifndef XML_SCAN_H
#define XML_SCAN_H
/*
 * Private to server/xml: where an unfinished piece of markup ends. expat
 * reads an unfinished tag from its beginning with every byte that arrives,
 * which a peer could make quadratic; so long ones are held back until this
 * small machine, which looks at each byte once, has seen the end.
 */
#include <stdbool.h>
#include <stddef.h>

enum xml_scan_state {
	SCAN_NONE, /* nothing unfinished that is of interest */
	SCAN_OPEN, /* "<" */
	SCAN_BANG, /* "<!" */
	SCAN_TAG,
	SCAN_SINGLE, /* inside '...' of a tag */
	SCAN_DOUBLE,
	SCAN_REFERENCE,	 /* "&" */
	SCAN_RESTRICTED, /* a comment, PI or DTD began */
	SCAN_COMPLETE,	 /* the tag has ended */
};

struct xml_scan {
	enum xml_scan_state state;
};

/* Begins anew at the first of the bytes, and goes on as xml_scan_more. */
void xml_scan_start(struct xml_scan *scan, const char *bytes, size_t len);
/* Looks at the bytes that follow. */
void xml_scan_more(struct xml_scan *scan, const char *bytes, size_t len);
/* True inside a tag that has not ended. */
bool xml_scan_in_tag(const struct xml_scan *scan);

#endif
