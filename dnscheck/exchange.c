#include "dnscheck/exchange.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

enum {
	PORT_LEAST = 1024,
	PORT_TRIES = 8,
	UDP_READS = 16,	 /* messages read in one go, then others have a turn */
	UDP_SIZE = 4096, /* we offer less; more than this is cut */
	TCP_PREFIX = 2,
};

static bool
make_nonblocking(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	return flags >= 0 && fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0 &&
	       fcntl(fd, F_SETFD, FD_CLOEXEC) == 0;
}

static bool
bind_to(int fd, int family, uint16_t port)
{
	struct sockaddr_in v4 = { .sin_family = AF_INET,
		.sin_port = htons(port) };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6,
		.sin6_port = htons(port) };

	if (family == AF_INET6)
		return bind(fd, (struct sockaddr *)&v6, sizeof(v6)) == 0;
	return bind(fd, (struct sockaddr *)&v4, sizeof(v4)) == 0;
}

/* Not every kernel draws source ports at random (RFC 5452 section 9.2); where
 * no port of ours is free, its choice has to do. */
static void
bind_random_port(int fd, int family)
{
	uint16_t ports[PORT_TRIES];

	if (getentropy(ports, sizeof(ports)) != 0)
		return;
	for (size_t i = 0; i < PORT_TRIES; i++)
		if (ports[i] >= PORT_LEAST && bind_to(fd, family, ports[i]))
			return;
}

static bool
open_socket(const struct dns_server *server, bool tcp, int *out)
{
	int family = server->address.ss_family;
	int fd = socket(family, tcp ? SOCK_STREAM : SOCK_DGRAM, 0);

	if (fd < 0)
		return false;
	if (!make_nonblocking(fd))
		goto fail;
	if (!tcp)
		bind_random_port(fd, family);
	/* Connected, so that the kernel drops what others send. */
	if (connect(fd, (const struct sockaddr *)&server->address,
		server->address_len) != 0 &&
	    errno != EINPROGRESS)
		goto fail;
	*out = fd;
	return true;
fail:
	close(fd);
	return false;
}

static void
fail(struct exchange *exchange)
{
	exchange_fn *on_message = exchange->on_message;
	void *arg = exchange->arg;

	exchange_stop(exchange);
	on_message(arg, NULL, 0);
}

static bool
would_block(void)
{
	return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

static void
on_udp(void *arg, int events)
{
	struct exchange *exchange = arg;
	uint8_t bytes[UDP_SIZE];
	/* A callback may stop it and start it anew, even over TCP. */
	uint32_t start = exchange->starts;

	(void)events;
	for (int i = 0;
	     i < UDP_READS && exchange->watch && exchange->starts == start;
	     i++) {
		ssize_t len = recv(exchange->fd, bytes, sizeof(bytes), 0);

		if (len < 0 && would_block())
			return;
		if (len < 0) {
			fail(exchange);
			return;
		}
		exchange->on_message(exchange->arg, bytes, (size_t)len);
	}
}

/* False where the connection is no use any more. */
static bool
tcp_write(struct exchange *exchange)
{
	while (exchange->out.len) {
		ssize_t len = send(exchange->fd, exchange->out.data,
		    exchange->out.len, MSG_NOSIGNAL);

		if (len < 0)
			return would_block();
		buf_consume(&exchange->out, (size_t)len);
	}
	exchange->io->watch_set(
	    exchange->io->loop, exchange->watch, DNS_IO_READ);
	return true;
}

static size_t
tcp_wanted(const struct exchange *exchange)
{
	const uint8_t *in = (const uint8_t *)exchange->in.data;

	if (exchange->in.len < TCP_PREFIX)
		return TCP_PREFIX;
	return TCP_PREFIX + ((size_t)in[0] << 8 | in[1]);
}

/* One message is all that was asked for: it is read and no byte more. */
static void
tcp_read(struct exchange *exchange)
{
	for (;;) {
		size_t wanted = tcp_wanted(exchange);
		size_t missing = wanted - exchange->in.len;
		ssize_t len;

		if (missing == 0)
			break;
		len = recv(exchange->fd, buf_reserve(&exchange->in, missing),
		    missing, 0);
		if (len < 0 && would_block())
			return;
		if (len <= 0) {
			fail(exchange);
			return;
		}
		buf_commit(&exchange->in, (size_t)len);
	}
	struct buf in = exchange->in;

	exchange->in = (struct buf){ 0 };
	exchange->io->watch_set(exchange->io->loop, exchange->watch, 0);
	exchange->on_message(exchange->arg,
	    (const uint8_t *)in.data + TCP_PREFIX, in.len - TCP_PREFIX);
	buf_fini(&in);
}

static void
on_tcp(void *arg, int events)
{
	struct exchange *exchange = arg;

	if (exchange->out.len && !tcp_write(exchange)) {
		fail(exchange);
		return;
	}
	if (events & DNS_IO_READ)
		tcp_read(exchange);
}

static bool
send_first(struct exchange *exchange, const uint8_t *query, size_t len)
{
	const struct dns_io *io = exchange->io;

	if (!exchange->tcp) {
		io->watch_set(io->loop, exchange->watch, DNS_IO_READ);
		return send(exchange->fd, query, len, MSG_NOSIGNAL) ==
		       (ssize_t)len;
	}
	buf_putc(&exchange->out, (char)(len >> 8));
	buf_putc(&exchange->out, (char)(len & 0xFF));
	buf_append(&exchange->out, query, len);
	io->watch_set(io->loop, exchange->watch, DNS_IO_WRITE);
	return true;
}

bool
exchange_start(struct exchange *exchange, const struct dns_io *io,
    const struct dns_server *server, bool tcp, const uint8_t *query, size_t len,
    exchange_fn *on_message, void *arg)
{
	int fd;

	exchange_stop(exchange);
	if (!open_socket(server, tcp, &fd))
		return false;
	*exchange = (struct exchange){ .io = io,
		.on_message = on_message,
		.arg = arg,
		.fd = fd,
		.tcp = tcp,
		.starts = exchange->starts + 1 };
	exchange->watch =
	    io->watch_open(io->loop, fd, tcp ? on_tcp : on_udp, exchange);
	if (!exchange->watch) {
		close(fd);
		return false;
	}
	if (send_first(exchange, query, len))
		return true;
	exchange_stop(exchange);
	return false;
}

void
exchange_stop(struct exchange *exchange)
{
	if (!exchange->watch)
		return;
	exchange->io->watch_close(exchange->io->loop, exchange->watch);
	close(exchange->fd);
	exchange->watch = NULL;
	buf_fini(&exchange->out);
	buf_fini(&exchange->in);
}
