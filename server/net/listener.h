#ifndef NET_LISTENER_H
#define NET_LISTENER_H
/*
 * Listening sockets. Each shard has its own on the same address: with
 * SO_REUSEPORT Linux shares the load among them, and elsewhere one may accept
 * for all, which works as streams move home after login anyway.
 */
#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

struct listener;
struct loop;

/* fd is the caller's: non-blocking, close-on-exec. */
typedef void listener_fn(void *arg, int fd);

/*
 * Binds count sockets to the address and listens, into fds. The address is
 * first tried by a plain bind, so that a second server does not share it
 * unnoticed. An IPv6 wildcard serves IPv4 too unless v6only. False: errno says
 * why, nothing stays open.
 */
bool listen_sockets(const struct sockaddr *address, socklen_t len, bool v6only,
    int backlog, size_t count, int *fds);

/* Accepts on the socket (which it closes in the end) until closed. */
struct listener *listener_open(
    struct loop *loop, int fd, listener_fn *on_accept, void *arg);
void listener_close(struct listener **listener);

#endif
