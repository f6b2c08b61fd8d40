#include "dnscheck/host_probe.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <ifaddrs.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "cfgparse/base/file.h"
#include "dnscheck/address.h"
#include "dnscheck/rules.h"

enum { NSSWITCH_MAX = 64 * 1024, HOST_NAME_LIMIT = 255 };

/* --- this machine --- */

static bool
own_address(int family, const void *address)
{
	struct ifaddrs *all, *at;
	bool found = false;

	if (getifaddrs(&all) != 0)
		return true; /* nothing can be said against it */
	for (at = all; at && !found; at = at->ifa_next) {
		if (!at->ifa_addr || at->ifa_addr->sa_family != family)
			continue;
		if (family == AF_INET)
			found =
			    memcmp(
				&((struct sockaddr_in *)at->ifa_addr)->sin_addr,
				address, 4) == 0;
		else if (family == AF_INET6)
			found = memcmp(&((struct sockaddr_in6 *)at->ifa_addr)
					    ->sin6_addr,
				    address, 16) == 0;
	}
	freeifaddrs(all);
	return found;
}

static bool
leads_here(int family, const void *address)
{
	if (family == AF_INET &&
	    address_kind_v4(*(const struct in_addr *)address) ==
		ADDRESS_LOOPBACK)
		return true;
	if (family == AF_INET6 && address_kind_v6(address) == ADDRESS_LOOPBACK)
		return true;
	return own_address(family, address);
}

static void
take_names(struct host_probe *probe, const struct host_paths *paths)
{
	char name[HOST_NAME_LIMIT + 1] = "";
	const char *hostname = paths->hostname;

	if (!hostname && gethostname(name, sizeof(name) - 1) == 0)
		hostname = name;
	probe->hostname = arena_strdup(&probe->arena, hostname ? hostname : "");
	probe->short_name = arena_memdup(
	    &probe->arena, probe->hostname, strcspn(probe->hostname, "."));
	probe->full_name = probe->hostname;
}

/* --- files --- */

static void
read_hosts(struct host_probe *probe, const char *path)
{
	char why[FILE_WHY_MAX];
	struct finding *finding;

	probe->hosts_source.name = path;
	if (!file_read(path, HOSTS_SIZE_MAX, &probe->hosts_text, why)) {
		finding =
		    finding_add(probe->findings, &dnscheck_rules[HOST_FILE],
			NULL, "can't read %s: %s", path, why);
		finding_subject(finding, path);
		return;
	}
	probe->hosts_source.text = buf_str(&probe->hosts_text);
	hosts_read(&probe->arena, &probe->hosts_source, probe->findings,
	    &probe->hosts);
}

/* The sources of the line "hosts:", or NULL where there's none. */
static const char *
hosts_sources(struct host_probe *probe, const char *text)
{
	while (text) {
		text += strspn(text, " \t");
		if (strncmp(text, "hosts:", 6) == 0)
			return arena_memdup(
			    &probe->arena, text + 6, strcspn(text + 6, "#\n"));
		text = strchr(text, '\n');
		text = text ? text + 1 : NULL;
	}
	return NULL;
}

static bool
has_word(const char *text, const char *word)
{
	size_t len = strlen(word);

	for (const char *at = text; (at = strstr(at, word)); at += len)
		if ((at == text || isspace((unsigned char)at[-1])) &&
		    (!at[len] || isspace((unsigned char)at[len])))
			return true;
	return false;
}

static void
read_nsswitch(struct host_probe *probe, const char *path)
{
	struct buf buf = { 0 };
	char why[FILE_WHY_MAX];
	const char *sources = NULL, *dns, *files;
	struct finding *finding;

	/* Only glibc has the file; everyone else looks at files, then DNS. */
	if (file_read(path, NSSWITCH_MAX, &buf, why))
		sources = hosts_sources(probe, buf_text(&buf));
	buf_fini(&buf);
	if (!sources)
		sources = "files dns";
	probe->use_local =
	    has_word(sources, "myhostname") || has_word(sources, "resolve");
	probe->use_dns = has_word(sources, "dns");
	dns = strstr(sources, "dns");
	files = strstr(sources, "files");
	if (files && (!dns || files < dns))
		return;
	finding = finding_add(probe->findings, &dnscheck_rules[HOST_NSSWITCH],
	    NULL, "%s looks up hosts in \"%s\": the hosts file %s", path,
	    sources + strspn(sources, " \t"),
	    files ? "comes after the DNS" : "is not used");
	finding_subject(finding, path);
	finding_hint(finding, "write: hosts: files dns");
}

/* --- verdict --- */

static bool
proper_name(const char *name)
{
	size_t len = strlen(name);

	if (len == 0 || len > 63 || name[0] == '-' || name[len - 1] == '-')
		return false;
	for (; *name; name++)
		if ((unsigned char)*name >= 0x80 ||
		    !(isalnum((unsigned char)*name) || *name == '-'))
			return false;
	return true;
}

static void
judge_name(struct host_probe *probe)
{
	struct finding *finding = NULL;

	if (!proper_name(probe->short_name))
		finding = finding_add(probe->findings,
		    &dnscheck_rules[HOST_BAD_NAME], NULL,
		    "the host name \"%s\" is not made of letters, digits and "
		    "hyphens",
		    probe->hostname);
	else if (strcmp(probe->short_name, "localhost") == 0)
		finding = finding_add(probe->findings,
		    &dnscheck_rules[HOST_BAD_NAME], NULL,
		    "the host name is localhost, as on every machine that was "
		    "never named");
	if (!finding)
		return;
	finding_subject(finding, probe->hostname);
	finding_hint(
	    finding, "set one with hostname(1), or give --node to xmppd");
}

static void
judge_unresolved(struct host_probe *probe)
{
	struct finding *finding;

	if (probe->address || probe->use_local || !*probe->short_name)
		return;
	finding = finding_add(probe->findings, &dnscheck_rules[HOST_UNRESOLVED],
	    NULL, "the host name %s resolves neither by %s nor by the DNS",
	    probe->short_name, probe->hosts_source.name);
	finding_subject(finding, probe->short_name);
	finding_hint(finding, "add to %s the line: 127.0.1.1 %s%s%s",
	    probe->hosts_source.name, probe->hostname,
	    strcmp(probe->hostname, probe->short_name) == 0 ? "" : " ",
	    strcmp(probe->hostname, probe->short_name) == 0
		? ""
		: probe->short_name);
}

static void
finish(struct host_probe *probe)
{
	struct finding *finding;

	judge_unresolved(probe);
	if (probe->elsewhere) {
		finding = finding_add(probe->findings,
		    &dnscheck_rules[HOST_ELSEWHERE], NULL,
		    "the host name %s leads to %s, which is no address of this "
		    "machine",
		    probe->short_name, probe->address);
		finding_subject(finding, probe->short_name);
		finding_hint(finding, "correct the record, or add a line for "
				      "it to the hosts file");
	}
	if (!strchr(probe->full_name, '.'))
		finding_subject(finding_add(probe->findings,
				    &dnscheck_rules[HOST_NO_FQDN], NULL,
				    "the full name of this machine, %s, has no "
				    "domain",
				    probe->full_name),
		    probe->short_name);
	finding =
	    finding_add(probe->findings, &dnscheck_rules[HOST_NODE_NAME], NULL,
		"short name %s, full name %s, address %s: the node name is "
		"ejabberd@%s",
		probe->short_name, probe->full_name,
		probe->address ? probe->address : "unknown", probe->short_name);
	finding_subject(finding, probe->short_name);
	probe->on_done(probe->arg);
}

/* --- sources --- */

static void
take_address(struct host_probe *probe, int family, const void *address)
{
	char text[INET6_ADDRSTRLEN];

	if (probe->address)
		return;
	inet_ntop(family, address, text, sizeof(text));
	probe->address = arena_strdup(&probe->arena, text);
	probe->elsewhere = !leads_here(family, address);
}

static bool
look_in_hosts(struct host_probe *probe)
{
	const struct hosts_name *entry =
	    hosts_find(&probe->hosts, str_of(probe->short_name));
	const struct hosts_name *whole =
	    hosts_find(&probe->hosts, str_of(probe->hostname));
	unsigned char address[16];
	struct str canonical;

	if (!whole)
		whole = entry;
	if (whole) {
		canonical = hosts_canonical(&probe->hosts, whole)->name;
		probe->full_name = arena_str(&probe->arena, canonical).ptr;
	}
	if (!entry)
		return false;
	if (inet_pton(entry->family, entry->address, address) == 1)
		take_address(probe, entry->family, address);
	return true;
}

static void
on_answer(void *arg, const struct dns_answer *answer)
{
	struct host_probe *probe = arg;

	if (answer->status == DNS_OK) {
		const struct dns_record *first = &answer->records[0];

		if (answer->type == DNS_A)
			take_address(probe, AF_INET, &first->a);
		else
			take_address(probe, AF_INET6, &first->aaaa);
		probe->full_name =
		    arena_strdup(&probe->arena, answer->canonical);
	}
	if (--probe->pending == 0)
		finish(probe);
}

void
host_probe_start(struct host_probe *probe, const struct host_paths *paths,
    struct resolver *resolver, const char *search, struct findings *findings,
    void (*on_done)(void *arg), void *arg)
{
	const char *asked;

	*probe = (struct host_probe){
		.findings = findings, .on_done = on_done, .arg = arg
	};
	take_names(probe, paths);
	judge_name(probe);
	read_hosts(probe, paths->hosts ? paths->hosts : "/etc/hosts");
	read_nsswitch(
	    probe, paths->nsswitch ? paths->nsswitch : "/etc/nsswitch.conf");
	if (look_in_hosts(probe) || !resolver || !probe->use_dns ||
	    !proper_name(probe->short_name)) {
		finish(probe);
		return;
	}
	/* A name without a domain is asked as the C library would. */
	asked = strchr(probe->hostname, '.') || !*search
		    ? probe->hostname
		    : arena_printf(
			  &probe->arena, "%s.%s", probe->short_name, search);
	probe->pending = 2;
	resolver_ask(resolver, asked, DNS_A, on_answer, probe);
	resolver_ask(resolver, asked, DNS_AAAA, on_answer, probe);
}

void
host_probe_fini(struct host_probe *probe)
{
	arena_fini(&probe->arena);
	buf_fini(&probe->hosts_text);
}
