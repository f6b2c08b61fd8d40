/*
 * The control socket. Its permissions and those of its directory say who may
 * use it; one connection carries one request. A client that has gone or does
 * not read costs its own memory and nobody's time.
 */
#include "server/admin/control.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "cfgparse/base/mem.h"
#include "server/admin/control_request.h"
#include "server/base/log.h"
#include "server/core/command.h"
#include "server/core/node.h"
#include "server/core/shard.h"
#include "server/loop/loop.h"

enum { RETRY_MS = 1000, CLIENTS_MAX = 64, READ_ROOM = 64 * 1024, BACKLOG = 16 };

struct control {
	struct shard *shard;
	char *path;
	int fd;
	struct watch *watch;
	struct timer *retry; /* set while accepting waits for descriptors */
	struct client *clients;
	size_t client_count;
};

struct client {
	struct client *next;
	struct control *control;
	int fd;
	struct watch *watch;
	struct control_request request;
	bool json;
	bool running; /* its command has not answered yet */
	struct buf reply;
};

static void
client_close(struct client *client)
{
	struct control *control = client->control;
	struct client **at = &control->clients;

	while (*at != client)
		at = &(*at)->next;
	*at = client->next;
	/* Room for one more, should there have been none. */
	if (control->client_count-- == CLIENTS_MAX)
		watch_set(control->watch, WATCH_READ);
	watch_close(&client->watch);
	close(client->fd);
	control_request_fini(&client->request);
	buf_fini(&client->reply);
	free(client);
}

/* --- answering --- */

/* The node doesn't end before an answer has left. */
static void
reply_over(struct client *client)
{
	struct node *node = shard_node(client->control->shard);

	client_close(client);
	node_work_ends(node);
}

static void
send_reply(struct client *client)
{
	while (client->reply.len) {
		ssize_t sent = send(client->fd, client->reply.data,
		    client->reply.len, MSG_NOSIGNAL);

		if (sent > 0) {
			buf_consume(&client->reply, (size_t)sent);
		} else if (sent < 0 &&
			   (errno == EAGAIN || errno == EWOULDBLOCK)) {
			watch_set(client->watch, WATCH_WRITE);
			return;
		} else if (sent == 0 || errno != EINTR) {
			break;
		}
	}
	reply_over(client);
}

static void
on_answer(void *arg, const struct command_call *call)
{
	struct client *client = arg;
	struct buf body = { 0 };

	client->running = false;
	if (client->json)
		command_render_json(call, &body);
	else
		command_render_text(call, &body);
	/* ejabberdctl's exit codes: also wrong usage is 1. */
	control_netstring(
	    &client->reply, call->status == COMMAND_OK ? STR("0") : STR("1"));
	control_netstring(&client->reply, buf_str(&body));
	buf_fini(&body);
	send_reply(client);
}

static void
run_request(struct client *client)
{
	struct control *control = client->control;
	struct control_request *request = &client->request;
	struct str name = control_request_field(request, 1);
	struct str args[CONTROL_FIELDS_MAX];
	size_t count = request->count - 2;

	for (size_t i = 0; i < count; i++)
		args[i] = control_request_field(request, i + 2);
	client->json = str_is(control_request_field(request, 0), "json");
	client->running = true;
	watch_set(client->watch, 0);
	node_work_begins(shard_node(control->shard));
	command_run(control->shard, name, args, count, on_answer, client);
}

/* --- listening --- */

static void
read_request(struct client *client)
{
	char bytes[READ_ROOM];
	ssize_t got = recv(client->fd, bytes, sizeof(bytes), 0);

	if (got < 0 &&
	    (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
		return;
	if (got <= 0) {
		client_close(client);
		return;
	}
	switch (control_request_feed(&client->request, bytes, (size_t)got)) {
	case CONTROL_MORE: break;
	case CONTROL_WHOLE: run_request(client); break;
	case CONTROL_BROKEN:
		log_warning("control socket: what came is no request of "
			    "this version's xmppctl");
		client_close(client);
		break;
	}
	explicit_bzero(bytes, sizeof(bytes));
}

static void
on_client(void *arg, int events)
{
	struct client *client = arg;

	if (client->running)
		return;
	if (client->reply.len) {
		if (events & WATCH_WRITE)
			send_reply(client);
	} else {
		read_request(client);
	}
}

static void
on_retry(void *arg)
{
	struct control *control = arg;

	if (control->client_count < CLIENTS_MAX)
		watch_set(control->watch, WATCH_READ);
}

static bool
prepare_descriptor(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	return flags >= 0 && fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0 &&
	       fcntl(fd, F_SETFD, FD_CLOEXEC) == 0;
}

static void
on_connection(void *arg, int events)
{
	struct control *control = arg;
	struct client *client;
	int fd = accept(control->fd, NULL, NULL);

	(void)events;
	if (fd < 0) {
		/* Still readable: without a pause this would spin. */
		if (errno == EMFILE || errno == ENFILE) {
			watch_set(control->watch, 0);
			timer_set(control->retry, RETRY_MS);
		}
		return;
	}
	if (!prepare_descriptor(fd)) {
		close(fd);
		return;
	}
	client = mem_alloc(1, sizeof(*client));
	client->control = control;
	client->fd = fd;
	client->watch =
	    watch_open(shard_loop(control->shard), fd, on_client, client);
	if (!client->watch) {
		close(fd);
		free(client);
		return;
	}
	client->next = control->clients;
	control->clients = client;
	if (++control->client_count == CLIENTS_MAX)
		watch_set(control->watch, 0);
	watch_set(client->watch, WATCH_READ);
}

static int
bind_socket(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	mode_t before;
	int fd, bound;

	if (strlen(path) >= sizeof(address.sun_path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(address.sun_path, path, strlen(path));
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	if (fd < 0)
		return -1;
	unlink(path);
	before = umask(0177);
	bound = bind(fd, (struct sockaddr *)&address, sizeof(address));
	umask(before);
	if (bound == 0 && listen(fd, BACKLOG) == 0 && prepare_descriptor(fd))
		return fd;
	close(fd);
	return -1;
}

struct control *
control_open(struct shard *shard, const char *dir, char **why)
{
	struct control *control = mem_alloc(1, sizeof(*control));
	struct buf text = { 0 };

	buf_printf(&text, "%s/control", dir);
	control->path = buf_take(&text);
	control->shard = shard;
	control->fd = bind_socket(control->path);
	if (control->fd >= 0)
		control->watch = watch_open(
		    shard_loop(shard), control->fd, on_connection, control);
	if (control->watch) {
		control->retry =
		    timer_open(shard_loop(shard), on_retry, control);
		watch_set(control->watch, WATCH_READ);
		return control;
	}
	buf_printf(&text, "control socket %s: %s", control->path,
	    errno == ENAMETOOLONG ? "this path is too long for a Unix socket: "
				    "name a shorter state directory"
				  : strerror(errno));
	*why = buf_take(&text);
	if (control->fd >= 0)
		close(control->fd);
	free(control->path);
	free(control);
	return NULL;
}

void
control_close(struct control **control)
{
	struct control *gone = *control;

	if (!gone)
		return;
	*control = NULL;
	while (gone->clients)
		client_close(gone->clients);
	timer_close(&gone->retry);
	watch_close(&gone->watch);
	close(gone->fd);
	unlink(gone->path);
	free(gone->path);
	free(gone);
}
