/*
 * Accepts on 127.0.0.1 under TLS and relays lines between the named ends.
 */
#include "tools/bench/relay.h"

#include "cfgparse/base/map.h"
#include "cfgparse/base/mem.h"
#include "tools/bench/link.h"

#include <arpa/inet.h>
#include <getopt.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LINE_LIMIT = 65536 };

struct relay {
	uv_loop_t loop;
	uv_poll_t listener;
	int fd;
	struct ssl_ctx_st *ctx;
	struct map ends; /* name -> struct relay_end */
};

struct relay_end {
	struct relay *relay;
	struct bench_link *link;
	struct relay_end *peer; /* once it is there */
	struct buf name, peer_name;
};

static void
end_close(struct relay_end *end)
{
	if (end->peer != NULL)
		end->peer->peer = NULL;
	if (map_get(&end->relay->ends, buf_str(&end->name)) == end)
		map_remove(&end->relay->ends, buf_str(&end->name));
	bench_link_close(&end->link);
	buf_fini(&end->name);
	buf_fini(&end->peer_name);
	free(end);
}

static bool
end_name(struct relay_end *end, struct str line)
{
	const char *space = memchr(line.ptr, ' ', line.len);
	size_t len;

	if (space == NULL || space == line.ptr)
		return false;
	len = (size_t)(space - line.ptr);
	buf_append(&end->name, line.ptr, len);
	buf_append(&end->peer_name, space + 1, line.len - len - 1);
	map_put(&end->relay->ends, buf_str(&end->name), end);
	bench_link_send(end->link, "ok\n", 3);
	return true;
}

static void
relay_line(struct relay_end *end, struct str line)
{
	if (end->peer == NULL) {
		end->peer =
		    map_get(&end->relay->ends, buf_str(&end->peer_name));
		if (end->peer == NULL)
			return;
		end->peer->peer = end;
	}
	bench_link_send(end->peer->link, line.ptr, line.len);
}

static void
on_data(void *arg, struct buf *in)
{
	struct relay_end *end = arg;
	const char *stop;
	size_t used = 0;

	while (used < in->len &&
	       (stop = memchr(in->data + used, '\n', in->len - used))) {
		size_t len = (size_t)(stop - in->data) - used;

		if (end->name.len > 0)
			relay_line(
			    end, (struct str){ in->data + used, len + 1 });
		else if (!end_name(end, (struct str){ in->data + used, len })) {
			end_close(end);
			return;
		}
		used += len + 1;
	}
	buf_consume(in, used);
	if (in->len > LINE_LIMIT)
		end_close(end);
}

static void
on_end(void *arg, const char *why)
{
	(void)why;
	end_close(arg);
}

static const struct bench_link_events events = { NULL, NULL, on_data, on_end };

static void
on_accept(uv_poll_t *poll, int status, int ready)
{
	struct relay *relay = poll->data;
	int fd;

	(void)status;
	(void)ready;
	while ((fd = accept(relay->fd, NULL, NULL)) >= 0) {
		struct relay_end *end = mem_alloc(1, sizeof(*end));

		end->relay = relay;
		end->link = bench_link_adopt(&relay->loop, fd, &events, end);
		if (end->link == NULL ||
		    !bench_link_secure(end->link, relay->ctx, NULL))
			end_close(end);
	}
}

static bool
listen_on(struct relay *relay, const char *port)
{
	struct sockaddr_in addr = { .sin_family = AF_INET };
	int on = 1;

	addr.sin_port = htons((uint16_t)atoi(port));
	addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	relay->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	setsockopt(relay->fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	return relay->fd >= 0 &&
	       bind(relay->fd, (struct sockaddr *)&addr, sizeof(addr)) == 0 &&
	       listen(relay->fd, 1024) == 0 &&
	       uv_poll_init(&relay->loop, &relay->listener, relay->fd) == 0;
}

int
bench_relay(int argc, char *const argv[])
{
	static const struct option options[] = {
		{ "pem", required_argument, NULL, 'm' },
		{ "port", required_argument, NULL, 'p' },
		{ NULL, 0, NULL, 0 },
	};
	const char *pem = NULL, *port = NULL;
	struct relay relay = { 0 };
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1)
		if (option == 'm')
			pem = optarg;
		else if (option == 'p')
			port = optarg;
	if (pem == NULL || port == NULL) {
		fputs(
		    "usage: xmpp-bench relay --pem FILE --port PORT\n", stderr);
		return 2;
	}
	if ((relay.ctx = bench_server_ctx(pem)) == NULL) {
		fprintf(
		    stderr, "xmpp-bench: %s: no key and certificate\n", pem);
		return 2;
	}
	if (uv_loop_init(&relay.loop) != 0 || !listen_on(&relay, port)) {
		perror("xmpp-bench: relay");
		return 2;
	}
	relay.listener.data = &relay;
	uv_poll_start(&relay.listener, UV_READABLE, on_accept);
	return uv_run(&relay.loop, UV_RUN_DEFAULT);
}
