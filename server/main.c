/*
 * xmppd: reads the command line, starts from exactly what the linter accepted,
 * and names every room once. See docs/architecture.md.
 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "certgen/config_files.h"
#include "certgen/pem_check.h"
#include "certgen/pem_reader.h"
#include "cfgparse/base/arena.h"
#include "cfgparse/base/buf.h"
#include "cfgparse/base/mem.h"
#include "cfgparse/base/terminal.h"
#include "cfgparse/cfg.h"
#include "cfgparse/findings.h"
#include "server/admin/control.h"
#include "server/base/log.h"
#include "server/core/module.h"
#include "server/core/node.h"
#include "server/core/shard.h"
#include "server/daemon.h"
#include "server/loop/loop.h"
#include "server/ports/c2s.h"
#include "server/start_arguments.h"
#include "server/store/store.h"

enum { SHARDS_MAX = 256, HOST_ROOM = 256, XEPS_MAX = 256 };

struct options {
	const char *config;
	const char *state;
	const char *node;
	const char *user;
	unsigned shards;
	unsigned store_delay_ms;
	unsigned channel_parcels;
	bool foreground;
	bool check;
};

struct server {
	int argc;
	char **argv;
	struct options options;
	struct cfg *cfg;
	struct account_ids ids;
	char *node_name;
	char *log_path; /* NULL: stderr */
	int lock;
	int report;
	struct c2s_service *c2s;
	struct store_backend *backend;
	struct node *node;
	struct control *control;
	struct signal_watch *signals[3];
};

/* --- command line --- */

static const char usage_text[] =
    "usage: xmppd --config FILE --state DIR [--foreground | --check]\n"
    "             [--node NAME] [--user USER] [--shards N]\n"
    "\n"
    "  --config FILE   ejabberd configuration (Erlang terms)\n"
    "  --state DIR     database, control socket, pid and log; made if missing\n"
    "  --foreground    stay in the foreground and log to stderr\n"
    "  --check         lint the configuration and its certificates, then "
    "exit;\n"
    "                  needs no --state\n"
    "  --node NAME     node name; ejabberd@SHORTNAME by default\n"
    "  --user USER     as root: run as this user (default _xmppd)\n"
    "  --shards N      worker threads; one for each core by default\n"
    "  --help          print this and leave\n"
    "  --version       print the version and leave\n"
    "\n"
    "Exit status: 0 stopped in order or accepting, 1 not started, 2 usage.\n"
    "xmppd(8) has the details.\n";

static const struct option long_options[] = {
	{ "config", required_argument, NULL, 'c' },
	{ "state", required_argument, NULL, 's' },
	{ "foreground", no_argument, NULL, 'f' },
	{ "check", no_argument, NULL, 'k' },
	{ "node", required_argument, NULL, 'n' },
	{ "user", required_argument, NULL, 'u' },
	{ "shards", required_argument, NULL, 'w' },
	{ "docs", required_argument, NULL, 'x' },
	{ "test-store-delay", required_argument, NULL, 'd' },
	{ "test-channel-parcels", required_argument, NULL, 'p' },
	{ "version", no_argument, NULL, 'v' },
	{ "help", no_argument, NULL, 'h' },
	{ 0 },
};

static bool
read_number(const char *text, unsigned long most, unsigned *out)
{
	char *end;
	unsigned long value;

	errno = 0;
	value = strtoul(text, &end, 10);
	if (errno || end == text || *end || *text == '-' || value > most)
		return false;
	*out = (unsigned)value;
	return true;
}

static int
fail_usage(const char *what)
{
	fprintf(stderr, "xmppd: %s\nTry 'xmppd --help'.\n", what);
	return EXIT_FAILED;
}

/* One line of docs/xeps.md. */
struct xep_line {
	const struct xep *xep;
	const char *module;
};

static int
compare_xeps(const void *a, const void *b)
{
	const struct xep *left = ((const struct xep_line *)a)->xep;
	const struct xep *right = ((const struct xep_line *)b)->xep;

	return (left->number > right->number) - (left->number < right->number);
}

/* docs/xeps.md: what the modules say of themselves. */
static void
print_xeps(void)
{
	struct xep_line lines[XEPS_MAX];
	size_t count = 0;

	for (size_t i = 0; module_table[i]; i++) {
		const struct xep *xep = module_table[i]->xeps;

		for (; xep && xep->number && count < XEPS_MAX; xep++)
			lines[count++] =
			    (struct xep_line){ xep, module_table[i]->name };
	}
	qsort(lines, count, sizeof(lines[0]), compare_xeps);
	printf("# XEPs\n\nMade by `make docs` from the modules.\n\n"
	       "| XEP | version | module | note |\n|---|---|---|---|\n");
	for (size_t i = 0; i < count; i++)
		printf("| %04u | %s | %s | %s |\n", lines[i].xep->number,
		    lines[i].xep->version, lines[i].module,
		    lines[i].xep->note ? lines[i].xep->note : "");
}

/* -1 to go on, or the exit code. */
static int
read_options(int argc, char **argv, struct options *options)
{
	int c;

	while ((c = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		switch (c) {
		case 'c': options->config = optarg; break;
		case 's': options->state = optarg; break;
		case 'f': options->foreground = true; break;
		case 'k': options->check = true; break;
		case 'n': options->node = optarg; break;
		case 'u': options->user = optarg; break;
		case 'w':
			if (!read_number(
				optarg, SHARDS_MAX, &options->shards) ||
			    options->shards == 0)
				return fail_usage("--shards takes 1 to 256");
			break;
		case 'd':
			if (!read_number(
				optarg, 60000, &options->store_delay_ms))
				return fail_usage("--test-store-delay takes "
						  "milliseconds");
			break;
		case 'p':
			if (!read_number(
				optarg, 65536, &options->channel_parcels))
				return fail_usage("--test-channel-parcels "
						  "takes a number");
			break;
		case 'x':
			if (strcmp(optarg, "xeps") != 0)
				return fail_usage("--docs knows xeps only");
			print_xeps();
			return EXIT_CLEAN;
		case 'v':
			printf("xmppd %s\n", XMPPD_VERSION);
			return EXIT_CLEAN;
		case 'h': fputs(usage_text, stdout); return EXIT_CLEAN;
		default: /* getopt has said what */
			fputs("Try 'xmppd --help'.\n", stderr);
			return EXIT_FAILED;
		}
	}
	if (optind < argc)
		return fail_usage("there are no arguments beside options");
	if (!options->config)
		return fail_usage("--config FILE is missing");
	if (!options->check && !options->state)
		return fail_usage("--state DIR is missing");
	return -1;
}

/* --- configuration --- */

/* The files are read as root now, but on a reload as that user. */
static bool
check_certificates(
    struct server *server, struct arena *arena, struct findings *findings)
{
	const char *user = daemon_user(server->options.user);
	struct pem_demand demand = { .starting = true };
	struct pem_reader reader;

	if (user && pem_reader_find(arena, user, &reader))
		demand.reader = &reader;
	return config_files_check(arena, server->cfg, &demand, findings);
}

static bool
load_config(struct server *server)
{
	struct findings *findings = findings_create("xmppd");
	struct findings_options render = { .fail_on = SEVERITY_ERROR,
		.colour = isatty(STDERR_FILENO) };
	struct cfg_load_options load = { .check_files = true };
	struct arena arena = { 0 };
	bool fine =
	    cfg_load(server->options.config, &load, findings, &server->cfg);

	if (fine)
		fine = check_certificates(server, &arena, findings);
	if (findings_count(findings, SEVERITY_WARNING) || !fine) {
		findings_sort(findings);
		findings_render(findings, &render, stderr);
	}
	findings_destroy(&findings);
	arena_fini(&arena);
	if (fine) /* these went with the findings */
		server->cfg->certfile_spans = NULL;
	return fine;
}

/* --- starting --- */

static char *
default_node_name(void)
{
	struct buf name = { 0 };
	char host[HOST_ROOM] = "localhost";

	if (gethostname(host, sizeof(host) - 1) != 0 || !host[0])
		strcpy(host, "localhost");
	host[strcspn(host, ".")] = '\0';
	buf_printf(&name, "ejabberd@%s", host);
	return buf_take(&name);
}

static unsigned
default_shards(void)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);

	if (cores < 1)
		return 1;
	return cores > SHARDS_MAX ? SHARDS_MAX : (unsigned)cores;
}

static void
raise_file_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
}

static bool
open_log(struct server *server, char **why)
{
	struct buf text = { 0 };

	log_set_level((enum log_level)server->cfg->loglevel);
	if (server->options.foreground)
		return true;
	buf_printf(&text, "%s/xmppd.log", server->options.state);
	server->log_path = buf_take(&text);
	if (log_open(server->log_path))
		return true;
	buf_printf(&text, "%s: %s", server->log_path, strerror(errno));
	*why = buf_take(&text);
	return false;
}

/* One line of the log for each of the text's. */
static void
on_reloaded(void *arg, bool done, struct str said)
{
	(void)arg;
	while (said.len) {
		const char *end = memchr(said.ptr, '\n', said.len);
		size_t len = end ? (size_t)(end - said.ptr) : said.len;

		if (done)
			log_info("%.*s", (int)len, said.ptr);
		else
			log_error("%.*s", (int)len, said.ptr);
		len += end != NULL;
		said.ptr += len;
		said.len -= len;
	}
}

static void
on_signal(void *arg, int number)
{
	struct server *server = arg;

	if (number != SIGHUP) {
		node_stop(server->node);
		return;
	}
	if (server->log_path && !log_open(server->log_path))
		log_error("%s: %s", server->log_path, strerror(errno));
	node_reload(server->node, on_reloaded, NULL);
}

static void
watch_signals(struct server *server)
{
	static const int numbers[] = { SIGTERM, SIGINT, SIGHUP };
	struct loop *loop = shard_loop(node_shard(server->node, 0));

	signal(SIGPIPE, SIG_IGN);
	for (size_t i = 0; i < 3; i++)
		server->signals[i] =
		    signal_open(loop, numbers[i], on_signal, server);
}

/* Everything up to accepting. As root at first, as the server's user in the
 * end; false: *why says what failed. */
static bool
start(struct server *server, char **why)
{
	struct options *options = &server->options;
	struct node_settings settings = { .cfg = server->cfg,
		.name = server->node_name,
		.shards = options->shards,
		.channel_parcels = options->channel_parcels };
	struct store_sqlite_options store = { .delay_ms =
						  options->store_delay_ms };

	raise_file_limit();
	server->lock = daemon_lock_state(options->state, &server->ids, why);
	if (server->lock < 0)
		return false;
	server->c2s = c2s_service_create(server->cfg, options->shards, why);
	if (!server->c2s ||
	    !start_arguments_keep(
		options->state, server->argc, server->argv, why) ||
	    !daemon_become(&server->ids, why) || !open_log(server, why))
		return false;
	server->backend = store_sqlite_open_with(options->state, &store, why);
	if (!server->backend)
		return false;
	settings.backend = server->backend;
	server->node = node_create(&settings);
	server->control =
	    control_open(node_shard(server->node, 0), options->state, why);
	if (!server->control)
		return false;
	watch_signals(server);
	daemon_write_pid(server->lock);
	return true;
}

static void
run(struct server *server)
{
	struct node_ports ports = c2s_service_ports(server->c2s);

	log_info("xmppd %s started as %s with %u shards, configuration %s",
	    XMPPD_VERSION, server->node_name, server->options.shards,
	    server->options.config);
	daemon_report(server->report, NULL);
	node_run(server->node, &ports);
}

static void
finish(struct server *server)
{
	for (size_t i = 0; i < 3; i++)
		signal_close(&server->signals[i]);
	control_close(&server->control);
	node_destroy(&server->node);
	store_backend_close(&server->backend);
	c2s_service_destroy(&server->c2s);
	cfg_destroy(&server->cfg);
	free(server->node_name);
	free(server->log_path);
	if (server->lock >= 0) /* the last: until here the state is ours */
		close(server->lock);
}

int
main(int argc, char **argv)
{
	struct server server = {
		.argc = argc, .argv = argv, .lock = -1, .report = -1
	};
	char *why = NULL;
	int status = read_options(argc, argv, &server.options);
	bool started;

	if (status >= 0)
		return status;
	if (!load_config(&server))
		return EXIT_FINDINGS;
	if (server.options.check) {
		cfg_destroy(&server.cfg);
		return EXIT_CLEAN;
	}
	if (!server.options.shards)
		server.options.shards = default_shards();
	server.node_name = server.options.node ? mem_strdup(server.options.node)
					       : default_node_name();
	started = daemon_find_user(server.options.user, &server.ids, &why);
	if (started) {
		if (!server.options.foreground)
			server.report = daemon_background();
		started = start(&server, &why);
	}
	if (started) {
		run(&server);
		log_info("stopped: %s", server.node_name);
	} else if (server.log_path) {
		log_critical("not started: %s", why);
	}
	finish(&server);
	if (!started)
		daemon_report(server.report, why);
	free(why);
	return started ? EXIT_CLEAN : EXIT_FINDINGS;
}
