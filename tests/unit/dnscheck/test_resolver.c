/*
 * The resolver against a server that misbehaves as the question's first label
 * says, over real loopback sockets on the same loop. Nothing here depends on
 * how long something takes: silence is waited for with a short time limit.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <fcntl.h>
#include <arpa/inet.h>

#include <cmocka.h>

#include "cfgparse/base/buf.h"
#include "cfgparse/base/mem.h"
#include "dnscheck/poll_loop.h"
#include "dnscheck/resolver.h"

enum { CONNECTIONS_MAX = 8, QUERY_MAX = 512 };

/* --- the server --- */

struct server;

struct connection {
	struct server *server;
	void *watch;
	int fd;
	struct buf in;
};

struct server {
	const struct dns_io *io;
	int udp, tcp;
	void *udp_watch, *tcp_watch;
	uint16_t port;
	struct connection connections[CONNECTIONS_MAX];
	size_t connection_count;
	unsigned over_udp, over_tcp; /* questions that came */
	uint16_t source_ports[16];   /* of the first UDP questions */
};

struct question_seen {
	char label[64]; /* the first, lower case */
	size_t len;	/* header and question */
	unsigned type;
	bool edns;
};

static bool
see_question(const uint8_t *query, size_t len, struct question_seen *seen)
{
	size_t at = 12;

	if (len < 17 || query[12] > 63)
		return false;
	for (size_t i = 0; i < query[12]; i++)
		seen->label[i] = (char)(query[13 + i] | 0x20);
	seen->label[query[12]] = '\0';
	while (at < len && query[at])
		at += query[at] + 1U;
	seen->len = at + 5;
	seen->type = (unsigned)query[at + 1] << 8 | query[at + 2];
	seen->edns = query[11] != 0;
	return seen->len <= len;
}

static void
put_word(struct buf *buf, unsigned value)
{
	buf_putc(buf, (char)(value >> 8));
	buf_putc(buf, (char)(value & 0xFF));
}

/* A record owned by the question's name (a pointer to it). */
static void
put_record(struct buf *buf, unsigned type, const void *data, size_t len)
{
	put_word(buf, 0xC00C);
	put_word(buf, type);
	put_word(buf, 1);
	put_word(buf, 0);
	put_word(buf, 60);
	put_word(buf, (unsigned)len);
	buf_append(buf, data, len);
}

static struct buf
plain_reply(
    const uint8_t *query, const struct question_seen *seen, unsigned flags)
{
	struct buf buf = { 0 };

	buf_append(&buf, query, seen->len);
	buf.data[2] = (char)(flags >> 8);
	buf.data[3] = (char)flags;
	memset(buf.data + 6, 0, 6);
	return buf;
}

static void
put_addresses(struct buf *buf, unsigned count)
{
	buf->data[6] = (char)(count >> 8);
	buf->data[7] = (char)count;
	for (unsigned i = 0; i < count; i++)
		put_record(buf, DNS_A, "\300\0\2\1", 4);
}

static void
put_alias(struct buf *buf, const char *target, size_t len)
{
	buf->data[7] = 1;
	put_record(buf, DNS_CNAME, target, len);
}

/* What is sent back; empty: nothing. */
static struct buf
reply_for(struct server *server, const uint8_t *query, size_t len, bool tcp)
{
	struct question_seen seen;
	struct buf buf = { 0 };

	if (!see_question(query, len, &seen))
		return buf;
	if (strcmp(seen.label, "silent") == 0)
		return buf;
	buf = plain_reply(query, &seen, 0x8180);
	if (strcmp(seen.label, "tc") == 0 && !tcp)
		buf.data[2] |= 2;
	else if (strcmp(seen.label, "wrongid") == 0)
		buf.data[0] ^= 1;
	else if (strcmp(seen.label, "wrongcase") == 0 && !tcp)
		buf.data[13] ^= 0x20;
	else if (strcmp(seen.label, "wrongquestion") == 0)
		buf.data[14] = 'z';
	else if (strcmp(seen.label, "servfail") == 0)
		buf.data[3] |= 2;
	else if (strcmp(seen.label, "missing") == 0)
		buf.data[3] |= 3;
	else if (strcmp(seen.label, "refused") == 0)
		buf.data[3] |= 5;
	else if (strcmp(seen.label, "noedns") == 0 && seen.edns)
		buf.data[3] |= 1;
	else if (strcmp(seen.label, "loop") == 0)
		put_alias(&buf, "\4lo0p\300\021", 7);
	else if (strcmp(seen.label, "lo0p") == 0)
		put_alias(&buf, "\4loop\300\021", 7);
	else if (strcmp(seen.label, "alias") == 0)
		put_alias(&buf, "\4good\300\022", 7);
	else if (strcmp(seen.label, "huge") == 0 && !tcp)
		buf.data[2] |= 2;
	else if (strcmp(seen.label, "huge") == 0)
		put_addresses(&buf, 4000);
	else if (strcmp(seen.label, "many") == 0)
		put_addresses(&buf, 40);
	else if (strcmp(seen.label, "flaky") == 0 && server->over_udp < 2)
		buf_clear(&buf);
	else if (strcmp(seen.label, "garbage") == 0)
		buf_puts(&buf, "\300\300\300 not records at all");
	if (strcmp(seen.label, "garbage") == 0)
		buf.data[7] = 1;
	if (buf.len == seen.len && !(buf.data[3] & 15) && !(buf.data[2] & 2) &&
	    seen.type == DNS_A)
		put_addresses(&buf, 1);
	return buf;
}

static void
on_udp(void *arg, int events)
{
	struct server *server = arg;
	struct sockaddr_in from;
	socklen_t from_len = sizeof(from);
	uint8_t query[QUERY_MAX];
	ssize_t len = recvfrom(server->udp, query, sizeof(query), 0,
	    (struct sockaddr *)&from, &from_len);
	struct buf buf;

	(void)events;
	if (len <= 0)
		return;
	if (server->over_udp < 16)
		server->source_ports[server->over_udp] = from.sin_port;
	server->over_udp++;
	buf = reply_for(server, query, (size_t)len, false);
	if (buf.len)
		sendto(server->udp, buf.data, buf.len, 0,
		    (struct sockaddr *)&from, from_len);
	buf_fini(&buf);
}

static void
connection_end(struct connection *connection)
{
	const struct dns_io *io = connection->server->io;

	if (!connection->watch)
		return;
	io->watch_close(io->loop, connection->watch);
	close(connection->fd);
	buf_fini(&connection->in);
	connection->watch = NULL;
}

/* The length and the message go out in two parts, the first cut in half. */
static void
send_in_parts(int fd, const struct buf *buf)
{
	char prefix[2] = { (char)(buf->len >> 8), (char)buf->len };
	size_t sent = 0;

	assert_int_equal(send(fd, prefix, 1, MSG_NOSIGNAL), 1);
	assert_int_equal(send(fd, prefix + 1, 1, MSG_NOSIGNAL), 1);
	while (sent < buf->len) {
		ssize_t len =
		    send(fd, buf->data + sent, buf->len - sent, MSG_NOSIGNAL);

		if (len < 0)
			return;
		sent += (size_t)len;
	}
}

static void
on_connection(void *arg, int events)
{
	struct connection *connection = arg;
	struct server *server = connection->server;
	ssize_t len = recv(connection->fd,
	    buf_reserve(&connection->in, QUERY_MAX), QUERY_MAX, 0);
	struct buf buf;

	(void)events;
	if (len <= 0) {
		connection_end(connection);
		return;
	}
	buf_commit(&connection->in, (size_t)len);
	if (connection->in.len < 2 ||
	    connection->in.len <
		2 + (size_t)(unsigned char)connection->in.data[1])
		return;
	server->over_tcp++;
	buf = reply_for(server, (const uint8_t *)connection->in.data + 2,
	    connection->in.len - 2, true);
	if (buf.len)
		send_in_parts(connection->fd, &buf);
	buf_fini(&buf);
}

static void
on_accept(void *arg, int events)
{
	struct server *server = arg;
	struct connection *connection =
	    &server->connections[server->connection_count];
	int fd = accept(server->tcp, NULL, NULL);

	(void)events;
	if (fd < 0)
		return;
	assert_true(server->connection_count++ < CONNECTIONS_MAX);
	connection->server = server;
	connection->fd = fd;
	connection->watch = server->io->watch_open(
	    server->io->loop, fd, on_connection, connection);
	server->io->watch_set(server->io->loop, connection->watch, DNS_IO_READ);
}

/* UDP and TCP on one port that is free for both. */
static void
server_start(struct server *server, const struct dns_io *io)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(address);

	*server = (struct server){ .io = io };
	do {
		address.sin_port = 0;
		server->udp = socket(AF_INET, SOCK_DGRAM, 0);
		server->tcp = socket(AF_INET, SOCK_STREAM, 0);
		assert_int_equal(
		    bind(server->udp, (struct sockaddr *)&address, len), 0);
		getsockname(server->udp, (struct sockaddr *)&address, &len);
		if (bind(server->tcp, (struct sockaddr *)&address, len) == 0)
			break;
		close(server->udp);
		close(server->tcp);
	} while (true);
	assert_int_equal(listen(server->tcp, 16), 0);
	server->port = ntohs(address.sin_port);
	server->udp_watch =
	    io->watch_open(io->loop, server->udp, on_udp, server);
	server->tcp_watch =
	    io->watch_open(io->loop, server->tcp, on_accept, server);
	io->watch_set(io->loop, server->udp_watch, DNS_IO_READ);
	io->watch_set(io->loop, server->tcp_watch, DNS_IO_READ);
}

static void
server_stop(struct server *server)
{
	const struct dns_io *io = server->io;

	for (size_t i = 0; i < server->connection_count; i++)
		connection_end(&server->connections[i]);
	io->watch_close(io->loop, server->udp_watch);
	io->watch_close(io->loop, server->tcp_watch);
	close(server->udp);
	close(server->tcp);
}

/* --- one question, one answer --- */

struct lab {
	struct poll_loop *loop;
	struct server server;
	struct resolver_options options;
	struct resolver *resolver;
};

struct heard {
	struct lab *lab;
	unsigned calls;
	unsigned *left; /* the loop stops when this comes to 0 */
	enum dns_status status;
	size_t count;
	size_t aliases;
	char canonical[256];
	struct in_addr address;
};

static void
on_answer(void *arg, const struct dns_answer *answer)
{
	struct heard *heard = arg;

	heard->calls++;
	heard->status = answer->status;
	heard->count = answer->count;
	heard->aliases = answer->aliases;
	snprintf(heard->canonical, sizeof(heard->canonical), "%s",
	    answer->canonical);
	if (answer->count && answer->type == DNS_A)
		heard->address = answer->records[0].a;
	if (--*heard->left == 0)
		poll_loop_stop(heard->lab->loop);
}

static int
lab_open(void **state)
{
	struct lab *lab = mem_alloc(1, sizeof(*lab));
	struct sockaddr_in *v4;

	lab->loop = poll_loop_create();
	server_start(&lab->server, poll_loop_io(lab->loop));
	resolver_options_init(&lab->options);
	assert_true(dns_server_parse("127.0.0.1@1", &lab->options.servers[0]));
	v4 = (struct sockaddr_in *)&lab->options.servers[0].address;
	v4->sin_port = htons(lab->server.port);
	lab->options.server_count = 1;
	lab->options.timeout_ms = 3000;
	*state = lab;
	return 0;
}

static int
lab_close(void **state)
{
	struct lab *lab = *state;

	resolver_destroy(&lab->resolver);
	server_stop(&lab->server);
	poll_loop_destroy(&lab->loop);
	free(lab);
	return 0;
}

static void
lab_ready(struct lab *lab)
{
	if (!lab->resolver)
		lab->resolver =
		    resolver_create(poll_loop_io(lab->loop), &lab->options);
}

static struct heard
lab_ask(struct lab *lab, const char *name)
{
	unsigned left = 1;
	struct heard heard = { .lab = lab, .left = &left };

	lab_ready(lab);
	resolver_ask(lab->resolver, name, DNS_A, on_answer, &heard);
	assert_int_equal(heard.calls, 0);
	poll_loop_run(lab->loop);
	assert_int_equal(heard.calls, 1);
	return heard;
}

static void
test_good(void **state)
{
	struct heard heard = lab_ask(*state, "Good.Example.");

	assert_int_equal(heard.status, DNS_OK);
	assert_int_equal(heard.count, 1);
	assert_int_equal(heard.address.s_addr, htonl(0xC0000201));
	assert_string_equal(heard.canonical, "good.example");
}

static void
test_negative(void **state)
{
	assert_int_equal(
	    lab_ask(*state, "missing.example").status, DNS_NXDOMAIN);
}

static void
test_truncated(void **state)
{
	struct lab *lab = *state;
	struct heard heard = lab_ask(lab, "tc.example");

	assert_int_equal(heard.status, DNS_OK);
	assert_int_equal(lab->server.over_udp, 1);
	assert_int_equal(lab->server.over_tcp, 1);
}

static void
test_wrong_case_goes_to_tcp(void **state)
{
	struct lab *lab = *state;
	struct heard heard = lab_ask(lab, "wrongcase.example");

	assert_int_equal(heard.status, DNS_OK);
	assert_int_equal(lab->server.over_tcp, 1);
}

static void
test_forged(void **state)
{
	struct lab *lab = *state;

	lab->options.timeout_ms = 20;
	assert_int_equal(lab_ask(lab, "wrongid.example").status, DNS_BAD_REPLY);
	assert_int_equal(
	    lab_ask(lab, "wrongquestion.example").status, DNS_BAD_REPLY);
	assert_int_equal(lab->server.over_udp, 4);
}

static void
test_garbage(void **state)
{
	assert_int_equal(
	    lab_ask(*state, "garbage.example").status, DNS_BAD_REPLY);
}

static void
test_silence(void **state)
{
	struct lab *lab = *state;

	lab->options.timeout_ms = 20;
	lab->options.attempts = 3;
	assert_int_equal(lab_ask(lab, "silent.example").status, DNS_TIMEOUT);
	assert_int_equal(lab->server.over_udp, 3);
}

static void
test_second_try_helps(void **state)
{
	struct lab *lab = *state;

	lab->options.timeout_ms = 20;
	lab->options.attempts = 5;
	assert_int_equal(lab_ask(lab, "flaky.example").status, DNS_OK);
}

static void
test_servfail(void **state)
{
	assert_int_equal(
	    lab_ask(*state, "servfail.example").status, DNS_SERVFAIL);
}

/* A closed port first: the second server answers. */
static void
test_next_server(void **state)
{
	struct lab *lab = *state;

	lab->options.servers[1] = lab->options.servers[0];
	assert_true(dns_server_parse("127.0.0.1@1", &lab->options.servers[0]));
	lab->options.server_count = 2;
	assert_int_equal(lab_ask(lab, "good.example").status, DNS_OK);
}

static void
test_nobody_there(void **state)
{
	struct lab *lab = *state;

	assert_true(dns_server_parse("127.0.0.1@1", &lab->options.servers[0]));
	assert_int_equal(lab_ask(lab, "good.example").status, DNS_UNREACHABLE);
}

static void
test_no_edns(void **state)
{
	struct lab *lab = *state;

	assert_int_equal(lab_ask(lab, "noedns.example").status, DNS_OK);
	assert_int_equal(lab->server.over_udp, 2);
}

static void
test_alias_loop(void **state)
{
	assert_int_equal(
	    lab_ask(*state, "loop.example").status, DNS_ALIAS_LOOP);
}

static void
test_alias_is_followed(void **state)
{
	struct lab *lab = *state;
	struct heard heard = lab_ask(lab, "alias.example");

	assert_int_equal(heard.status, DNS_OK);
	assert_int_equal(heard.aliases, 1);
	assert_string_equal(heard.canonical, "good.example");
	assert_int_equal(lab->server.over_udp, 2);
}

static void
test_huge(void **state)
{
	struct lab *lab = *state;

	lab->options.records_max = 30;
	assert_int_equal(lab_ask(lab, "huge.example").status, DNS_TOO_LARGE);
	assert_int_equal(lab_ask(lab, "many.example").status, DNS_TOO_LARGE);
}

static void
test_bad_name(void **state)
{
	struct lab *lab = *state;

	assert_int_equal(lab_ask(lab, "a..example").status, DNS_BAD_NAME);
	assert_int_equal(lab_ask(lab, "").status, DNS_BAD_NAME);
	assert_int_equal(lab->server.over_udp, 0);
}

static void
test_equal_questions(void **state)
{
	struct lab *lab = *state;
	unsigned left = 3;
	struct heard heard[3] = { { lab, 0, &left }, { lab, 0, &left },
		{ lab, 0, &left } };

	lab_ready(lab);
	resolver_ask(
	    lab->resolver, "good.example", DNS_A, on_answer, &heard[0]);
	resolver_ask(
	    lab->resolver, "GOOD.example.", DNS_A, on_answer, &heard[1]);
	resolver_ask(
	    lab->resolver, "good.example", DNS_AAAA, on_answer, &heard[2]);
	poll_loop_run(lab->loop);
	assert_int_equal(heard[0].status, DNS_OK);
	assert_int_equal(heard[1].status, DNS_OK);
	assert_int_equal(heard[2].status, DNS_NODATA);
	assert_int_equal(lab->server.over_udp, 2);
}

static void
test_window(void **state)
{
	struct lab *lab = *state;
	unsigned left = 5;
	struct heard heard[5];
	char name[32];

	lab->options.window = 1;
	lab->options.queue = 3;
	lab_ready(lab);
	for (int i = 0; i < 5; i++) {
		heard[i] = (struct heard){ .lab = lab, .left = &left };
		snprintf(name, sizeof(name), "good.n%d.example", i);
		resolver_ask(lab->resolver, name, DNS_A, on_answer, &heard[i]);
	}
	poll_loop_run(lab->loop);
	for (int i = 0; i < 4; i++)
		assert_int_equal(heard[i].status, DNS_OK);
	assert_int_equal(heard[4].status, DNS_BUSY);
}

static void
test_source_ports_differ(void **state)
{
	struct lab *lab = *state;
	unsigned differ = 0;
	char name[32];

	for (int i = 0; i < 8; i++) {
		snprintf(name, sizeof(name), "good.n%d.example", i);
		lab_ask(lab, name);
	}
	for (int i = 1; i < 8; i++)
		differ += lab->server.source_ports[i] !=
			  lab->server.source_ports[i - 1];
	assert_true(differ >= 6);
}

static void
test_cancel(void **state)
{
	struct lab *lab = *state;
	unsigned left = 2;
	struct heard gone = { .lab = lab, .left = &left };
	struct heard stays = { .lab = lab, .left = &left };
	struct heard other = { .lab = lab, .left = &left };
	struct dns_ask *ask, *second;

	lab_ready(lab);
	ask = resolver_ask(
	    lab->resolver, "good.example", DNS_A, on_answer, &gone);
	resolver_ask(lab->resolver, "good.example", DNS_A, on_answer, &stays);
	second = resolver_ask(
	    lab->resolver, "silent.example", DNS_A, on_answer, &gone);
	resolver_ask(lab->resolver, "good.two", DNS_A, on_answer, &other);
	resolver_cancel(&ask);
	resolver_cancel(&second);
	assert_null(ask);
	poll_loop_run(lab->loop);
	assert_int_equal(gone.calls, 0);
	assert_int_equal(stays.status, DNS_OK);
	assert_int_equal(other.status, DNS_OK);
}

/* An asker that cancels the other one for the same question. */
struct rival {
	struct dns_ask *other;
	unsigned calls;
	struct lab *lab;
	struct rival *rival;
};

static void
on_rival(void *arg, const struct dns_answer *answer)
{
	struct rival *self = arg;

	(void)answer;
	self->calls++;
	resolver_cancel(&self->other);
	poll_loop_stop(self->lab->loop);
}

static void
test_cancel_from_callback(void **state)
{
	struct lab *lab = *state;
	struct rival a = { .lab = lab }, b = { .lab = lab };

	lab_ready(lab);
	b.other =
	    resolver_ask(lab->resolver, "good.example", DNS_A, on_rival, &a);
	a.other =
	    resolver_ask(lab->resolver, "good.example", DNS_A, on_rival, &b);
	poll_loop_run(lab->loop);
	assert_int_equal(a.calls + b.calls, 1);
}

static void
test_destroy_cancels(void **state)
{
	struct lab *lab = *state;
	unsigned left = 3;
	struct heard heard[2] = { { lab, 0, &left }, { lab, 0, &left } };

	lab->options.window = 1;
	lab_ready(lab);
	resolver_ask(
	    lab->resolver, "silent.example", DNS_A, on_answer, &heard[0]);
	resolver_ask(lab->resolver, "silent.two", DNS_A, on_answer, &heard[1]);
	resolver_destroy(&lab->resolver);
	assert_int_equal(heard[0].status, DNS_CANCELLED);
	assert_int_equal(heard[1].status, DNS_CANCELLED);
	assert_int_equal(heard[0].calls + heard[1].calls, 2);
}

#define LAB(test) cmocka_unit_test_setup_teardown(test, lab_open, lab_close)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LAB(test_good),
		LAB(test_negative),
		LAB(test_truncated),
		LAB(test_wrong_case_goes_to_tcp),
		LAB(test_forged),
		LAB(test_garbage),
		LAB(test_silence),
		LAB(test_second_try_helps),
		LAB(test_servfail),
		LAB(test_next_server),
		LAB(test_nobody_there),
		LAB(test_no_edns),
		LAB(test_alias_loop),
		LAB(test_alias_is_followed),
		LAB(test_huge),
		LAB(test_bad_name),
		LAB(test_equal_questions),
		LAB(test_window),
		LAB(test_source_ports_differ),
		LAB(test_cancel),
		LAB(test_cancel_from_callback),
		LAB(test_destroy_cancels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
