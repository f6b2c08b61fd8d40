/*
 * Figures derived from two readings of the servers' processes, as JSON.
 */
#include "tools/bench/result.h"

#include "cfgparse/base/utf8.h"

#include <inttypes.h>
#include <string.h>
#include <sys/resource.h>

void
bench_result_fail(struct bench_result *result, const char *why)
{
	result->failures++;
	if (result->why[0] == '\0')
		snprintf(result->why, sizeof(result->why), "%s", why);
}

bool
bench_result_good(const struct bench_result *result)
{
	return result->failures == 0 && result->disconnects == 0 &&
	       result->lost == 0 && result->doubled == 0 &&
	       result->reordered == 0 && result->refused == 0;
}

static void
write_string(FILE *out, const char *text)
{
	putc('"', out);
	for (const char *at = text; *at != '\0';) {
		uint32_t code;
		size_t len = utf8_decode(at, strlen(at), &code);

		if (len == 0) {
			fputs("\\ufffd", out);
			at++;
			continue;
		}
		if (code < 0x20 || code == 0x7f)
			fprintf(out, "\\u%04x", (unsigned)code);
		else if (*at == '"' || *at == '\\')
			fprintf(out, "\\%c", *at);
		else
			fwrite(at, 1, len, out);
		at += len;
	}
	putc('"', out);
}

static void
write_count(FILE *out, const char *name, uint64_t value)
{
	fprintf(out, ",\"%s\":%" PRIu64, name, value);
}

static double
per(double what, uint64_t count)
{
	return count > 0 ? what / (double)count : 0;
}

static void
write_server(FILE *out, const struct bench_result *result,
    const struct bench_options *options)
{
	const struct bench_usage *start = &result->start;
	const struct bench_usage *before = &result->before;
	const struct bench_usage *after = &result->after;
	double cpu = (double)(after->cpu_us - before->cpu_us);
	double grown = (double)after->rss_kb - (double)start->rss_kb;
	uint64_t ticks = after->machine_ticks - before->machine_ticks;

	write_count(out, "server_processes", after->processes);
	fprintf(out, ",\"server_cpu_us\":%.0f", cpu);
	if (options->work == BENCH_CHAT)
		fprintf(out, ",\"server_cpu_us_per_message\":%.2f",
		    per(cpu, result->messages));
	else if (options->work == BENCH_LOGIN)
		fprintf(out, ",\"server_cpu_us_per_login\":%.1f",
		    per(cpu, result->logins));
	write_count(out, "rss_before_kb", start->rss_kb);
	write_count(out, "rss_after_kb", after->rss_kb);
	if (options->work == BENCH_IDLE)
		fprintf(out, ",\"rss_kb_per_session\":%.1f",
		    per(grown, result->sessions));
	fprintf(out, ",\"stolen_percent\":%.1f",
	    per(100.0 * (double)(after->stolen_ticks - before->stolen_ticks),
		ticks));
}

static double
own_cpu_us(void)
{
	struct rusage usage;

	if (getrusage(RUSAGE_SELF, &usage) != 0)
		return 0;
	return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 +
	       (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

void
bench_result_write(const struct bench_result *result,
    const struct bench_options *options, FILE *out)
{
	fprintf(out, "{\"work\":\"%s\",\"tls\":\"%s\",\"mechanism\":\"%s\"",
	    bench_work_name(options->work), bench_tls_name(options->tls),
	    options->relay ? "none" : bench_mechanism_name(options->mechanism));
	if (options->work == BENCH_CHAT) {
		write_count(out, "pairs", options->pairs);
		write_count(out, "window", options->window);
		write_count(out, "body", options->body);
		write_count(out, "messages", result->messages);
		write_count(out, "lost", result->lost);
		write_count(out, "doubled", result->doubled);
		write_count(out, "reordered", result->reordered);
		write_count(out, "refused", result->refused);
		write_count(out, "foreign", result->foreign);
		write_count(out, "latency_p50_us",
		    bench_hist_at(&result->latency, 0.5));
		write_count(out, "latency_p99_us",
		    bench_hist_at(&result->latency, 0.99));
	}
	fprintf(out, ",\"seconds\":%.3f", result->seconds);
	write_count(out, "logins", result->logins);
	write_count(out, "sessions", result->sessions);
	write_count(out, "failures", result->failures);
	write_count(out, "disconnects", result->disconnects);
	if (result->why[0] != '\0') {
		fputs(",\"first_failure\":", out);
		write_string(out, result->why);
	}
	if (result->measured)
		write_server(out, result, options);
	fprintf(out, ",\"client_cpu_us\":%.0f}\n", own_cpu_us());
}
