#ifndef CERTGEN_INSTALL_H
#define CERTGEN_INSTALL_H
/*
 * What --install, --update-config and --diff ask for: how a server comes to
 * use a PEM that is there. Knows nothing of how it was made.
 */
#include <stdbool.h>
#include <stdio.h>

#include "certgen/config_update.h"

struct install {
	bool lines;  /* print what to write into the configuration */
	bool update; /* write it */
	bool diff;   /* show what would be written */
	/* In which language, where no configuration tells; NONE: in both. */
	enum cfg_dialect dialect;
};

/* Reads the value of --dialect, as the linter does. */
bool install_dialect(const char *text, enum cfg_dialect *dialect);
/* Whether anything is asked for. */
bool install_wanted(const struct install *install);

/*
 * Does what is asked for and tells it. config: the file, or NULL where only
 * lines are wanted. False where it can't: said on stderr.
 */
bool install_run(struct arena *arena, const struct install *install,
    const char *config, const struct config_pem *pem, FILE *report);

#endif
