#ifndef CFGPARSE_MECHANISMS_H
#define CFGPARSE_MECHANISMS_H
/*
 * The login mechanisms that disable_sasl_mechanisms can name.
 */
#include "cfgparse/term.h"

struct mechanism {
	const char *name;
	unsigned bit; /* enum cfg_mechanism, or 0: not known by this server */
};

/* By a term that names it, in small or large letters; NULL: there is none
 * such. */
const struct mechanism *mechanism_find(const struct term *term);

#endif
