#ifndef CFGPARSE_RULES_LISTENERS_H
#define CFGPARSE_RULES_LISTENERS_H
/*
 * The rules about listeners (CFG170 to CFG199), and what the readers of both
 * dialects say of an address that is none.
 */
#include "cfgparse/lint.h"

enum listener_rule {
	LISTENER_OVERLAP,
	LISTENER_DUAL,
	LISTENER_PRIVILEGED,
	LISTENER_UNUSUAL,
	LISTENER_SWAPPED,
	LISTENER_TLS_PORT,
	LISTENER_ONE_FAMILY,
	LISTENER_ADDRESS_FORM,
	LISTENER_BOSH_FIRST,
	TURN_ADDRESS,
	TURN_PORTS,
	LISTENER_TRANSPORT,
	LISTENER_STANZA_SIZE,
	LISTENER_BACKLOG,
	COMPONENT_LOCKED,
	HANDLER_SHADOWED,
	HANDLER_UNKNOWN,
	LISTENER_UNLIMITED,
	LISTENER_PATH,
	LISTENER_RULE_COUNT
};

/* CFG052 at what is no IP address: why, and what was probably meant. */
void rules_bad_address(struct lint *lint, const struct term *at);

/* The parts of rules_listeners: listeners beside each other; one listener
 * with its options; what ejabberd_http hands requests to. */
void rules_ports(struct lint *lint);
void rules_listener_options(struct lint *lint);
void rules_handlers(struct lint *lint, const struct model_listener *listener);

#endif
