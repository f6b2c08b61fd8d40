#ifndef CFGPARSE_CATALOGUE_PRIVATE_H
#define CFGPARSE_CATALOGUE_PRIVATE_H
/*
 * The tables behind catalogue.h. Included by cfgparse/catalogue*.c only.
 */
#include "cfgparse/catalogue.h"

extern const struct option catalogue_top[];
extern const struct option catalogue_backends[];
extern const struct option catalogue_listener_common[];
extern const struct service catalogue_listeners[];
extern const struct service catalogue_modules_a[];
extern const struct service catalogue_modules_m[];
extern const struct service catalogue_modules_r[];

#endif
