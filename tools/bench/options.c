/*
 * The command line of the load generator.
 */
#include "tools/bench/options.h"

#include "cfgparse/base/mem.h"

#include <openssl/crypto.h>
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const work_names[] = { "login", "idle", "chat", NULL };
static const char *const tls_names[] = { "none", "starttls", "direct", NULL };
static const char *const mechanism_names[] = { "SCRAM-SHA-1", "SCRAM-SHA-256",
	"PLAIN", NULL };

static const char usage[] =
    "usage: xmpp-bench --connect ADDR:PORT --users USERS [OPTION...]\n"
    "       xmpp-bench relay --pem FILE --port PORT\n"
    "Puts load on an XMPP server and counts what comes of it.\n"
    "\n"
    "  --connect ADDR:PORT an address in figures, [ADDR]:PORT for IPv6\n"
    "  --host DOMAIN       the virtual host (localhost)\n"
    "  --users USERS       NAME*COUNT:PASSWORD for NAME1 to NAMECOUNT, or a\n"
    "                      file of user,host,password lines\n"
    "  --tls none|starttls|direct   (starttls)\n"
    "  --work login|idle|chat       (chat)\n"
    "  --mechanism SCRAM-SHA-1|SCRAM-SHA-256|PLAIN\n"
    "  --pairs N --window W --body BYTES   chat: 200, 1, 200\n"
    "  --sessions N        idle: how many sessions (1000)\n"
    "  --parallel K        logins under way at a time (16)\n"
    "  --seconds S         how long to send or log in (5)\n"
    "  --messages N        chat, login: stop after N instead\n"
    "  --drain MS          how long to wait for what is late (10000)\n"
    "  --settle MS         quiet time before readings (1000)\n"
    "  --no-presence       sessions don't become available\n"
    "  --relay             the peer is `xmpp-bench relay`\n"
    "  --server-pid PID    measure it and its descendants (repeatable)\n"
    "  --help              print this and leave\n"
    "  --version           print the version and leave\n"
    "\n"
    "relay passes lines on over direct TLS: what sockets and TLS cost.\n"
    "  --pem FILE          certificate and key\n"
    "  --port PORT         where it listens on 127.0.0.1\n"
    "\n"
    "One line of JSON on stdout. Exit status: 0 everything arrived, 1 not\n"
    "everything did, 2 could not run.\n"
    "xmpp-bench(1) has the details.\n";

const char *
bench_usage(void)
{
	return usage;
}

const char *
bench_work_name(enum bench_work work)
{
	return work_names[work];
}

const char *
bench_tls_name(enum bench_tls tls)
{
	return tls_names[tls];
}

const char *
bench_mechanism_name(enum bench_mechanism mechanism)
{
	return mechanism_names[mechanism];
}

static bool
complain(const char *what, const char *value)
{
	fprintf(stderr, "xmpp-bench: %s: %s\n", what, value);
	return false;
}

static bool
one_of(const char *const names[], const char *text, const char *what, int *out)
{
	for (int i = 0; names[i] != NULL; i++)
		if (strcmp(names[i], text) == 0) {
			*out = i;
			return true;
		}
	return complain(what, text);
}

static bool
number(const char *text, uint64_t min, uint64_t max, uint64_t *out)
{
	char *end;
	unsigned long long value;

	errno = 0;
	value = strtoull(text, &end, 10);
	if (errno != 0 || end == text || *end != '\0' || text[0] == '-' ||
	    value < min || value > max)
		return complain("not a number in range", text);
	*out = value;
	return true;
}

bool
bench_addr_parse(
    const char *text, struct sockaddr_storage *addr, socklen_t *addr_len)
{
	struct addrinfo hints = { .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
		.ai_socktype = SOCK_STREAM };
	struct addrinfo *found;
	const char *colon = strrchr(text, ':');
	char *name;
	bool ok;

	if (colon == NULL)
		return complain("no ADDR:PORT", text);
	name = text[0] == '[' && colon[-1] == ']'
		   ? mem_strndup(text + 1, (size_t)(colon - text) - 2)
		   : mem_strndup(text, (size_t)(colon - text));
	ok = getaddrinfo(name, colon + 1, &hints, &found) == 0;
	free(name);
	if (!ok)
		return complain("no numeric ADDR:PORT", text);
	memcpy(addr, found->ai_addr, found->ai_addrlen);
	*addr_len = found->ai_addrlen;
	freeaddrinfo(found);
	return true;
}

static struct bench_account *
account_add(struct bench_options *options)
{
	options->accounts = mem_grow(options->accounts,
	    options->account_count + 1, sizeof(*options->accounts));
	options->accounts[options->account_count] = (struct bench_account){ 0 };
	return &options->accounts[options->account_count++];
}

static bool
accounts_from_pattern(
    struct bench_options *options, const char *what, const char *star)
{
	const char *colon = strchr(star, ':');
	uint64_t count;
	char *digits;
	bool ok;

	if (colon == NULL)
		return complain("users: no :PASSWORD", what);
	digits = mem_strndup(star + 1, (size_t)(colon - star) - 1);
	ok = number(digits, 1, 1000000, &count);
	free(digits);
	for (uint64_t i = 1; ok && i <= count; i++) {
		struct bench_account *account = account_add(options);
		struct buf name = { 0 };

		buf_printf(&name, "%.*s%llu", (int)(star - what), what,
		    (unsigned long long)i);
		account->user = buf_take(&name);
		account->password = mem_strdup(colon + 1);
	}
	return ok;
}

static bool
accounts_from_file(struct bench_options *options, const char *path)
{
	FILE *file = fopen(path, "r");
	char line[4096];

	if (file == NULL)
		return complain(path, strerror(errno));
	while (fgets(line, sizeof(line), file) != NULL) {
		char *host, *password;
		struct bench_account *account;

		line[strcspn(line, "\r\n")] = '\0';
		host = strchr(line, ',');
		password = host != NULL ? strchr(host + 1, ',') : NULL;
		if (password == NULL)
			continue;
		*host++ = '\0';
		*password++ = '\0';
		account = account_add(options);
		account->user = mem_strdup(line);
		account->host = mem_strdup(host);
		account->password = mem_strdup(password);
	}
	OPENSSL_cleanse(line, sizeof(line));
	fclose(file);
	return options->account_count > 0 ||
	       complain("no user,host,password line in", path);
}

bool
bench_accounts_read(struct bench_options *options, const char *what)
{
	const char *star = strchr(what, '*');

	return star != NULL ? accounts_from_pattern(options, what, star)
			    : accounts_from_file(options, what);
}

enum {
	OPT_HOST = 256,
	OPT_CONNECT,
	OPT_TLS,
	OPT_USERS,
	OPT_WORK,
	OPT_MECHANISM,
	OPT_PAIRS,
	OPT_WINDOW,
	OPT_BODY,
	OPT_SESSIONS,
	OPT_PARALLEL,
	OPT_SECONDS,
	OPT_MESSAGES,
	OPT_DRAIN,
	OPT_SETTLE,
	OPT_NO_PRESENCE,
	OPT_RELAY,
	OPT_PID,
};

static const struct option long_options[] = {
	{ "host", required_argument, NULL, OPT_HOST },
	{ "connect", required_argument, NULL, OPT_CONNECT },
	{ "tls", required_argument, NULL, OPT_TLS },
	{ "users", required_argument, NULL, OPT_USERS },
	{ "work", required_argument, NULL, OPT_WORK },
	{ "mechanism", required_argument, NULL, OPT_MECHANISM },
	{ "pairs", required_argument, NULL, OPT_PAIRS },
	{ "window", required_argument, NULL, OPT_WINDOW },
	{ "body", required_argument, NULL, OPT_BODY },
	{ "sessions", required_argument, NULL, OPT_SESSIONS },
	{ "parallel", required_argument, NULL, OPT_PARALLEL },
	{ "seconds", required_argument, NULL, OPT_SECONDS },
	{ "messages", required_argument, NULL, OPT_MESSAGES },
	{ "drain", required_argument, NULL, OPT_DRAIN },
	{ "settle", required_argument, NULL, OPT_SETTLE },
	{ "no-presence", no_argument, NULL, OPT_NO_PRESENCE },
	{ "relay", no_argument, NULL, OPT_RELAY },
	{ "server-pid", required_argument, NULL, OPT_PID },
	{ NULL, 0, NULL, 0 },
};

/* The options whose value is a number. */
static bool
set_number(struct bench_options *options, int option, const char *text)
{
	uint64_t value = 0, max = option == OPT_WINDOW	   ? BENCH_WINDOW_MAX
				  : option == OPT_MESSAGES ? UINT32_MAX
				  : option == OPT_PID	   ? INT32_MAX
							   : 1000000;

	if (!number(text, option == OPT_SETTLE ? 0 : 1, max, &value))
		return false;
	switch (option) {
	case OPT_PAIRS: options->pairs = value; break;
	case OPT_WINDOW: options->window = value; break;
	case OPT_BODY: options->body = value; break;
	case OPT_SESSIONS: options->sessions = value; break;
	case OPT_PARALLEL: options->parallel = value; break;
	case OPT_MESSAGES: options->messages = value; break;
	case OPT_DRAIN: options->drain_ms = value; break;
	case OPT_SETTLE: options->settle_ms = value; break;
	default:
		if (options->pid_count == BENCH_PIDS)
			return complain("too many", "--server-pid");
		options->pids[options->pid_count++] = (pid_t)value;
	}
	return true;
}

static bool
set(struct bench_options *options, int option, const char *text)
{
	int value;

	switch (option) {
	case OPT_HOST: options->host = text; return true;
	case OPT_CONNECT:
		return bench_addr_parse(
		    text, &options->addr, &options->addr_len);
	case OPT_TLS:
		if (!one_of(tls_names, text, "--tls", &value))
			return false;
		options->tls = (enum bench_tls)value;
		return true;
	case OPT_WORK:
		if (!one_of(work_names, text, "--work", &value))
			return false;
		options->work = (enum bench_work)value;
		return true;
	case OPT_MECHANISM:
		if (!one_of(mechanism_names, text, "--mechanism", &value))
			return false;
		options->mechanism = (enum bench_mechanism)value;
		return true;
	case OPT_USERS: return bench_accounts_read(options, text);
	case OPT_SECONDS:
		options->seconds = strtod(text, NULL);
		return options->seconds > 0 || complain("--seconds", text);
	case OPT_NO_PRESENCE: options->presence = false; return true;
	case OPT_RELAY: options->relay = true; return true;
	case '?': return false;
	default: return set_number(options, option, text);
	}
}

static bool
try_help(void)
{
	fputs("Try 'xmpp-bench --help'.\n", stderr);
	return false;
}

bool
bench_options_parse(struct bench_options *options, int argc, char *const argv[])
{
	int option;

	*options = (struct bench_options){ .host = "localhost",
		.tls = BENCH_STARTTLS,
		.work = BENCH_CHAT,
		.presence = true,
		.pairs = 200,
		.window = 1,
		.body = 200,
		.sessions = 1000,
		.parallel = 16,
		.seconds = 5,
		.drain_ms = 10000,
		.settle_ms = 1000 };
	while ((option = getopt_long(argc, argv, "", long_options, NULL)) != -1)
		if (!set(options, option, optarg))
			return try_help();
	if (optind != argc)
		complain("not an option", argv[optind]);
	else if (options->addr_len == 0)
		complain("which server?", "--connect is missing");
	else if (options->account_count == 0 && !options->relay)
		complain("which accounts?", "--users is missing");
	else
		return true;
	return try_help();
}

void
bench_options_fini(struct bench_options *options)
{
	for (size_t i = 0; i < options->account_count; i++) {
		struct bench_account *account = &options->accounts[i];

		OPENSSL_cleanse(account->password, strlen(account->password));
		free(account->user);
		free(account->host);
		free(account->password);
	}
	free(options->accounts);
	options->accounts = NULL;
	options->account_count = 0;
}
