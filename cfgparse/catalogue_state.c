#include "cfgparse/catalogue_private.h"
/*
 * What a row is to a target: whether it is there, since when, until when, and
 * what takes its place.
 */

/* The first release whose checks are known; what it has counts as old as
 * YAML, as nobody checked before. */
enum { FIRST_CHECKED = 1506 };

/* The facts that options and services have in common. */
struct life {
	bool terms;
	const char *since; /* of 2.1 */
	unsigned first;	   /* of YAML, or 0 */
	unsigned last;	   /* or 0 */
	unsigned deprecated;
	enum option_end end;
	const char *instead;
};

static struct life
option_life(const struct option *option)
{
	return (struct life){ option->type != TYPE_NONE, option->since,
		option->yaml ? option->first : 0, option->last,
		option->deprecated, option->end, option->instead };
}

static struct life
service_life(const struct service *service)
{
	return (struct life){ service->terms, service->since, service->first,
		service->last, service->deprecated, service->end,
		service->instead };
}

/* What a release of ejabberd makes of it. */
static enum option_state
state_at(const struct life *life, unsigned release, bool yaml)
{
	unsigned now = release < FIRST_CHECKED ? FIRST_CHECKED : release;

	/* Erlang terms are rewritten by every release, and before there were
	 * checks the old names were known in YAML too. */
	bool old = life->terms && (!yaml || release < FIRST_CHECKED);
	bool gone = life->last && now > life->last;

	if (life->first && !gone) {
		if (now < life->first && !old)
			return OPTION_VALID_SINCE;
		return life->deprecated && now >= life->deprecated
			   ? OPTION_DEPRECATED
			   : OPTION_VALID;
	}
	if (life->end == END_CONVERTED)
		return OPTION_DEPRECATED;
	if (old && life->end == END_RENAMED)
		return OPTION_DEPRECATED;
	if (old && release < FIRST_CHECKED)
		return OPTION_VALID;
	return OPTION_REMOVED;
}

static enum option_state
state(const struct life *life, const struct target *target, bool yaml)
{
	if (target->terms)
		return life->terms ? OPTION_VALID : OPTION_VALID_SINCE;
	if (target->xmppd) {
		/* It accepts what any release of either dialect does, except
		 * in YAML what never was there. */
		if (life->first || !yaml)
			return OPTION_VALID;
		return life->end == END_CONVERTED ? OPTION_DEPRECATED
						  : OPTION_REMOVED;
	}
	return state_at(life, target->release, yaml);
}

enum option_state
option_state(
    const struct option *option, const struct target *target, bool yaml)
{
	if (!option)
		return OPTION_UNKNOWN;
	struct life life = option_life(option);
	return state(&life, target, yaml);
}

enum option_state
service_state(
    const struct service *service, const struct target *target, bool yaml)
{
	/* Some that came with YAML were to be had for 2.1 from elsewhere. */
	if (!service ||
	    (service->foreign && (!service->first || target->terms)))
		return OPTION_UNKNOWN;
	struct life life = service_life(service);
	return state(&life, target, yaml);
}

static const char *
since(const struct life *life)
{
	if (life->terms)
		return life->since ? life->since : "2.1";
	return release_name(
	    life->first == FIRST_CHECKED ? TARGET_OLDEST : life->first);
}

static const char *
last(const struct life *life)
{
	if (!life->first)
		return "2.1";
	return release_name(life->last ? life->last : TARGET_NEWEST);
}

const char *
option_since(const struct option *option)
{
	struct life life = option_life(option);

	return since(&life);
}

const char *
option_last(const struct option *option)
{
	struct life life = option_life(option);

	return last(&life);
}

const char *
service_since(const struct service *service)
{
	struct life life = service_life(service);

	return since(&life);
}

const char *
service_last(const struct service *service)
{
	struct life life = service_life(service);

	return last(&life);
}

static const char *
deprecated(const struct life *life)
{
	if (life->deprecated)
		return release_name(life->deprecated);
	if (life->end != END_CONVERTED)
		return NULL;
	/* Converted: from behind the last release that had it. */
	if (life->first && life->last)
		return release_name(release_after(life->last));
	return life->first ? NULL : release_name(TARGET_OLDEST);
}

const char *
option_deprecated(const struct option *option)
{
	struct life life = option_life(option);

	return deprecated(&life);
}

const char *
service_deprecated(const struct service *service)
{
	struct life life = service_life(service);

	return deprecated(&life);
}

bool
option_is_dropped(const struct option *option, bool yaml)
{
	return option->end == END_IGNORED && (!yaml || option->yaml);
}

bool
service_is_dropped(const struct service *service, bool yaml)
{
	return service->end == END_IGNORED && (!yaml || service->first);
}

const struct service *
service_read_as(const struct service *service, bool yaml)
{
	if (!yaml || service->end != END_CONVERTED)
		return service;
	/* "mod_last with db_type: sql" */
	struct str name = { service->instead, strcspn(service->instead, " ") };
	const struct service *other = service->listener
					  ? catalogue_listener(name)
					  : catalogue_module(name);
	return other ? other : service;
}

bool
option_is_per_host(const struct option *option, bool yaml)
{
	return option->scope & (yaml ? SCOPE_YAML_HOST : SCOPE_HOST);
}

enum option_type
option_kind(const struct option *option, bool yaml)
{
	if (!yaml)
		return option->type;
	return option->yaml ? option->yaml->kind : TYPE_NONE;
}

const char *
option_fallback(const struct option *option, bool yaml)
{
	return yaml && option->yaml_fallback ? option->yaml_fallback
					     : option->fallback;
}
