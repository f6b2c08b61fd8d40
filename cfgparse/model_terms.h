#ifndef CFGPARSE_MODEL_TERMS_H
#define CFGPARSE_MODEL_TERMS_H
/*
 * From the flattened terms of ejabberd 2.x to the model. Private to the
 * loader.
 */
#include "cfgparse/model_build.h"

/* Fills the builder's model from the terms, whose macros are replaced. */
void model_terms(
    struct model_builder *builder, struct term *terms, size_t count);

/* model_terms_services.c: what listen and modules hold. */
void model_terms_listen(
    struct model_builder *builder, const struct model_setting *setting);
void model_terms_modules(
    struct model_builder *builder, struct model_setting *setting);

/* model_terms_access.c: {acl, Name, Form}, {access, Name, Lines} and
 * {shaper, Name, Rate}. */
void model_terms_acl(
    struct model_builder *builder, struct model_setting *setting);
void model_terms_access(
    struct model_builder *builder, struct model_setting *setting);
void model_terms_shaper(
    struct model_builder *builder, struct model_setting *setting);

/* Text of an atom or a string, a list of character codes too; false for
 * everything else. */
bool build_word(
    struct model_builder *builder, const struct term *term, struct str *word);

#endif
