#ifndef AUTH_SCRAM_MESSAGE_H
#define AUTH_SCRAM_MESSAGE_H
/*
 * A SCRAM client's two messages, read strictly by the grammar of RFC 5802
 * section 7. Knows the form, not whether the content is acceptable.
 */
#include <stdbool.h>

#include "cfgparse/base/arena.h"
#include "cfgparse/base/str.h"

enum { SCRAM_MESSAGE_MAX = 4096, SCRAM_CLIENT_NONCE_MAX = 512 };

/* Views into the message, but for the decoded names (in the arena). */
struct scram_first {
	struct str gs2;	    /* the GS2 header with its last comma */
	char binding;	    /* 'n', 'y' or 'p' */
	struct str cb_name; /* of p= */
	struct str authzid; /* decoded, empty where there is none */
	struct str bare;    /* client-first-message-bare */
	struct str user;    /* decoded */
	struct str nonce;
};

struct scram_final {
	struct str without_proof;
	struct str binding; /* base64 */
	struct str nonce;
	struct str proof; /* base64 */
};

/* NULL where the message is well-formed, else what is wrong. Static text. */
const char *scram_first_read(
    struct arena *arena, struct str message, struct scram_first *first);
const char *scram_final_read(struct str message, struct scram_final *final);

#endif
