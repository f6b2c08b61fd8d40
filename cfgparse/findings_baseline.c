#include "cfgparse/findings_private.h"
/*
 * The findings that were there when a baseline was written: a JSON file of
 * fingerprints with how often each occurs. It holds nothing of the lines
 * themselves, which may be secret.
 */
#include <stdlib.h>
#include <string.h>

#include "cfgparse/base/atomic_file.h"
#include "cfgparse/base/json.h"
#include "cfgparse/base/json_read.h"
#include "cfgparse/base/mem.h"

enum { BASELINE_VERSION = 1, BASELINE_BYTES_MAX = 16 * 1024 * 1024 };

struct entry {
	const char *file;
	const char *rule;
	const char *fingerprint;
	size_t count; /* as recorded */
	size_t seen;  /* in this run */
};

/* --- reading --- */

static bool
add_entry(struct findings *findings, const struct json_value *value)
{
	const char *file = json_text(json_member(value, "file"));
	const char *rule = json_text(json_member(value, "rule"));
	const char *print = json_text(json_member(value, "fingerprint"));
	struct arena *arena = &findings->arena;
	struct entry *entry;
	int64_t count;

	if (!file || !rule || !print ||
	    !json_int(json_member(value, "count"), &count) || count < 1 ||
	    count > INT32_MAX)
		return false;
	entry = arena_alloc(arena, sizeof *entry);
	entry->file = arena_strdup(arena, file);
	entry->rule = arena_strdup(arena, rule);
	entry->fingerprint = arena_strdup(arena, print);
	entry->count = (size_t)count;
	return !map_put(&findings->baseline, str_of(entry->fingerprint), entry);
}

static bool
add_entries(struct findings *findings, const struct json_value *top)
{
	const struct json_value *list = json_member(top, "findings");
	int64_t version;

	if (!json_int(json_member(top, "baseline"), &version) ||
	    version != BASELINE_VERSION)
		return false;
	for (size_t i = 0; i < json_count(list); i++) {
		if (!add_entry(findings, json_element(list, i)))
			return false;
	}
	return true;
}

bool
findings_baseline_read(
    struct findings *findings, const char *path, char why[FILE_WHY_MAX])
{
	struct buf text = { 0 };
	struct json_value *top = NULL;
	bool ok = file_read(path, BASELINE_BYTES_MAX, &text, why);

	if (ok)
		top = json_parse(buf_str(&text), why);
	buf_fini(&text);
	if (!top)
		return false;
	ok = add_entries(findings, top);
	if (!ok)
		snprintf(why, FILE_WHY_MAX, "it is no baseline of version %d",
		    BASELINE_VERSION);
	json_destroy(&top);
	return ok;
}

bool
baseline_take(struct findings *findings, uint64_t fingerprint)
{
	char key[FINGERPRINT_MAX];
	struct entry *entry;

	snprintf(key, sizeof key, "%016llx", (unsigned long long)fingerprint);
	entry = map_get(&findings->baseline, str_of(key));
	if (!entry || entry->seen == entry->count)
		return false;
	entry->seen++;
	findings->known_before++;
	return true;
}

size_t
baseline_gone(const struct findings *findings)
{
	struct map_walk walk = { 0 };
	struct map files = { 0 };
	struct str key;
	void *value;
	size_t gone = 0;

	for (const struct source_item *item = findings->sources; item;
	     item = item->next)
		map_put(
		    &files, str_of(item->source.name), (void *)(uintptr_t)item);
	while (map_next(&findings->baseline, &walk, &key, &value)) {
		const struct entry *entry = value;
		if (entry->seen < entry->count &&
		    (!*entry->file || map_get(&files, str_of(entry->file))))
			gone += entry->count - entry->seen;
	}
	map_fini(&files);
	return gone;
}

/* --- writing --- */

struct entries {
	struct map by_print;
	struct arena arena;
	struct entry **sorted;
	size_t count;
};

static void
record(struct entries *entries, const struct entry *from, size_t count)
{
	struct str key = str_of(from->fingerprint);
	struct entry *entry = map_get(&entries->by_print, key);

	if (!entry) {
		entry = arena_alloc(&entries->arena, sizeof *entry);
		*entry = *from;
		entry->count = 0;
		entry->fingerprint =
		    arena_strdup(&entries->arena, from->fingerprint);
		map_put(&entries->by_print, key, entry);
	}
	entry->count += count;
}

static int
compare_entries(const void *left, const void *right)
{
	const struct entry *a = *(struct entry *const *)left;
	const struct entry *b = *(struct entry *const *)right;
	int order = strcmp(a->file, b->file);

	if (order == 0)
		order = strcmp(a->rule, b->rule);
	return order ? order : strcmp(a->fingerprint, b->fingerprint);
}

static void
collect(const struct findings *findings, struct entries *entries)
{
	struct map_walk walk = { 0 };
	struct str key;
	void *value;

	for (size_t i = 0; i < findings->count; i++) {
		const struct finding *finding = findings->items[i];
		const struct source *source = finding->span.source;
		char print[FINGERPRINT_MAX];
		if (finding->suppressed || finding->known_before)
			continue;
		snprintf(print, sizeof print, "%016llx",
		    (unsigned long long)fingerprint(finding));
		record(entries,
		    &(struct entry){ .file = source ? source->name : "",
			.rule = finding->rule->id,
			.fingerprint = print },
		    1);
	}
	while (map_next(&findings->baseline, &walk, &key, &value)) {
		const struct entry *entry = value;
		if (entry->seen)
			record(entries, entry, entry->seen);
	}
	entries->sorted = mem_alloc(
	    map_count(&entries->by_print) + 1, sizeof *entries->sorted);
	walk = (struct map_walk){ 0 };
	while (map_next(&entries->by_print, &walk, &key, &value))
		entries->sorted[entries->count++] = value;
	qsort(entries->sorted, entries->count, sizeof *entries->sorted,
	    compare_entries);
}

static char *
as_json(const struct findings *findings, const struct entries *entries)
{
	struct json_out *json = json_out_create();

	json_out_object(json, NULL);
	json_out_string(json, "tool", findings->tool);
	json_out_int(json, "baseline", BASELINE_VERSION);
	json_out_array(json, "findings");
	for (size_t i = 0; i < entries->count; i++) {
		const struct entry *entry = entries->sorted[i];
		json_out_object(json, NULL);
		json_out_string(json, "file", entry->file);
		json_out_string(json, "rule", entry->rule);
		json_out_string(json, "fingerprint", entry->fingerprint);
		json_out_int(json, "count", (int64_t)entry->count);
		json_out_end(json);
	}
	json_out_end(json);
	json_out_end(json);
	char *text = json_out_take(json, 2);
	json_out_destroy(&json);
	return text;
}

bool
findings_baseline_write(const struct findings *findings, const char *path,
    size_t *count, char why[FILE_WHY_MAX])
{
	struct atomic_file how = { .mode = 0644,
		.owner = (uid_t)-1,
		.group = (gid_t)-1,
		.replace = true };
	struct entries entries = { 0 };
	struct buf text = { 0 };

	*count = 0;
	for (int i = 0; i < SEVERITIES; i++) {
		if (!findings->hidden[i])
			continue;
		snprintf(why, FILE_WHY_MAX,
		    "there are more findings than a baseline takes; leave "
		    "rules out with --disable");
		return false;
	}
	collect(findings, &entries);
	for (size_t i = 0; i < entries.count; i++)
		*count += entries.sorted[i]->count;
	char *json = as_json(findings, &entries);
	buf_puts(&text, json);
	buf_putc(&text, '\n');
	bool ok = atomic_file_write(path, buf_str(&text), &how, why);
	free(json);
	buf_fini(&text);
	free(entries.sorted);
	map_fini(&entries.by_print);
	arena_fini(&entries.arena);
	return ok;
}
