#include "cfgparse/cipher_list.h"
/*
 * Items are separated by colons, commas, semicolons or spaces. "!X" takes away
 * for good, "-X" for the time being, "+X" only moves; "A+B" means what is both.
 * A weakness counts as let in where an item brings it, no "!" names it and no
 * "-" stands behind it.
 */

struct word {
	const char *name;
	unsigned weak;
};

/* What the words of classes bring; 0: nothing weak. ALL brought more in
 * libraries of old, but anonymous ciphers in every one. */
static const struct word words[] = {
	{ "ALL", CIPHER_ANONYMOUS },
	{ "COMPLEMENTOFALL", CIPHER_NULL },
	{ "COMPLEMENTOFDEFAULT", CIPHER_ANONYMOUS },
	{ "DEFAULT", 0 },
	{ "NULL", CIPHER_NULL },
	{ "eNULL", CIPHER_NULL },
	{ "aNULL", CIPHER_ANONYMOUS },
	{ "ADH", CIPHER_ANONYMOUS },
	{ "AECDH", CIPHER_ANONYMOUS },
	{ "DH_anon", CIPHER_ANONYMOUS },
	{ "EXP", CIPHER_EXPORT },
	{ "EXPORT", CIPHER_EXPORT },
	{ "EXPORT40", CIPHER_EXPORT },
	{ "EXPORT56", CIPHER_EXPORT },
	{ "LOW", CIPHER_LOW | CIPHER_DES },
	{ "DES", CIPHER_DES },
	{ "RC4", CIPHER_RC4 },
	{ "RC2", CIPHER_RC2 },
	{ "MD5", CIPHER_MD5 },
	{ "HIGH", 0 },
	{ "MEDIUM", CIPHER_RC4 },
};

/* The others that OpenSSL knows and that bring nothing weak. */
static const char *const sound[] = { "3DES", "AES", "AES128", "AES256",
	"AESCCM", "AESCCM8", "AESGCM", "ARIA", "ARIA128", "ARIA256", "ARIAGCM",
	"CAMELLIA", "CAMELLIA128", "CAMELLIA256", "CBC", "CHACHA20", "DH",
	"DHE", "DSS", "ECDH", "ECDHE", "ECDHEPSK", "ECDSA", "EDH", "EECDH",
	"FIPS", "GOST", "GOST89MAC", "GOST94", "IDEA", "PSK", "RSA", "RSAPSK",
	"DHEPSK", "SEED", "SHA", "SHA1", "SHA256", "SHA384", "SRP", "SSLv2",
	"SSLv3", "SUITEB128", "SUITEB128C2", "SUITEB128ONLY", "SUITEB192",
	"TLSv1", "TLSv1.0", "TLSv1.2", "aDSS", "aECDH", "aECDSA", "aDH",
	"aGOST", "aGOST01", "aPSK", "aRSA", "kDH", "kDHE", "kDHEPSK", "kDHd",
	"kDHr", "kECDH", "kECDHE", "kECDHEPSK", "kECDHe", "kECDHr", "kEDH",
	"kEECDH", "kGOST", "kPSK", "kRSA", "kRSAPSK", "kSRP", NULL };

static bool
is_separator(char c)
{
	return c == ':' || c == ',' || c == ';' || c == ' ';
}

/* What the parts of a cipher's own name say: EXP-RC4-MD5. */
static unsigned
weak_part(struct str part, struct str before)
{
	if (str_is(part, "EXP") || str_is(part, "EXP1024"))
		return CIPHER_EXPORT;
	if (str_is(part, "RC4"))
		return CIPHER_RC4;
	if (str_is(part, "RC2"))
		return CIPHER_RC2;
	if (str_is(part, "NULL"))
		return CIPHER_NULL;
	if (str_is(part, "MD5"))
		return CIPHER_MD5;
	if (str_is(part, "ADH") || str_is(part, "AECDH"))
		return CIPHER_ANONYMOUS;
	/* DES-CBC-SHA; DES-CBC3-SHA has three times the key. */
	return str_is(part, "CBC") && str_is(before, "DES") ? CIPHER_DES : 0;
}

/* A cipher by its own name has hyphens, or is of TLS 1.3. */
static bool
own_name(struct str name, unsigned *weak)
{
	struct str part = { name.ptr, 0 }, before = { 0 };
	bool hyphen = false;

	*weak = 0;
	for (size_t i = 0; i <= name.len; i++) {
		if (i < name.len && name.ptr[i] != '-') {
			part.len++;
			continue;
		}
		*weak |= weak_part(part, before);
		hyphen |= i < name.len;
		before = part;
		part = (struct str){ name.ptr + i + 1, 0 };
	}
	return hyphen || (name.len > 4 && memcmp(name.ptr, "TLS_", 4) == 0);
}

/* False where OpenSSL doesn't know the word. */
static bool
read_word(struct str word, unsigned *weak)
{
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (str_is(word, words[i].name)) {
			*weak = words[i].weak;
			return true;
		}
	}
	*weak = 0;
	for (const char *const *row = sound; *row; row++) {
		if (str_is(word, *row))
			return true;
	}
	return own_name(word, weak);
}

/* One word, or several that all have to hold: of a cipher that is RC4 and MD5
 * both count, but ALL and HIGH only say where to look. */
static bool
read_item(struct str item, unsigned *weak)
{
	struct str part = { item.ptr, 0 };
	bool several = memchr(item.ptr, '+', item.len) != NULL;
	unsigned one;

	*weak = 0;
	for (size_t i = 0; i <= item.len; i++) {
		if (i < item.len && item.ptr[i] != '+') {
			part.len++;
			continue;
		}
		if (!read_word(part, &one))
			return false;
		if (!several || !(one & (one - 1)))
			*weak |= one;
		part = (struct str){ item.ptr + i + 1, 0 };
	}
	return true;
}

struct state {
	unsigned in;
	unsigned killed;
	bool positive;
};

static void
take(struct state *state, char sign, unsigned weak)
{
	if (sign == '!') {
		state->killed |= weak;
		state->in &= ~weak;
	} else if (sign == '-') {
		state->in &= ~weak;
	} else if (sign != '+') {
		state->in |= weak;
		state->positive = true;
	}
}

static void
read_command(struct str item, struct state *state, struct cipher_list *list)
{
	if (str_is(item, "@SECLEVEL=0"))
		state->in |= CIPHER_LEVEL;
	else if (!str_is(item, "@STRENGTH") &&
		 !(item.len == 11 && memcmp(item.ptr, "@SECLEVEL=", 10) == 0) &&
		 !list->unknown.len)
		list->unknown = item;
}

static void
read_one(struct str item, struct state *state, struct cipher_list *list)
{
	struct str name = item;
	unsigned weak;
	char sign = 0;

	if (item.ptr[0] == '@') {
		read_command(item, state, list);
		return;
	}
	if (item.ptr[0] == '!' || item.ptr[0] == '-' || item.ptr[0] == '+') {
		sign = item.ptr[0];
		name.ptr++;
		name.len--;
	}
	if (!read_item(name, &weak)) {
		if (!list->unknown.len)
			list->unknown = item;
		return;
	}
	take(state, sign, weak);
}

void
cipher_list_read(struct str text, struct cipher_list *list)
{
	struct state state = { 0 };
	size_t start = 0;

	*list = (struct cipher_list){ 0 };
	for (size_t i = 0; i <= text.len; i++) {
		if (i < text.len && !is_separator(text.ptr[i]))
			continue;
		if (i > start)
			read_one((struct str){ text.ptr + start, i - start },
			    &state, list);
		start = i + 1;
	}
	list->weak = state.in & ~state.killed;
	list->empty = !state.positive && !list->unknown.len;
}

const char *
cipher_weakness_text(enum cipher_weakness weakness)
{
	switch (weakness) {
	case CIPHER_NULL: return "no encryption (NULL)";
	case CIPHER_ANONYMOUS: return "no certificate (aNULL)";
	case CIPHER_EXPORT: return "40 bits (EXPORT)";
	case CIPHER_LOW: return "64 bits (LOW)";
	case CIPHER_DES: return "DES";
	case CIPHER_RC4: return "RC4";
	case CIPHER_RC2: return "RC2";
	case CIPHER_MD5: return "MD5";
	default: return "keys of any length (SECLEVEL=0)";
	}
}
