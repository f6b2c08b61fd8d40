#include "cfgparse/model_build.h"
/*
 * Adding to the model, for both dialects: storage, order and the links that
 * lookups follow. What a host has of its own is noted in one map of pairs, so
 * that neither many hosts nor many options of one host cost more than each a
 * step.
 */
#include <stdlib.h>

#include "cfgparse/base/mem.h"
#include "cfgparse/hostname.h"

/* Whose the names of modules are. */
static const char modules;

void
model_build_start(struct model_builder *builder, struct lint *lint, bool yaml)
{
	struct model *model = arena_alloc(lint->arena, sizeof *model);

	*builder = (struct model_builder){ .lint = lint, .model = model };
	model->yaml = yaml;
	builder->names = mem_alloc(MODEL_NAMES, sizeof *builder->names);
	lint->model = model;
}

struct model_name *
model_known(struct model_builder *builder, const void *owner, struct str name)
{
	uint64_t mix = (uint64_t)(uintptr_t)owner + name.len, end = 0;
	struct model_name *latest = builder->latest;

	if (latest && latest->owner == owner && latest->name.ptr == name.ptr &&
	    latest->name.len == name.len)
		return latest;

	/* Names begin alike; their ends differ. */
	if (name.len >= sizeof end)
		memcpy(&end, name.ptr + name.len - sizeof end, sizeof end);
	else if (name.len)
		memcpy(&end, name.ptr, name.len);
	mix = (mix ^ end) * 0x9E3779B97F4A7C15ULL;
	struct model_name *known = &builder->names[mix >> 54];
	if (known->owner != owner || !str_eq(known->name, name))
		*known = (struct model_name){ owner, name };
	builder->latest = known;
	return known;
}

void
model_build_end(struct model_builder *builder)
{
	free(builder->names);
	builder->names = NULL;
	map_fini(&builder->uses);
}

void
model_fini(struct model *model)
{
	map_fini(&model->hosts_by_name);
	map_fini(&model->settings);
	map_fini(&model->acls);
	map_fini(&model->accesses);
	map_fini(&model->shapers);
	map_fini(&model->modules_by_name);
	map_fini(&model->module_options);
	pair_map_fini(&model->own);
}

/* Room for one more item of an array in the arena. */
static void *
make_room(struct arena *arena, const void *items, size_t count, size_t *room,
    size_t size)
{
	if (count < *room)
		return (void *)(uintptr_t)items;
	*room = *room ? *room * 2 : 16;
	char *larger = arena_array(arena, *room, size);
	if (count)
		memcpy(larger, items, count * size);
	return larger;
}

/* --- hosts --- */

static struct model_host *
new_host(struct model_builder *builder, const struct term *at,
    struct str prepared, uint64_t hash)
{
	struct model *model = builder->model;
	struct arena *arena = builder->lint->arena;
	struct model_host *host = arena_alloc(arena, sizeof *host);

	host->name = arena_str(arena, prepared);
	host->at = at;
	host->index = model->host_count;
	map_add_hashed(&model->hosts_by_name, host->name, hash, host);
	model->hosts = make_room(arena, model->hosts, model->host_count,
	    &builder->host_room, sizeof *model->hosts);
	model->hosts[model->host_count++] = host;
	return host;
}

/* NULL where it is no name of a host. */
static struct model_host *
find_or_add(
    struct model_builder *builder, const struct term *at, struct str name)
{
	const struct map *hosts = &builder->model->hosts_by_name;
	uint64_t hash = map_hash(name);
	struct model_host *host = map_get_hashed(hosts, name, hash);
	char prepared[HOSTNAME_MAX + 1];

	if (host)
		return host;
	if (!hostname_prepare(name, prepared))
		return NULL;
	if (!str_is(name, prepared)) {
		name = str_of(prepared);
		hash = map_hash(name);
		host = map_get_hashed(hosts, name, hash);
	}
	return host ? host : new_host(builder, at, name, hash);
}

struct model_host *
model_add_host(struct model_builder *builder, const struct term *at,
    struct str name, bool served)
{
	struct model *model = builder->model;
	struct model_host *host;

	/* host_configs often stand in the order of hosts. */
	if (!served && builder->next_host < model->host_count &&
	    str_eq(model->hosts[builder->next_host]->name, name))
		host = model->hosts[builder->next_host];
	else
		host = find_or_add(builder, at, name);
	if (!host)
		return NULL;
	if (!served && !host->config_at)
		host->config_at = at;
	builder->next_host = host->index + 1;
	if (served && !host->served) {
		host->served = true;
		model->served_count++;
	}
	return host;
}

/* --- settings --- */

void
model_add_secret(
    struct model_builder *builder, const struct model_option *option)
{
	struct model *model = builder->model;

	model->secrets = make_room(builder->lint->arena, model->secrets,
	    model->secret_count, &builder->secret_room, sizeof *model->secrets);
	model->secrets[model->secret_count++] = option;
}

static struct model_settings *
settings_of(struct model_builder *builder, struct str name)
{
	struct model *model = builder->model;
	struct model_name *known = model_known(builder, &model->settings, name);
	struct model_settings *all = known->value;

	if (all)
		return all;
	all = map_get(&model->settings, name);
	if (!all) {
		all = arena_alloc(builder->lint->arena, sizeof *all);
		all->row = catalogue_option(name);
		all->secret = model_is_secret(name);
		map_add(&model->settings, name, all);
	}
	known->value = all;
	return all;
}

/* From the first that is too many on, all of the host's are looked up. */
static void
note_settings(
    struct model *model, struct model_host *host, struct model_setting *latest)
{
	struct model_setting *s =
	    host->setting_count == MODEL_FEW + 1 ? host->first : latest;

	for (; s; s = s->next_of_host)
		pair_map_put(&model->own, host, s->all, s);
}

static bool
same_atom(const struct term *a, const struct term *b)
{
	return a && b && a->kind == TERM_ATOM && b->kind == TERM_ATOM &&
	       str_eq(a->text, b->text);
}

static void
link_setting(struct model *model, struct model_settings *all,
    struct model_setting *setting)
{
	struct model_host *host = setting->host;

	if (all->last)
		all->last->next = setting;
	else
		all->first = setting;
	all->uniform =
	    (all->uniform || !all->last) &&
	    same_atom(setting->option.value, all->first->option.value);
	all->last = setting;
	all->count++;
	if (!host) {
		setting->before = all->last_global;
		all->last_global = setting;
		return;
	}
	setting->before = model_own_setting(model, all, host);
	if (host->last)
		host->last->next_of_host = setting;
	else
		host->first = setting;
	host->last = setting;
	if (++host->setting_count > MODEL_FEW)
		note_settings(model, host, setting);
	if (all->last_global &&
	    (!setting->before ||
		all->last_global->order > setting->before->order))
		setting->before = all->last_global;
}

struct model_setting *
model_add_setting(struct model_builder *builder,
    const struct model_option *option, struct model_host *host, bool add)
{
	struct arena *arena = builder->lint->arena;
	struct model *model = builder->model;
	struct model_settings *all = settings_of(builder, option->name);
	struct model_setting made = { .option = *option,
		.host = host,
		.add = add,
		.order = ++builder->order,
		.row = all->row,
		.all = all };
	struct model_setting *setting = arena_copy(arena, &made, sizeof made);

	setting->option.row = all->row;
	model_plain_bool(builder, &setting->option);
	link_setting(model, all, setting);
	model->in_order =
	    make_room(arena, model->in_order, model->setting_count,
		&builder->setting_room, sizeof *model->in_order);
	model->in_order[model->setting_count++] = setting;
	if (all->secret)
		model_add_secret(builder, &setting->option);
	return setting;
}

void
model_end_setting(
    struct model_builder *builder, const struct model_setting *setting)
{
	if (builder->setting_added)
		builder->setting_added(builder->lint, setting);
}

/* --- listeners and modules --- */

void
model_add_listener(
    struct model_builder *builder, const struct model_listener *listener)
{
	struct model *model = builder->model;

	model->listeners = make_room(builder->lint->arena, model->listeners,
	    model->listener_count, &builder->listener_room,
	    sizeof *model->listeners);
	struct model_listener *copy =
	    &model->listeners[model->listener_count++];
	*copy = *listener;
	/* Texts that aren't given are empty, never without a pointer. */
	if (!copy->address.ptr)
		copy->address = STR("");
	if (!copy->module.ptr)
		copy->module = STR("");
	copy->row = catalogue_listener(listener->module);
	if (copy->row)
		model_use_options(
		    builder, &copy->options, copy->row, true, NULL);
}

static struct model_modules *
modules_of(struct model_builder *builder, struct str name)
{
	struct model *model = builder->model;
	struct model_name *known = model_known(builder, &modules, name);
	struct model_modules *all = known->value;

	if (all)
		return all;
	all = map_get(&model->modules_by_name, name);
	if (!all) {
		all = arena_alloc(builder->lint->arena, sizeof *all);
		all->name = name;
		all->row = catalogue_module(name);
		map_add(&model->modules_by_name, name, all);
		if (model->last_module_name)
			model->last_module_name->next = all;
		else
			model->module_names = all;
		model->last_module_name = all;
	}
	known->value = all;
	return all;
}

struct model_module *
model_add_module(struct model_builder *builder,
    const struct model_module *module, struct model_setting *setting)
{
	struct model *model = builder->model;
	struct model_modules *all = modules_of(builder, module->name);
	struct model_module *copy =
	    arena_copy(builder->lint->arena, module, sizeof *copy);

	copy->next = copy->next_of_name = NULL;
	copy->setting = setting;
	copy->all = all;
	copy->row = all->row;
	if (all->last) {
		all->repeated |= all->last->setting == setting;
		all->last->next_of_name = copy;
	} else {
		all->first = copy;
	}
	all->last = copy;
	if (!setting->modules)
		setting->modules = copy;
	if (model->last_module)
		model->last_module->next = copy;
	else
		model->modules = copy;
	model->last_module = copy;
	model_use_options(
	    builder, &copy->options, copy->row, false, setting->host);
	if (builder->module_added)
		builder->module_added(builder->lint, copy);
	return copy;
}

/* --- acl, access, shaper --- */

void
model_add_acl(struct model_builder *builder, const struct model_acl *acl,
    const struct model_setting *setting)
{
	struct model *model = builder->model;
	struct model_acl *copy =
	    arena_copy(builder->lint->arena, acl, sizeof *copy);
	struct model_name *known =
	    model_known(builder, &model->acls, acl->name);
	struct model_acl *first =
	    known->value ? known->value : map_get(&model->acls, acl->name);

	copy->host = setting->host;
	copy->setting = setting;
	copy->next = NULL;
	copy->last = copy;
	copy->global = copy->global_last = copy->global_next = NULL;
	copy->next_of_host = NULL;
	if (first) {
		first->last->next = copy;
		first->last = copy;
	} else {
		map_add(&model->acls, acl->name, copy);
		copy->note =
		    arena_alloc(builder->lint->arena, sizeof *copy->note);
		*copy->note = 0;
		first = copy;
	}
	known->value = first;
	if (copy->host) {
		if (copy->host->last_acl)
			copy->host->last_acl->next_of_host = copy;
		else
			copy->host->first_acl = copy;
		copy->host->last_acl = copy;
		copy->host->acl_count++;
		return;
	}
	if (first->global)
		first->global_last->global_next = copy;
	else
		first->global = copy;
	first->global_last = copy;
}

static void
use_line(struct model_builder *builder, const struct model_access *access,
    const struct model_line *line, struct model_host *host)
{
	struct model_use use = { .place = { .host = host } };
	struct str result = line->result;
	bool shapes =
	    access->kind == SHAPER_RULES || access->kind == ACCESS_OLD;

	for (size_t i = 0; i < line->count; i++) {
		if (line->conditions[i].form != FORM_ACL)
			continue;
		use.kind = USE_ACL;
		use.name = line->conditions[i].first;
		use.place.at = line->conditions[i].first_at;
		model_add_use(builder, &use);
	}
	/* allow, deny, none and numbers aren't names of shapers. */
	if (!shapes || !result.len || str_is(result, "allow") ||
	    str_is(result, "deny") || str_is(result, "none") ||
	    str_is(result, "infinity") || str_is(result, "unlimited") ||
	    (result.ptr[0] >= '0' && result.ptr[0] <= '9'))
		return;
	use.kind = USE_SHAPER;
	use.name = result;
	use.place.at = line->result_at;
	model_add_use(builder, &use);
}

static struct model_access *
copy_access(struct model_builder *builder, const struct model_access *access,
    struct model_host *host)
{
	struct model_access *copy =
	    arena_copy(builder->lint->arena, access, sizeof *copy);

	copy->next = NULL;
	copy->host = host;
	for (size_t i = 0; i < copy->count; i++)
		use_line(builder, copy, &copy->lines[i], host);
	return copy;
}

static void
link_access(
    struct model *model, struct model_host *host, struct model_access *access)
{
	struct model_access *a = access;

	if (host->last_access)
		host->last_access->next_of_host = access;
	else
		host->first_access = access;
	host->last_access = access;
	if (++host->access_count <= MODEL_FEW)
		return;
	if (host->access_count == MODEL_FEW + 1)
		a = host->first_access;
	for (; a; a = a->next_of_host)
		pair_map_put(&model->own, host, a->first, a);
}

void
model_add_access(struct model_builder *builder,
    const struct model_access *access, const struct model_setting *setting)
{
	struct model *model = builder->model;
	struct model_access *copy = copy_access(builder, access, setting->host);
	struct model_name *known =
	    model_known(builder, &model->accesses, access->name);
	struct model_access *first =
	    known->value ? known->value
			 : map_get(&model->accesses, access->name);

	copy->setting = setting;
	copy->last = copy;
	if (first) {
		first->last->next = copy;
		first->last = copy;
	} else {
		map_add(&model->accesses, access->name, copy);
		first = copy;
	}
	known->value = first;
	copy->first = first;
	if (copy->host) {
		link_access(model, copy->host, copy);
		first->of_hosts = true;
	} else {
		first->last_global = copy;
	}
}

void
model_add_inline(struct model_builder *builder,
    const struct model_access *access, const struct model_use *use)
{
	struct model *model = builder->model;
	struct model_access *copy =
	    copy_access(builder, access, use->place.host);

	copy->kind = ACCESS_INLINE;
	copy->use = use;
	if (model->last_inline)
		model->last_inline->next = copy;
	else
		model->inlines = copy;
	model->last_inline = copy;
	if (copy->key)
		pair_map_put(&model->own, copy->key, NULL, copy);
}

void
model_add_shaper(struct model_builder *builder,
    const struct model_shaper *shaper, const struct model_setting *setting)
{
	struct model *model = builder->model;
	struct model_shaper *copy =
	    arena_copy(builder->lint->arena, shaper, sizeof *copy);
	struct model_shaper *first = map_get(&model->shapers, shaper->name);

	copy->host = setting->host;
	copy->next = NULL;
	copy->last = copy;
	if (first) {
		first->last->next = copy;
		first->last = copy;
	} else {
		map_add(&model->shapers, shaper->name, copy);
	}
}
