/*
 * Accepting. Running out of descriptors pauses it instead of spinning on a
 * socket that stays readable.
 */
#include "server/net/listener.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <stdlib.h>
#include <unistd.h>

#include "cfgparse/base/mem.h"
#include "server/base/log.h"
#include "server/loop/loop.h"

enum { ACCEPTS_A_TURN = 64, PAUSE_MS = 200 };

struct listener {
	int fd;
	struct watch *watch;
	struct timer *pause;
	listener_fn *on_accept;
	void *arg;
	bool complained;
};

static bool
set_option(int fd, int level, int name, int value)
{
	return setsockopt(fd, level, name, &value, sizeof(value)) == 0;
}

static int
bound_socket(
    const struct sockaddr *address, socklen_t len, bool v6only, bool share)
{
	int fd = socket(
	    address->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int saved;

	if (fd < 0)
		return -1;
	set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1);
	if (address->sa_family == AF_INET6)
		set_option(fd, IPPROTO_IPV6, IPV6_V6ONLY, v6only);
	if ((!share || set_option(fd, SOL_SOCKET, SO_REUSEPORT, 1)) &&
	    bind(fd, address, len) == 0)
		return fd;
	saved = errno;
	close(fd);
	errno = saved;
	return -1;
}

/* A plain socket that listens finds whoever listens there already. */
static bool
probe(const struct sockaddr *address, socklen_t len, bool v6only)
{
	int fd = bound_socket(address, len, v6only, false), saved;
	bool free_to_use;

	if (fd < 0)
		return false;
	free_to_use = listen(fd, 1) == 0;
	saved = errno;
	close(fd);
	errno = saved;
	return free_to_use;
}

bool
listen_sockets(const struct sockaddr *address, socklen_t len, bool v6only,
    int backlog, size_t count, int *fds)
{
	size_t opened = 0;
	int saved;

	if (!probe(address, len, v6only))
		return false;
	while (opened < count) {
		int fd = bound_socket(address, len, v6only, count > 1);

		if (fd < 0)
			break;
		fds[opened++] = fd;
		if (listen(fd, backlog) != 0)
			break;
		if (opened == count)
			return true;
	}
	saved = errno;
	while (opened > 0)
		close(fds[--opened]);
	errno = saved;
	return false;
}

static void
on_pause_over(void *arg)
{
	struct listener *listener = arg;

	watch_set(listener->watch, WATCH_READ);
}

static void
handle_accept_error(struct listener *listener)
{
	if (errno != EMFILE && errno != ENFILE && errno != ENOBUFS &&
	    errno != ENOMEM)
		return;
	if (!listener->complained)
		log_error("can't accept connections: %s; raise the limit of "
			  "open files",
		    strerror(errno));
	listener->complained = true;
	watch_set(listener->watch, 0);
	timer_set(listener->pause, PAUSE_MS);
}

static void
on_connections(void *arg, int events)
{
	struct listener *listener = arg;

	(void)events;
	for (int i = 0; i < ACCEPTS_A_TURN; i++) {
		int fd = accept4(
		    listener->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

		if (fd < 0) {
			handle_accept_error(listener);
			return;
		}
		listener->complained = false;
		set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
		set_option(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
		listener->on_accept(listener->arg, fd);
	}
}

struct listener *
listener_open(struct loop *loop, int fd, listener_fn *on_accept, void *arg)
{
	struct listener *listener = mem_alloc(1, sizeof(*listener));

	listener->fd = fd;
	listener->on_accept = on_accept;
	listener->arg = arg;
	listener->pause = timer_open(loop, on_pause_over, listener);
	listener->watch = watch_open(loop, fd, on_connections, listener);
	if (!listener->watch)
		abort();
	watch_set(listener->watch, WATCH_READ);
	return listener;
}

void
listener_close(struct listener **listener)
{
	struct listener *gone = *listener;

	if (!gone)
		return;
	*listener = NULL;
	watch_close(&gone->watch);
	timer_close(&gone->pause);
	close(gone->fd);
	free(gone);
}
