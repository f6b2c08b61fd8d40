#ifndef CERTGEN_PEM_OWNER_H
#define CERTGEN_PEM_OWNER_H
/* Whose a written file is to be: what --owner and --group say. */
#include <stdbool.h>
#include <sys/types.h>

/* Zero-initialised: nothing is asked for. */
struct pem_owner {
	bool user_given;
	bool group_given; /* the group may read it */
	uid_t user;
	gid_t group; /* with user_given only: the user's own */
};

/* Reads "USER" (in the user's own group, which may not read) or "USER:GROUP",
 * names or numbers; false where there is none such. */
bool pem_owner_parse(const char *text, struct pem_owner *owner);
/* Reads "GROUP", likewise, beside what the owner has already. */
bool pem_group_parse(const char *text, struct pem_owner *owner);

#endif
