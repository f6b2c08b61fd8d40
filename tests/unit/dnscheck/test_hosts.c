/* Hosts files and the probe of the own name, from files of the test's own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "dnscheck/host_probe.h"
#include "dnscheck/hosts.h"

/* --- hosts files --- */

static char rendered[8192];

/* Findings as gcc lines: "FILE:LINE:COLUMN: severity: message [RULE]". */
static const char *
render(struct findings **findings)
{
	struct findings_options options = { .format = FORMAT_GCC };
	FILE *out = fmemopen(rendered, sizeof(rendered), "w");

	assert_non_null(out);
	findings_sort(*findings);
	findings_render(*findings, &options, out);
	fclose(out);
	findings_destroy(findings);
	return rendered;
}

static const char *
judged(const char *text)
{
	struct source source = { "hosts", str_of(text) };
	struct findings *findings = findings_create("test");
	struct arena arena = { 0 };
	struct hosts hosts;

	rendered[0] = '\0';
	hosts_read(&arena, &source, findings, &hosts);
	render(&findings);
	arena_fini(&arena);
	return rendered;
}

static void
test_good(void **state)
{
	(void)state;
	assert_string_equal(judged("127.0.0.1 localhost\n"
				   "127.0.1.1\tvm.example.org vm # own\n"
				   "\n# comment\n"
				   "::1 localhost ip6-localhost\n"
				   "fe80::1%lo0 link\n"
				   "ff02::1 ip6-allnodes"),
	    "");
}

static void
test_bad_address(void **state)
{
	const char *text = judged("127.0.0.1 localhost\n"
				  "  127.0.01 vm\n"
				  "vm 127.0.0.1\n");

	(void)state;
	assert_non_null(strstr(text, "hosts:2:3:"));
	assert_non_null(strstr(text, "127.0.01 is not a proper address: some "
				     "programs read it as 127.0.0.1"));
	assert_non_null(strstr(text, "hosts:3:1:"));
	assert_non_null(strstr(text, "begins with \"vm\""));
}

static void
test_skipped_line_gives_no_name(void **state)
{
	struct source source = { "hosts", STR("127.0.01 vm\n10.0.0.1 a b\n") };
	struct arena arena = { 0 };
	struct hosts hosts;

	(void)state;
	hosts_read(&arena, &source, NULL, &hosts);
	assert_null(hosts_find(&hosts, STR("vm")));
	assert_string_equal(hosts_find(&hosts, STR("B"))->address, "10.0.0.1");
	assert_true(str_is(
	    hosts_canonical(&hosts, hosts_find(&hosts, STR("b")))->name, "a"));
	arena_fini(&arena);
}

static void
test_duplicates(void **state)
{
	const char *text = judged("127.0.0.1 localhost\n"
				  "10.0.0.1 vm\n"
				  "10.0.0.2 VM\n"
				  "10.0.0.1 vm\n");

	(void)state;
	assert_non_null(strstr(text, "hosts:3:10: warning: VM stands here "
				     "again, with another address 10.0.0.2"));
	assert_non_null(strstr(text, "hosts:4:10: note:"));
}

static void
test_localhost(void **state)
{
	(void)state;
	assert_non_null(strstr(judged("10.0.0.1 localhost\n"),
	    "hosts:1:10: warning: localhost has the address 10.0.0.1"));
	assert_non_null(
	    strstr(judged("10.0.0.1 vm\n"), "no line for localhost"));
}

static void
test_order(void **state)
{
	(void)state;
	assert_non_null(strstr(judged("127.0.0.1 localhost localhost.lan\n"
				      "10.0.0.1 vm other vm.example.org\n"),
	    "hosts:2:19: warning: vm.example.org stands behind its short "
	    "name"));
	assert_null(strstr(rendered, "hosts:1:"));
}

static void
test_characters(void **state)
{
	(void)state;
	assert_non_null(strstr(judged("127.0.0.1 localhost caf\303\251,b\n"),
	    "hosts:1:21: warning:"));
}

/* A block list of a hundred thousand lines gets one finding, not as many. */
static void
test_flood(void **state)
{
	static char text[1000 * 16];
	const char *at = text;
	size_t len = 0, lines = 0;

	(void)state;
	for (int i = 0; i < 1000; i++)
		len += (size_t)snprintf(
		    text + len, sizeof(text) - len, "0.0.0 ad%d\n", i);
	at = judged(text);
	assert_non_null(strstr(at, "there are more such lines"));
	for (; *at; at++)
		lines += *at == '\n';
	assert_true(lines < 50);
}

/* --- the own name
 * -------------------------------------------------------------- */

static char folder[] = "/tmp/test_hosts.XXXXXX";

static const char *
file_with(const char *name, const char *text)
{
	static char paths[4][64];
	static size_t next;
	char *path = paths[next++ % 4];
	FILE *file;

	snprintf(path, sizeof(paths[0]), "%s/%s", folder, name);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
	return path;
}

static void
on_done(void *arg)
{
	*(bool *)arg = true;
}

/* The probe's findings; the names in copies, for it is gone afterwards. */
static const char *
probed(const char *hostname, const char *hosts, const char *nsswitch,
    char full[64])
{
	struct host_paths paths = { file_with("hosts", hosts),
		file_with("nsswitch", nsswitch), hostname };
	struct findings *findings = findings_create("test");
	struct host_probe probe;
	bool done = false;

	rendered[0] = '\0';
	host_probe_start(&probe, &paths, NULL, "", findings, on_done, &done);
	assert_true(done);
	snprintf(full, 64, "%s", probe.full_name);
	render(&findings);
	host_probe_fini(&probe);
	return rendered;
}

static void
test_probe(void **state)
{
	char full[64];

	(void)state;
	probed("vm", "127.0.0.1 localhost\n127.0.1.1 vm.example.org vm\n",
	    "hosts: files dns\n", full);
	assert_string_equal(full, "vm.example.org");
	assert_non_null(strstr(rendered, "the node name is ejabberd@vm"));
	assert_null(strstr(rendered, "warning"));
}

static void
test_probe_whole_name(void **state)
{
	char full[64];

	(void)state;
	probed("vm.example.org",
	    "127.0.0.1 localhost\n127.0.1.1 vm.example.org vm\n",
	    "hosts: files dns\n", full);
	assert_string_equal(full, "vm.example.org");
	assert_non_null(strstr(rendered, "the node name is ejabberd@vm\n") ||
			strstr(rendered, "the node name is ejabberd@vm ["));
}

static void
test_probe_unresolved(void **state)
{
	char full[64];

	(void)state;
	probed("vm", "127.0.0.1 localhost\n", "hosts: files dns\n", full);
	assert_non_null(strstr(rendered, "warning: the host name vm resolves"));
	probed(
	    "vm", "127.0.0.1 localhost\n", "hosts: files myhostname\n", full);
	assert_null(strstr(rendered, "warning"));
}

static void
test_probe_elsewhere(void **state)
{
	char full[64];

	(void)state;
	probed("vm", "127.0.0.1 localhost\n192.0.2.77 vm\n",
	    "hosts: files dns\n", full);
	assert_non_null(strstr(rendered, "leads to 192.0.2.77"));
}

static void
test_probe_names(void **state)
{
	char full[64];

	(void)state;
	probed("my_vm", "127.0.0.1 localhost my_vm\n", "hosts: files\n", full);
	assert_non_null(strstr(rendered, "letters, digits and hyphens"));
	probed("localhost", "127.0.0.1 localhost\n", "", full);
	assert_non_null(strstr(rendered, "the host name is localhost"));
}

static void
test_probe_nsswitch(void **state)
{
	char full[64];

	(void)state;
	probed("vm", "127.0.0.1 localhost vm\n",
	    "passwd: files\nhosts: dns files\n", full);
	assert_non_null(strstr(rendered, "comes after the DNS"));
}

static int
make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) ? 0 : -1;
}

static int
remove_folder(void **state)
{
	char path[64];

	(void)state;
	snprintf(path, sizeof(path), "%s/hosts", folder);
	unlink(path);
	snprintf(path, sizeof(path), "%s/nsswitch", folder);
	unlink(path);
	return rmdir(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad_address),
		cmocka_unit_test(test_skipped_line_gives_no_name),
		cmocka_unit_test(test_duplicates),
		cmocka_unit_test(test_localhost),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_characters),
		cmocka_unit_test(test_flood),
		cmocka_unit_test(test_probe),
		cmocka_unit_test(test_probe_whole_name),
		cmocka_unit_test(test_probe_unresolved),
		cmocka_unit_test(test_probe_elsewhere),
		cmocka_unit_test(test_probe_names),
		cmocka_unit_test(test_probe_nsswitch),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
