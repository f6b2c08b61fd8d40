#ifndef BENCH_OPTIONS_H
#define BENCH_OPTIONS_H
/*
 * What xmpp-bench was asked to do, and the accounts it may use.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

#include "tools/bench/scram.h"

enum bench_work { BENCH_LOGIN, BENCH_IDLE, BENCH_CHAT };
enum bench_tls { BENCH_PLAIN_TCP, BENCH_STARTTLS, BENCH_DIRECT_TLS };
enum bench_mechanism {
	BENCH_SASL_SCRAM_SHA_1,
	BENCH_SASL_SCRAM_SHA_256,
	BENCH_SASL_PLAIN,
};
enum { BENCH_PIDS = 16, BENCH_WINDOW_MAX = 1024 };

struct bench_account {
	char *user;
	char *host; /* NULL: the option's */
	char *password;
};

struct bench_options {
	const char *host;
	struct sockaddr_storage addr;
	socklen_t addr_len;
	enum bench_tls tls;
	enum bench_work work;
	enum bench_mechanism mechanism;
	bool relay; /* the peer is `xmpp-bench relay`, not XMPP */
	bool presence;
	struct bench_account *accounts;
	size_t account_count;
	size_t pairs, window, body, sessions, parallel;
	double seconds;	    /* how long to send or log in */
	uint64_t messages;  /* or how many in all; 0: by time */
	uint64_t drain_ms;  /* how long late answers are waited for */
	uint64_t settle_ms; /* quiet time around the measurement */
	pid_t pids[BENCH_PIDS];
	size_t pid_count;
};

/* Reads the command line; on failure says why on stderr. fini either way. */
bool bench_options_parse(
    struct bench_options *options, int argc, char *const argv[]);
/* What --help prints. */
const char *bench_usage(void);
/* Frees the accounts, overwriting their passwords. */
void bench_options_fini(struct bench_options *options);
/* Appends the accounts of "NAME*COUNT:PASSWORD" or, without a '*', of a file
 * of user,host,password lines. False with a line on stderr. */
bool bench_accounts_read(struct bench_options *options, const char *what);
/* "127.0.0.1:5222" or "[::1]:5222", numbers only. */
bool bench_addr_parse(
    const char *text, struct sockaddr_storage *addr, socklen_t *addr_len);
const char *bench_work_name(enum bench_work work);
const char *bench_tls_name(enum bench_tls tls);
const char *bench_mechanism_name(enum bench_mechanism mechanism);

#endif
