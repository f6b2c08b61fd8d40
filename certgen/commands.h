#ifndef CERTGEN_COMMANDS_H
#define CERTGEN_COMMANDS_H
/*
 * The commands of xmpp-certgen. Each takes the command line from its own name
 * on (argv[0]) and returns the exit status.
 */

struct tlsa_dns;

/* Makes PEMs: for hosts that are named, or for those of a configuration. */
int command_self_signed(int argc, char **argv);
/* Makes an authority of one's own, and what it signs. */
int command_ca(int argc, char **argv);
/* Makes requests for the authorities of others. */
int command_csr(int argc, char **argv);
/* Judges PEMs; dns is asked about their TLSA records. */
int command_check(int argc, char **argv, const struct tlsa_dns *dns);
/* Says what is in PEMs. */
int command_show(int argc, char **argv);
/* Prints digests of certificates and keys. */
int command_fingerprint(int argc, char **argv);
/* Makes one PEM of several files. */
int command_join(int argc, char **argv);
/* Makes several files of one PEM. */
int command_split(int argc, char **argv);
/* Prints TLSA records of PEMs; dns is asked where they have to stand. */
int command_tlsa(int argc, char **argv, const struct tlsa_dns *dns);
/* Says how a configuration comes to name a PEM, and changes it. */
int command_install(int argc, char **argv);

#endif
