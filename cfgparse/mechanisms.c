#include "cfgparse/mechanisms.h"
/*
 * The table of mechanisms and looking them up.
 */

#include "cfgparse/cfg.h"
#include "cfgparse/model.h"

static const struct mechanism mechanisms[] = {
	{ "PLAIN", CFG_PLAIN },
	{ "SCRAM-SHA-1", CFG_SCRAM_SHA_1 },
	{ "SCRAM-SHA-256", CFG_SCRAM_SHA_256 },
	{ "SCRAM-SHA-1-PLUS", CFG_SCRAM_SHA_1_PLUS },
	{ "SCRAM-SHA-256-PLUS", CFG_SCRAM_SHA_256_PLUS },
	{ "SCRAM-SHA-512", 0 },
	{ "SCRAM-SHA-512-PLUS", 0 },
	{ "DIGEST-MD5", 0 },
	{ "X-OAUTH2", 0 },
	{ "EXTERNAL", 0 },
	{ "ANONYMOUS", 0 },
};

static bool
same_name(struct str given, const char *name)
{
	if (given.len != strlen(name))
		return false;
	for (size_t i = 0; i < given.len; i++) {
		char c = given.ptr[i];
		if ((c >= 'a' && c <= 'z' ? c - 32 : c) != name[i])
			return false;
	}
	return true;
}

const struct mechanism *
mechanism_find(const struct term *term)
{
	struct str text;

	if (!model_word(term, &text))
		return NULL;
	for (size_t i = 0; i < sizeof mechanisms / sizeof *mechanisms; i++) {
		if (same_name(text, mechanisms[i].name))
			return &mechanisms[i];
	}
	return NULL;
}
