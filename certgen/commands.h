#ifndef CERTGEN_COMMANDS_H
#define CERTGEN_COMMANDS_H
/*
 * The commands of xmpp-certgen. Each takes the command line from its own name
 * on (argv[0]) and returns the exit status.
 */

/* Makes PEMs: for hosts that are named, or for those of a configuration. */
int command_self_signed(int argc, char **argv);
/* Judges PEMs. */
int command_check(int argc, char **argv);
/* Says what is in PEMs. */
int command_show(int argc, char **argv);

#endif
