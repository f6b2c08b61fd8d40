#include "dnscheck/hosts.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "cfgparse/base/map.h"
#include "cfgparse/base/utf8.h"
#include "dnscheck/address.h"
#include "dnscheck/rules.h"

/* Block lists have a hundred thousand lines: after these many findings the
 * file as a whole is the finding. */
enum { FINDINGS_MAX = 20, WORD_SHOWN = 60 };

struct reading {
	struct arena *arena;
	const struct source *source;
	struct findings *findings; /* or NULL */
	struct hosts *hosts;
	struct map seen; /* family and name, lower case: struct hosts_name */
	size_t reported;
	size_t line;
	const char *line_start;
};

static struct span
span_of(const struct reading *reading, struct str word)
{
	const char *start = reading->line_start;
	uint32_t line = (uint32_t)reading->line;
	uint32_t begin =
	    (uint32_t)utf8_count(start, (size_t)(word.ptr - start)) + 1;
	uint32_t end = begin + (uint32_t)utf8_count(word.ptr, word.len);

	return (struct span){ reading->source, { line, begin }, { line, end } };
}

static int
shown(struct str word)
{
	return (int)(word.len > WORD_SHOWN ? WORD_SHOWN : word.len);
}

/* NULL where nothing more is to be reported of this file. */
static struct finding *
report(struct reading *reading, enum dnscheck_rule rule,
    const struct span *span, const char *message)
{
	if (!reading->findings || reading->reported > FINDINGS_MAX)
		return NULL;
	if (reading->reported++ == FINDINGS_MAX)
		message = "there are more such lines; they are not shown";
	return finding_add(
	    reading->findings, &dnscheck_rules[rule], span, "%s", message);
}

/* --- addresses --- */

struct address {
	int family;
	const char *text;
	bool loopback;
};

static bool
parse_address(struct reading *reading, const char *word, struct address *out)
{
	char text[INET6_ADDRSTRLEN], copy[128];
	struct in6_addr v6;
	struct in_addr v4;

	if (inet_pton(AF_INET, word, &v4) == 1) {
		inet_ntop(AF_INET, &v4, text, sizeof(text));
		out->family = AF_INET;
		out->loopback = address_kind_v4(v4) == ADDRESS_LOOPBACK;
	} else {
		if (strlen(word) >= sizeof(copy))
			return false;
		strcpy(copy, word);
		copy[strcspn(copy, "%")] = '\0'; /* a zone: fe80::1%eth0 */
		if (inet_pton(AF_INET6, copy, &v6) != 1)
			return false;
		inet_ntop(AF_INET6, &v6, text, sizeof(text));
		out->family = AF_INET6;
		out->loopback = address_kind_v6(&v6) == ADDRESS_LOOPBACK;
	}
	out->text = arena_strdup(reading->arena, text);
	return true;
}

static void
judge_bad_address(struct reading *reading, struct str word, const char *text)
{
	struct span span = span_of(reading, word);
	char meant[INET_ADDRSTRLEN];
	struct finding *finding;
	struct in_addr v4;
	bool lenient = inet_aton(text, &v4) != 0;

	finding = report(reading, HOST_BAD_ADDRESS, &span,
	    lenient ? arena_printf(reading->arena,
			  "%s is not a proper address: some programs read it "
			  "as %s, others skip the line",
			  text, inet_ntop(AF_INET, &v4, meant, sizeof(meant)))
		    : arena_printf(reading->arena,
			  "the line begins with \"%.*s\", which is no address: "
			  "it is skipped",
			  shown(word), word.ptr));
	if (!finding)
		return;
	if (lenient) {
		finding_hint(finding, "write %s", meant);
		finding_edit(finding, true, &span, meant);
	} else {
		finding_hint(finding, "an address comes first, then the names");
	}
}

/* --- names --- */

static void
judge_characters(struct reading *reading, const struct hosts_name *name)
{
	for (size_t i = 0; i < name->name.len; i++) {
		unsigned char c = (unsigned char)name->name.ptr[i];

		if (c < 0x80 && (isalnum(c) || strchr("-._", c)))
			continue;
		report(reading, HOST_BAD_NAME, &name->span,
		    arena_printf(reading->arena,
			"\"%.*s\" has characters that no host name has",
			shown(name->name), name->name.ptr));
		return;
	}
}

static void
judge_duplicate(struct reading *reading, struct hosts_name *name)
{
	struct hosts_name *first;
	struct finding *finding;
	bool same;
	char *key =
	    arena_memdup(reading->arena, name->name.ptr, name->name.len);
	struct str slot = { key, name->name.len + 1 };

	for (size_t i = 0; i < name->name.len; i++)
		key[i] = (char)tolower((unsigned char)key[i]);
	/* The byte behind the name tells the families apart. */
	key[name->name.len] = name->family == AF_INET ? '4' : '6';
	first = map_get(&reading->seen, slot);
	if (!first) {
		map_put(&reading->seen, slot, name);
		return;
	}
	if (first->line == name->line)
		return;
	same = strcmp(first->address, name->address) == 0;
	finding = report(reading, HOST_DUPLICATE, &name->span,
	    arena_printf(reading->arena, "%.*s stands here again, with %s %s",
		shown(name->name), name->name.ptr,
		same ? "the same address" : "another address", name->address));
	if (!finding)
		return;
	if (same)
		finding_severity(finding, SEVERITY_INFO);
	finding_related(
	    finding, &first->span, "first here, with %s", first->address);
	finding_hint(finding, "keep one of the two");
}

static void
judge_localhost(struct reading *reading, const struct hosts_name *name)
{
	struct finding *finding;

	if (name->loopback || name->name.len != strlen("localhost") ||
	    strncasecmp(name->name.ptr, "localhost", name->name.len) != 0)
		return;
	finding = report(reading, HOST_LOCALHOST, &name->span,
	    arena_printf(
		reading->arena, "localhost has the address %s", name->address));
	if (finding)
		finding_hint(finding, "write: 127.0.0.1 localhost");
}

/* "vm vm.example.org": the canonical name would be the short one. */
static void
judge_order(struct reading *reading, const struct hosts_name *first,
    const struct hosts_name *name)
{
	struct finding *finding;

	if (name->name.len <= first->name.len ||
	    name->name.ptr[first->name.len] != '.' ||
	    strncasecmp(name->name.ptr, first->name.ptr, first->name.len) ||
	    (first->name.len == 9 &&
		strncasecmp(first->name.ptr, "localhost", 9) == 0))
		return;
	finding = report(reading, HOST_ORDER, &name->span,
	    arena_printf(reading->arena,
		"%.*s stands behind its short name, which becomes the "
		"canonical one",
		shown(name->name), name->name.ptr));
	if (finding)
		finding_hint(finding, "write: %s %.*s %.*s", name->address,
		    shown(name->name), name->name.ptr, shown(first->name),
		    first->name.ptr);
}

static struct hosts_name *
add_name(
    struct reading *reading, struct str word, const struct address *address)
{
	struct hosts *hosts = reading->hosts;
	struct hosts_name *name;

	if (hosts->count == hosts->cap) {
		size_t cap = hosts->cap ? hosts->cap * 2 : 32;
		struct hosts_name *names =
		    arena_array(reading->arena, cap, sizeof(*names));

		if (hosts->count)
			memcpy(
			    names, hosts->names, hosts->count * sizeof(*names));
		hosts->names = names;
		hosts->cap = cap;
	}
	name = &hosts->names[hosts->count++];
	*name =
	    (struct hosts_name){ word, span_of(reading, word), address->text,
		    address->family, address->loopback, reading->line };
	return name;
}

/* --- lines --- */

static void
read_line(struct reading *reading, struct str line)
{
	const char *comment = memchr(line.ptr, '#', line.len);
	size_t first = reading->hosts->count;
	struct address address;
	struct str word;
	char *text;

	if (comment)
		line.len = (size_t)(comment - line.ptr);
	if (!str_word(&line, &word))
		return;
	text = arena_memdup(reading->arena, word.ptr, word.len);
	if (!parse_address(reading, text, &address)) {
		judge_bad_address(reading, word, text);
		return;
	}
	while (str_word(&line, &word))
		add_name(reading, word, &address);
	for (size_t i = first; i < reading->hosts->count; i++) {
		const struct hosts_name *names = reading->hosts->names;

		judge_characters(reading, &names[i]);
		judge_localhost(reading, &names[i]);
		if (i > first)
			judge_order(reading, &names[first], &names[i]);
	}
}

/* When all names have their final place in memory. */
static void
judge_whole(struct reading *reading)
{
	struct span span = { .source = reading->source };
	struct finding *finding;

	for (size_t i = 0; i < reading->hosts->count; i++)
		judge_duplicate(reading, &reading->hosts->names[i]);
	if (hosts_find(reading->hosts, STR("localhost")))
		return;
	finding = report(
	    reading, HOST_LOCALHOST, &span, "there is no line for localhost");
	if (finding)
		finding_hint(finding, "add the line: 127.0.0.1 localhost");
}

void
hosts_read(struct arena *arena, const struct source *source,
    struct findings *findings, struct hosts *out)
{
	struct reading reading = { .arena = arena,
		.source = source,
		.findings = findings,
		.hosts = out };
	struct str rest = source->text;

	*out = (struct hosts){ 0 };
	while (rest.len) {
		const char *end = memchr(rest.ptr, '\n', rest.len);
		size_t len = end ? (size_t)(end - rest.ptr) : rest.len;

		reading.line++;
		reading.line_start = rest.ptr;
		read_line(&reading, (struct str){ rest.ptr, len });
		len += end ? 1 : 0;
		rest.ptr += len;
		rest.len -= len;
	}
	judge_whole(&reading);
	map_fini(&reading.seen);
}

const struct hosts_name *
hosts_find(const struct hosts *hosts, struct str name)
{
	for (size_t i = 0; i < hosts->count; i++)
		if (hosts->names[i].name.len == name.len &&
		    strncasecmp(hosts->names[i].name.ptr, name.ptr, name.len) ==
			0)
			return &hosts->names[i];
	return NULL;
}

const struct hosts_name *
hosts_canonical(const struct hosts *hosts, const struct hosts_name *name)
{
	while (name > hosts->names && name[-1].line == name->line)
		name--;
	return name;
}
