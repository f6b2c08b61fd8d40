#include "cfgparse/catalogue_private.h"
/*
 * Looking names up in the tables, by an index over all rows that is made when
 * the first name is asked for.
 */
#include <pthread.h>
#include <stdlib.h>

#include "cfgparse/base/suggest.h"

const struct option *const catalogue_top_tables[] = { catalogue_top_a,
	catalogue_top_l, catalogue_backends, NULL };
const struct service *const catalogue_module_tables[] = { catalogue_modules_a,
	catalogue_modules_i, catalogue_modules_mi, catalogue_modules_mul,
	catalogue_modules_r, catalogue_modules_s, catalogue_modules_foreign,
	NULL };
static const struct service *const listener_tables[] = { catalogue_listeners,
	NULL };

/* Top-level names of ejabberd's relatives. */
static const char *const foreign[] = { "sm_backend", "clusterid",
	"auth_storage", "static_modules", NULL };

/* Where a name is looked for: the tables, or a service for its options. */
static const char top_owner, listener_owner, module_owner;

/* A row and whose it is. Rows of one owner have different names. */
struct slot {
	const void *owner;
	const char *name;
	const void *row;
};

/* At least twice as many as there are rows. */
enum { SLOTS = 4096 };
static struct slot slots[SLOTS];
static pthread_once_t filled = PTHREAD_ONCE_INIT;

static size_t
place(const void *owner, struct str name)
{
	uint64_t hash = (uintptr_t)owner * UINT64_C(0x9e3779b97f4a7c15);

	for (size_t i = 0; i < name.len; i++)
		hash = (hash ^ (unsigned char)name.ptr[i]) *
		       UINT64_C(0x100000001b3);
	return (hash ^ hash >> 32) % SLOTS;
}

static struct slot *
find(const void *owner, struct str name)
{
	size_t i = place(owner, name);

	while (slots[i].name &&
	       (slots[i].owner != owner || !str_is(name, slots[i].name)))
		i = (i + 1) % SLOTS;
	return &slots[i];
}

static void
add(const void *owner, const char *name, const void *row)
{
	static size_t used;
	struct slot *slot = find(owner, str_of(name));

	if (slot->name || ++used > SLOTS / 2)
		abort(); /* a name twice, or more rows than fit */
	*slot = (struct slot){ owner, name, row };
}

static void
add_options(const void *owner, const struct option *option)
{
	for (; option && option->name; option++)
		add(owner, option->name, option);
}

static void
add_services(const void *owner, const struct service *const *tables)
{
	for (; *tables; tables++) {
		for (const struct service *s = *tables; s->name; s++) {
			add(owner, s->name, s);
			add_options(s, s->options);
		}
	}
}

void
catalogue_each(void (*each)(void *ctx, const struct option *row), void *ctx)
{
	for (const struct option *const *t = catalogue_top_tables; *t; t++) {
		for (const struct option *row = *t; row->name; row++)
			each(ctx, row);
	}
}

static void
fill(void)
{
	for (const struct option *const *t = catalogue_top_tables; *t; t++)
		add_options(&top_owner, *t);
	add_options(catalogue_listener_common, catalogue_listener_common);
	add_services(&listener_owner, listener_tables);
	add_services(&module_owner, catalogue_module_tables);
}

static const void *
look_up(const void *owner, struct str name)
{
	pthread_once(&filled, fill);
	return find(owner, name)->row;
}

const struct option *
catalogue_option(struct str name)
{
	return look_up(&top_owner, name);
}

const struct option *
catalogue_service_option(const struct service *service, struct str name)
{
	const struct option *option = look_up(service, name);

	if (option || !service->more)
		return option;
	if (service->listener)
		return look_up(catalogue_listener_common, name);
	for (option = service->more; option->name; option++) {
		if (str_is(name, option->name))
			return option;
	}
	return NULL;
}

const struct service *
catalogue_listener(struct str name)
{
	return look_up(&listener_owner, name);
}

const struct service *
catalogue_module(struct str name)
{
	return look_up(&module_owner, name);
}

bool
catalogue_foreign_option(struct str name)
{
	for (const char *const *f = foreign; *f; f++) {
		if (str_is(name, *f))
			return true;
	}
	return false;
}

static void
offer_options(struct suggest *suggest, const struct option *option)
{
	for (; option && option->name; option++)
		suggest_offer(suggest, option->name);
}

static const char *
nearest_service(const struct service *const *tables, struct str name)
{
	struct suggest suggest = { .given = name };

	for (; *tables; tables++) {
		for (const struct service *s = *tables; s->name; s++)
			suggest_offer(&suggest, s->name);
	}
	return suggest.best;
}

const char *
catalogue_suggest_option(struct str name)
{
	struct suggest suggest = { .given = name };

	for (const struct option *const *t = catalogue_top_tables; *t; t++)
		offer_options(&suggest, *t);
	return suggest.best;
}

const char *
catalogue_suggest_service_option(const struct service *service, struct str name)
{
	struct suggest suggest = { .given = name };

	offer_options(&suggest, service->options);
	offer_options(&suggest, service->more);
	return suggest.best;
}

const char *
catalogue_suggest_listener(struct str name)
{
	return nearest_service(listener_tables, name);
}

const char *
catalogue_suggest_module(struct str name)
{
	return nearest_service(catalogue_module_tables, name);
}
