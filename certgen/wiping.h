#ifndef CERTGEN_WIPING_H
#define CERTGEN_WIPING_H
/*
 * OpenSSL forgets to wipe some of what it frees: encoding an EC key leaves the
 * number behind, decoding one its text. A program that handles keys has it
 * free through here.
 */
#include <stdbool.h>

/* From now on, all that OpenSSL frees is wiped first. To be called before
 * anything else of OpenSSL is; false where that has been already. */
bool wiping_start(void);

#endif
