#include "cfgparse/question.h"
/*
 * Words and places that the answers share.
 */
#include <stdarg.h>

#include "cfgparse/base/arena.h"
#include "cfgparse/base/terminal.h"
#include "cfgparse/hostname.h"

int
question_refuse(const char *message, ...)
{
	va_list args;

	fputs("xmpp-cfglint: ", stderr);
	va_start(args, message);
	vfprintf(stderr, message, args);
	va_end(args);
	fputc('\n', stderr);
	return ANSWER_UNKNOWN;
}

bool
question_host(
    struct lint *lint, const struct question *question, struct str *host)
{
	char name[HOSTNAME_MAX + 1];

	*host = (struct str){ 0 };
	if (!question->host)
		return true;
	if (!hostname_prepare(str_of(question->host), name)) {
		question_refuse("--host: this is no host name");
		return false;
	}
	if (!policy_serves(lint->policy, str_of(name))) {
		question_refuse("--host: %s is not served by this "
				"configuration",
		    name);
		return false;
	}
	*host = str_of(arena_strdup(lint->arena, name));
	return true;
}

bool
question_is_shaper(struct lint *lint, struct str rule)
{
	const struct model_use *use = lint->model->uses;
	const struct model_access *access =
	    map_get(&lint->model->accesses, rule);

	if (!access || access->kind == SHAPER_RULES)
		return access != NULL;
	if (access->kind == ACCESS_RULES)
		return false;
	for (; use; use = use->next) {
		if (use->kind == USE_ACCESS && use->row &&
		    str_eq(use->name, rule))
			return strstr(use->row->name, "shaper") != NULL;
	}
	/* Nobody says: by what its lines give. */
	return access->count && !str_is(access->lines[0].result, "allow") &&
	       !str_is(access->lines[0].result, "deny");
}

/* " of HOST", " of every host served". */
static void
add_owner(
    struct buf *buf, const struct policy_condition *condition, struct str host)
{
	if (condition->second.len)
		host = condition->second;
	buf_puts(buf, " of ");
	if (host.len)
		terminal_escape(buf, host);
	else
		buf_puts(buf, "every host served");
}

static void
add_named(struct buf *buf, const char *words, struct str text)
{
	buf_puts(buf, words);
	terminal_escape(buf, text);
}

static void
add_accounts(
    struct buf *buf, const struct policy_condition *condition, struct str host)
{
	struct str pattern = condition->source->first;
	bool glob = condition->form == FORM_USER_GLOB;

	/* The part of "pattern@server" that is the pattern. */
	if (condition->second.len && !condition->source->second_at) {
		const char *at = memchr(pattern.ptr, '@', pattern.len);
		if (at)
			pattern.len = (size_t)(at - pattern.ptr);
	}
	buf_puts(buf, "every account");
	add_owner(buf, condition, host);
	if ((glob && str_is(pattern, "*")) || (!glob && !pattern.len))
		return;
	add_named(buf, glob ? " whose name is like " : " whose name matches ",
	    pattern);
}

void
question_words(struct buf *buf, const struct policy *policy,
    const struct policy_condition *condition, struct str host)
{
	const struct model_condition *source = condition->source;

	if (!policy_is_host_bound(policy))
		host = (struct str){ 0 };
	if (condition->never && condition->form != FORM_NONE) {
		buf_puts(buf, "nobody, whoever asks");
		return;
	}
	switch (condition->form) {
	case FORM_ALL: buf_puts(buf, "everybody"); break;
	case FORM_NONE: buf_puts(buf, "nobody"); break;
	case FORM_ACL: add_named(buf, "the acl ", condition->first); break;
	case FORM_USER:
		add_named(buf, "the account ", condition->first);
		add_owner(buf, condition, host);
		break;
	case FORM_SERVER:
		add_named(buf, "every account of ", condition->first);
		break;
	case FORM_RESOURCE:
		add_named(buf, "sessions with the resource ", condition->first);
		break;
	case FORM_SHARED_GROUP:
		add_named(buf, "members of the group ", condition->first);
		add_owner(buf, condition, host);
		break;
	case FORM_USER_REGEXP:
	case FORM_USER_GLOB: add_accounts(buf, condition, host); break;
	case FORM_SERVER_REGEXP:
		add_named(buf, "every account of servers whose name matches ",
		    source->first);
		break;
	case FORM_SERVER_GLOB:
		add_named(buf, "every account of servers whose name is like ",
		    source->first);
		break;
	case FORM_RESOURCE_REGEXP:
		add_named(
		    buf, "sessions whose resource matches ", source->first);
		break;
	case FORM_RESOURCE_GLOB:
		add_named(
		    buf, "sessions whose resource is like ", source->first);
		break;
	case FORM_NODE_REGEXP:
		add_named(buf, "accounts whose name matches ", source->first);
		add_named(
		    buf, " of servers whose name matches ", source->second);
		break;
	case FORM_NODE_GLOB:
		add_named(buf, "accounts whose name is like ", source->first);
		add_named(
		    buf, " of servers whose name is like ", source->second);
		break;
	case FORM_IP: add_named(buf, "connections from ", source->first); break;
	case FORM_UNKNOWN: buf_puts(buf, "nobody: it is ill-formed"); break;
	}
}

void
question_place(struct buf *buf, const struct term *term)
{
	struct span span = term_span(term);

	terminal_escape(buf, str_of(span.source ? span.source->name : "-"));
	buf_printf(buf, ":%u:%u", span.begin.line, span.begin.column);
}

void
question_place_json(
    struct json_out *json, const char *key, const struct term *term)
{
	struct span span = term_span(term);

	json_out_object(json, key);
	json_out_string(json, "file", span.source ? span.source->name : "-");
	json_out_int(json, "line", span.begin.line);
	json_out_int(json, "column", span.begin.column);
	json_out_end(json);
}
