/*
 * xmpp-bench: a load generator for XMPP servers, ours and others', and the
 * bare relay that shows what the machine itself costs. One process, one
 * thread; what it measures of the server comes from /proc.
 */
#include "tools/bench/options.h"
#include "tools/bench/relay.h"
#include "tools/bench/result.h"
#include "tools/bench/work.h"

#include "cfgparse/base/mem.h"

#include <openssl/ssl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

static void
raise_limits(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

static bool
run(const struct bench_options *options, struct bench_result *result)
{
	struct bench_shared shared = { .options = options };

	if (uv_loop_init(&shared.loop) != 0) {
		fputs("xmpp-bench: no event loop\n", stderr);
		return false;
	}
	shared.ctx = bench_client_ctx();
	switch (options->work) {
	case BENCH_LOGIN: bench_work_login(&shared, result); break;
	case BENCH_IDLE: bench_work_idle(&shared, result); break;
	case BENCH_CHAT: bench_work_chat(&shared, result); break;
	}
	SSL_CTX_free(shared.ctx);
	bench_scram_cache_fini(&shared.cache);
	uv_loop_close(&shared.loop);
	return true;
}

int
main(int argc, char *argv[])
{
	struct bench_options options;
	struct bench_result *result;
	int status = 2;

	signal(SIGPIPE, SIG_IGN);
	raise_limits();
	if (argc > 1 && strcmp(argv[1], "--help") == 0)
		return fputs(bench_usage(), stdout) < 0 ? 2 : 0;
	if (argc > 1 && strcmp(argv[1], "--version") == 0)
		return printf("xmpp-bench %s\n", XMPPD_VERSION) < 0 ? 2 : 0;
	if (argc > 1 && strcmp(argv[1], "relay") == 0)
		return bench_relay(argc - 1, argv + 1);
	result = mem_alloc(1, sizeof(*result));
	if (bench_options_parse(&options, argc, argv) &&
	    run(&options, result)) {
		bench_result_write(result, &options, stdout);
		status = bench_result_good(result) ? 0 : 1;
	}
	bench_options_fini(&options);
	free(result);
	return status;
}
