/*
 * Passwords that stand in the configuration: weak ones, and one that guards
 * two things. Their texts never become part of a message.
 */
#include "cfgparse/rules_security.h"

#include "cfgparse/listener.h"
#include "cfgparse/rules_words.h"

enum { SECRET_MIN = 8, DEPTH_MAX = 8 };

struct secrets {
	struct lint *lint;
	struct map seen; /* text -> the term where it stood first */
};

/* Why it would soon be guessed, or NULL. */
static const char *
weakness(struct str text)
{
	static const char *const common[] = { "password", "changeme",
		"12345678", "123456789", "1234567890", "ejabberd", "jabberd2",
		"xmppserver", "mongooseim", "administrator", "letmein1",
		"qwertyui", "password1", "mypassword", "somepassword" };

	if (text.len == 0)
		return "is empty";
	if (text.len < SECRET_MIN)
		return "is shorter than 8 characters";
	for (size_t i = 0; i < sizeof common / sizeof *common; i++) {
		if (str_is(text, common[i]))
			return "is one of those that are tried first";
	}
	return NULL;
}

static void
check_secret(struct secrets *secrets, struct str name, const struct term *value)
{
	struct lint *lint = secrets->lint;
	struct finding *finding;
	struct str text;

	if (!lint_word(lint, value, &text))
		return;
	const char *why = weakness(text);
	if (why) {
		finding = lint_report(lint, &security_rules[SECRET_WEAK], value,
		    "the %.*s %s", STR_ARG(name), why);
		finding_hint(finding, "take a long random one, such as what "
				      "'openssl rand -base64 24' prints");
	}
	const struct term *first = map_get(&secrets->seen, text);
	if (!first) {
		map_put(&secrets->seen, text, (void *)(uintptr_t)value);
		return;
	}
	/* The same macro or alias in two places is still one password. */
	if (why)
		return;
	finding = lint_report(lint, &security_rules[SECRET_REUSED], value,
	    "the %.*s is the same as another one", STR_ARG(name));
	lint_related(finding, first, "the other one");
	finding_hint(finding, "give each of them a password of its own");
}

/* {odbc_server, {Type, Host, [Port,] Database, User, Password}} */
static void
check_server(struct secrets *secrets, const struct model_option *option)
{
	const struct term *value = option->value;

	if (value && value->kind == TERM_TUPLE && value->count >= 5)
		check_secret(
		    secrets, STR("password"), &value->items[value->count - 1]);
}

/* Passwords of components: {password, P} somewhere in the options. */
static void
walk(struct secrets *secrets, const struct term *term, unsigned depth)
{
	const struct term *key, *value;
	struct str name;

	if (depth == DEPTH_MAX)
		return;
	if (term->kind == TERM_TUPLE && term->count == 2 &&
	    term_is_atom(&term->items[0], "password")) {
		check_secret(secrets, STR("password"), &term->items[1]);
		return;
	}
	if (term->kind == TERM_MAP) {
		for (size_t i = 0; i < lint_pairs(term); i++) {
			lint_pair(term, i, &key, &value);
			if (lint_word(secrets->lint, key, &name) &&
			    model_is_secret(name))
				check_secret(secrets, name, value);
			else
				walk(secrets, value, depth + 1);
		}
		return;
	}
	if (term->kind != TERM_TUPLE && term->kind != TERM_LIST)
		return;
	for (size_t i = 0; i < term->count; i++)
		walk(secrets, &term->items[i], depth + 1);
}

void
rules_secrets(struct lint *lint)
{
	const struct model *model = lint->model;
	const struct model_settings *odbc =
	    model_settings(model, "odbc_server");
	struct secrets secrets = { .lint = lint };

	for (size_t i = 0; i < model->secret_count; i++) {
		const struct model_option *option = model->secrets[i];
		if (option->value)
			check_secret(&secrets, option->name, option->value);
	}
	for (const struct model_setting *s = odbc ? odbc->first : NULL; s;
	     s = s->next)
		check_server(&secrets, &s->option);
	for (size_t i = 0; i < model->listener_count; i++) {
		const struct model_listener *listener = &model->listeners[i];
		if (listener_is(listener, "ejabberd_service"))
			walk(&secrets, listener->whole, 0);
	}
	map_fini(&secrets.seen);
}
