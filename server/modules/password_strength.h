#ifndef MODULES_PASSWORD_STRENGTH_H
#define MODULES_PASSWORD_STRENGTH_H
/*
 * How hard a password is to guess if its characters were drawn at random from
 * the kinds that occur in it: the measure that password_strength of
 * ejabberd's mod_register is set by.
 */
#include "cfgparse/base/str.h"

/* Bits: characters times log2 of how many there are of the kinds used
 * (a-z and A-Z 26 each, digits 9 as ejabberd counts them, other printable
 * ASCII 33, anything else 128). 0 for "". */
double password_entropy(struct str password);

#endif
