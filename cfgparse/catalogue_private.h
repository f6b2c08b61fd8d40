#ifndef CFGPARSE_CATALOGUE_PRIVATE_H
#define CFGPARSE_CATALOGUE_PRIVATE_H
/*
 * The tables behind catalogue.h, and what its files share. Included by
 * cfgparse/catalogue*.c only.
 */
#include "cfgparse/catalogue.h"

extern const struct option catalogue_top_a[];
extern const struct option catalogue_top_l[];
extern const struct option catalogue_backends[];
extern const struct option catalogue_listener_common[];
extern const struct service catalogue_listeners[];
extern const struct service catalogue_modules_a[];
extern const struct service catalogue_modules_i[];
extern const struct service catalogue_modules_mi[];
extern const struct service catalogue_modules_mul[];
extern const struct service catalogue_modules_r[];
extern const struct service catalogue_modules_s[];
extern const struct service catalogue_modules_foreign[];

/* All tables of a kind, ended by NULL. */
extern const struct option *const catalogue_top_tables[];
extern const struct service *const catalogue_module_tables[];

/* One word of a list such as "plain riak@-1905", and the releases that have
 * it; 0 where nothing is said. */
struct word {
	struct str text;
	unsigned first;
	unsigned last;
};

/* Takes the next word off the list; false at its end. */
bool catalogue_word(const char **list, struct word *word);
/* True where the target knows the word; NULL and xmppd know all. */
bool catalogue_word_counts(
    const struct word *word, const struct target *target);

/* Where a value of YAML isn't what its shape asks for. */
struct misfit {
	const struct term *at;
	const struct type *wanted;
	bool key; /* at is a key: wanted says which there are */
};

/* catalogue_yaml.c: a value against a shape of YAML. */
bool catalogue_fits(const struct type *type, const struct target *target,
    const struct term *value, struct misfit *misfit);
/* catalogue_yaml_text.c: a word or a quoted text against the kinds that are
 * about one text. */
bool catalogue_text_fits(
    const struct type *type, const struct target *target, struct str text);
/* catalogue_yaml_access.c: rules that are written in place. */
bool catalogue_access_fits(const struct target *target,
    const struct term *value, struct misfit *misfit);
bool catalogue_shaper_fits(const struct target *target,
    const struct term *value, struct misfit *misfit);
bool catalogue_acl_fits(const struct target *target, const struct term *value,
    struct misfit *misfit);

/* catalogue_words.c: what a shape accepts for the target, in words; as_key:
 * which keys. Allocated in the arena. */
const char *catalogue_shape_words(const struct type *type, bool as_key,
    const struct target *target, struct arena *arena);

#endif
