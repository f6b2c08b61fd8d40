#include "cfgparse/rules_tls.h"
/*
 * Options of TLS wherever they stand: at the top level, in host_config and in
 * listeners. One that a macro gives to many listeners is judged once.
 */
#include "cfgparse/base/arena.h"
#include "cfgparse/cipher_list.h"
#include "cfgparse/listener.h"
#include "cfgparse/rules_words.h"
#include "cfgparse/target.h"

struct options_check {
	struct lint *lint;
	struct map seen; /* places that were judged */
};

/* False where the place was asked for before. */
static bool
once(struct options_check *check, const struct term *term)
{
	struct place {
		const struct source *source;
		uint32_t begin;
	} place;

	memset(&place, 0, sizeof place);
	place.source = term->file->source;
	place.begin = term->begin;
	return !map_put(&check->seen,
	    (struct str){ (const char *)&place, sizeof place }, check);
}

/* --- protocols --- */

enum {
	SSLV2 = 1,
	SSLV3 = 2,
	TLSV1 = 4,
	TLSV1_1 = 8,
	TLSV1_2 = 16,
	TLSV1_3 = 32
};

static const char *const versions[] = { "sslv2", "sslv3", "tlsv1", "tlsv1_1",
	"tlsv1_2", "tlsv1_3" };
static const char *const shown_versions[] = { "SSL 2", "SSL 3", "TLS 1.0",
	"TLS 1.1", "TLS 1.2", "TLS 1.3" };

/* The version's bit, or 0. */
static unsigned
version_bit(struct str word)
{
	for (unsigned i = 0; i < 6; i++) {
		if (word.len == strlen(versions[i]) &&
		    memcmp(word.ptr, versions[i], word.len) == 0)
			return 1u << i;
	}
	return 0;
}

/* What the word switches off; a version without no_ is left on by it. */
static unsigned
read_protocol(struct options_check *check, const struct term *at,
    struct str word, bool whole)
{
	static const char no[] = "no_";
	unsigned bit;

	while (word.len && str_is_blank(word.ptr[0])) {
		word.ptr++;
		word.len--;
	}
	while (word.len && str_is_blank(word.ptr[word.len - 1]))
		word.len--;
	if (word.len > 3 && memcmp(word.ptr, no, 3) == 0)
		return version_bit((struct str){ word.ptr + 3, word.len - 3 });
	bit = version_bit(word);
	if (!bit || bit >= TLSV1_2)
		return 0;
	struct finding *finding =
	    lint_report(check->lint, &tls_rules[TLS_PROTOCOL], at,
		"%.*s leaves a broken version on", STR_ARG(word));
	const char *mended =
	    arena_printf(check->lint->arena, "no_%.*s", STR_ARG(word));
	finding_hint(finding, "write %s to switch it off", mended);
	struct span span = term_span(at);
	if (whole && at->kind == TERM_ATOM && !at->file->origin)
		finding_edit(finding, false, &span, mended);
	return bit;
}

static unsigned
read_protocols(struct options_check *check, const struct term *at)
{
	struct str text;
	unsigned off = 0;

	if (!model_word(at, &text))
		return 0;
	for (size_t i = 0, start = 0; i <= text.len; i++) {
		if (i < text.len && text.ptr[i] != '|')
			continue;
		off |= read_protocol(check, at,
		    (struct str){ text.ptr + start, i - start },
		    i - start == text.len);
		start = i + 1;
	}
	return off;
}

static void
check_protocols(struct options_check *check, const struct term *value)
{
	struct lint *lint = check->lint;
	unsigned off = 0, left;

	if (!value || !once(check, value))
		return;
	if (value->kind == TERM_LIST) {
		for (size_t i = 0; i < value->count; i++)
			off |= read_protocols(check, &value->items[i]);
	} else {
		off = read_protocols(check, value);
	}
	if (off & TLSV1_2 && off & TLSV1_3) {
		finding_hint(
		    lint_report(lint, &tls_rules[TLS_PROTOCOL], value,
			"TLS 1.2 and 1.3 are switched off, so that only "
			"outdated versions are left"),
		    "take no_tlsv1_2 and no_tlsv1_3 away");
		return;
	}
	left = ~off & (SSLV3 | TLSV1 | TLSV1_1);
	if (!left || lint->for_xmppd)
		return;
	const char *names = "", *words = "";
	for (unsigned i = 0; i < 6; i++) {
		if (!(left & (1u << i)))
			continue;
		names = arena_printf(lint->arena, "%s%s%s", names,
		    *names ? ", " : "", shown_versions[i]);
		words = arena_printf(lint->arena, "%s%sno_%s", words,
		    *words ? ", " : "", versions[i]);
	}
	finding_hint(lint_report(lint, &tls_rules[TLS_OLD_PROTOCOL], value,
			 "these options leave %s on", names),
	    "add %s", words);
}

/* --- ciphers --- */

enum { CIPHERS_MAX = 200 }; /* of one list; there are not so many */

static void
report_ciphers(struct options_check *check, const struct term *value,
    const struct cipher_list *list)
{
	struct lint *lint = check->lint;
	const char *names = "";

	for (unsigned i = 0; i < CIPHER_WEAKNESSES; i++) {
		if (list->weak & (1u << i))
			names = arena_printf(lint->arena, "%s%s%s", names,
			    *names ? ", " : "", cipher_weakness_text(1u << i));
	}
	if (*names)
		finding_hint(lint_report(lint, &tls_rules[TLS_CIPHERS], value,
				 "the ciphers let in %s", names),
		    "write \"HIGH:!aNULL:!3DES:@STRENGTH\", or exclude them "
		    "with !");
}

static void
check_ciphers(struct options_check *check, const struct term *value)
{
	struct cipher_list list;
	struct str text;

	if (!value || !once(check, value))
		return;
	if (value->kind == TERM_LIST) {
		const char *joined = "";
		for (size_t i = 0; i < value->count && i < CIPHERS_MAX; i++) {
			if (model_word(&value->items[i], &text))
				joined = arena_printf(check->lint->arena,
				    "%s:%.*s", joined, STR_ARG(text));
		}
		text = str_of(joined);
	} else if (!model_word(value, &text)) {
		return;
	}
	cipher_list_read(text, &list);
	report_ciphers(check, value, &list);
	if (list.empty && text.len)
		finding_hint(
		    lint_report(check->lint, &tls_rules[TLS_CIPHER_WORD], value,
			"the ciphers only exclude, so that none is "
			"left"),
		    "begin with HIGH or DEFAULT");
	else if (list.unknown.len) {
		struct finding *finding =
		    lint_report(check->lint, &tls_rules[TLS_CIPHER_WORD], value,
			"OpenSSL knows no ciphers named %.*s",
			STR_ARG(list.unknown));
		finding_severity(finding, SEVERITY_INFO);
		finding_hint(finding, "check the spelling; openssl ciphers -v "
				      "shows what a list means");
	}
}

/* --- checks of peers --- */

static void
report_verify(struct lint *lint, const struct term *at, const char *name)
{
	finding_hint(lint_report(lint, &tls_rules[TLS_VERIFY], at,
			 "nothing says which authorities are trusted"),
	    "add %s", lint_option(lint, at, name, "\"/path/ca.pem\""));
}

static bool
given(struct lint *lint, const char *name)
{
	return model_settings(lint->model, name) != NULL;
}

static void
check_verify_settings(struct options_check *check)
{
	static const char *const rows[][3] = {
		{ "ldap_tls_verify", "ldap_tls_cacertfile", "ldap_encrypt" },
		{ "sql_ssl_verify", "sql_ssl_cafile", "sql_ssl" },
	};
	struct lint *lint = check->lint;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct model_settings *all =
		    model_settings(lint->model, rows[i][0]);
		const struct model_setting *setting = all ? all->first : NULL;
		for (; setting; setting = setting->next) {
			const struct term *value = setting->option.value;
			if (!value || term_is_atom(value, "false") ||
			    given(lint, rows[i][1]))
				continue;
			report_verify(lint, setting->option.key, rows[i][1]);
		}
	}
	const struct model_setting *use =
	    model_setting(lint->model, "s2s_use_starttls", NULL);
	if (use && use->option.value && lint->target->release &&
	    lint->target->release < 1712 &&
	    term_is_atom(use->option.value, "required_trusted") &&
	    !given(lint, "s2s_cafile") && !given(lint, "ca_path"))
		report_verify(lint, use->option.value, "s2s_cafile");
}

static void
check_verify(struct lint *lint, const struct model_listener *listener)
{
	const struct model_option *verify =
	    model_option(&listener->options, "tls_verify");

	if (!verify || !model_flag(&listener->options, "tls_verify", false) ||
	    !lint->target->release || lint->target->release >= 1712 ||
	    model_option(&listener->options, "cafile") ||
	    given(lint, "c2s_cafile") || given(lint, "ca_path"))
		return;
	report_verify(lint, verify->key, "cafile");
}

/* --- all --- */

static void
check_compression(
    struct options_check *check, const struct model_option *option)
{
	if (option->value && !term_is_atom(option->value, "true"))
		return;
	if (once(check, option->key))
		finding_hint(lint_report(check->lint,
				 &tls_rules[TLS_COMPRESSION], option->key,
				 "compression gives away what is encrypted"),
		    "take %.*s away", STR_ARG(option->name));
}

static void
check_settings(struct options_check *check)
{
	static const char *const ciphers[] = { "c2s_ciphers", "s2s_ciphers" };
	static const char *const protocols[] = { "c2s_protocol_options",
		"s2s_protocol_options" };
	static const char *const compression[] = { "c2s_tls_compression",
		"s2s_tls_compression" };
	const struct model *model = check->lint->model;

	for (size_t i = 0; i < 2; i++) {
		const struct model_settings *all;
		const struct model_setting *s;

		all = model_settings(model, ciphers[i]);
		for (s = all ? all->first : NULL; s; s = s->next)
			check_ciphers(check, s->option.value);
		all = model_settings(model, protocols[i]);
		for (s = all ? all->first : NULL; s; s = s->next)
			check_protocols(check, s->option.value);
		all = model_settings(model, compression[i]);
		for (s = all ? all->first : NULL; s; s = s->next)
			check_compression(check, &s->option);
	}
}

static void
check_listener(
    struct options_check *check, const struct model_listener *listener)
{
	const struct model_option *option;

	option = model_option(&listener->options, "ciphers");
	if (option)
		check_ciphers(check, option->value);
	option = model_option(&listener->options, "protocol_options");
	if (option)
		check_protocols(check, option->value);
	option = model_option(&listener->options, "tls_compression");
	if (option)
		check_compression(check, option);
	check_verify(check->lint, listener);
}

void
rules_tls_options(struct lint *lint)
{
	struct options_check check = { .lint = lint };

	check_settings(&check);
	check_verify_settings(&check);
	for (size_t i = 0; i < lint->model->listener_count; i++)
		check_listener(&check, &lint->model->listeners[i]);
	map_fini(&check.seen);
}
