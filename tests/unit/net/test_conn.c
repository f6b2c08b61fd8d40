/*
 * Connections over a socket pair: joined output, pausing with bytes kept,
 * moving between loops with unread bytes, and ending.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cfgparse/base/buf.h"
#include "server/loop/loop.h"
#include "server/net/conn.h"

struct peer {
	struct loop *loop;
	struct net *net;
	struct conn *conn;
	int other; /* the test's end of the pair */
	struct buf got;
	size_t take; /* bytes to use before pausing; SIZE_MAX: all */
	int ends;
	enum conn_end end;
};

static size_t
on_bytes(void *arg, const char *bytes, size_t len)
{
	struct peer *peer = arg;
	size_t used = len < peer->take ? len : peer->take;

	buf_append(&peer->got, bytes, used);
	if (peer->take != SIZE_MAX)
		peer->take -= used;
	if (peer->take == 0)
		conn_pause(peer->conn, true);
	return used;
}

static void
on_secure(void *arg)
{
	(void)arg;
}

static void
on_end(void *arg, enum conn_end end)
{
	struct peer *peer = arg;

	peer->conn = NULL;
	peer->ends++;
	peer->end = end;
}

static const struct conn_events events = { on_bytes, on_secure, on_end };

static void
open_peer(struct peer *peer)
{
	int ends[2];

	memset(peer, 0, sizeof(*peer));
	peer->take = SIZE_MAX;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	fcntl(ends[1], F_SETFL, O_NONBLOCK);
	peer->other = ends[1];
	peer->loop = loop_create();
	peer->net = net_create(peer->loop);
	peer->conn = conn_open(peer->net, ends[0], &events, peer);
}

static void
close_peer(struct peer *peer)
{
	conn_close(&peer->conn);
	close(peer->other);
	buf_fini(&peer->got);
	net_destroy(&peer->net);
	loop_destroy(&peer->loop);
}

static void
turn(struct loop *loop)
{
	for (int i = 0; i < 5; i++)
		loop_turn(loop);
}

static void
say(struct peer *peer, const char *text)
{
	assert_int_equal(write(peer->other, text, strlen(text)), strlen(text));
}

static void
expect_heard(struct peer *peer, const char *text)
{
	char bytes[256];
	ssize_t len = read(peer->other, bytes, sizeof(bytes));

	assert_int_equal(len, strlen(text));
	assert_memory_equal(bytes, text, strlen(text));
}

static void
test_output_leaves_at_turn_end(void **state)
{
	struct peer peer;
	char byte;

	(void)state;
	open_peer(&peer);
	buf_puts(conn_output(peer.conn), "one ");
	buf_puts(conn_output(peer.conn), "two");
	assert_int_equal(read(peer.other, &byte, 1), -1);
	turn(peer.loop);
	expect_heard(&peer, "one two");
	assert_int_equal(conn_queued(peer.conn), 0);
	close_peer(&peer);
}

static void
test_pause_keeps_the_rest_in_order(void **state)
{
	struct peer peer;

	(void)state;
	open_peer(&peer);
	peer.take = 3;
	say(&peer, "abcdef");
	turn(peer.loop);
	assert_string_equal(buf_text(&peer.got), "abc");
	say(&peer, "ghi");
	turn(peer.loop);
	assert_string_equal(buf_text(&peer.got), "abc");
	peer.take = SIZE_MAX;
	conn_pause(peer.conn, false);
	turn(peer.loop);
	assert_string_equal(buf_text(&peer.got), "abcdefghi");
	close_peer(&peer);
}

static void
test_move_takes_unread_and_unwritten_along(void **state)
{
	struct peer peer;
	struct loop *second = loop_create();
	struct net *second_net = net_create(second);

	(void)state;
	open_peer(&peer);
	peer.take = 2;
	say(&peer, "abcd");
	turn(peer.loop);
	buf_puts(conn_output(peer.conn), "late");
	conn_detach(peer.conn);
	peer.take = SIZE_MAX;
	conn_attach(peer.conn, second_net, &events, &peer);
	conn_pause(peer.conn, false);
	say(&peer, "ef");
	turn(peer.loop);
	assert_string_equal(buf_text(&peer.got), "ab");
	turn(second);
	assert_string_equal(buf_text(&peer.got), "abcdef");
	expect_heard(&peer, "late");
	conn_close(&peer.conn);
	net_destroy(&second_net);
	loop_destroy(&second);
	close_peer(&peer);
}

static void
test_eof_is_told_once(void **state)
{
	struct peer peer;

	(void)state;
	open_peer(&peer);
	say(&peer, "bye");
	shutdown(peer.other, SHUT_WR);
	turn(peer.loop);
	assert_string_equal(buf_text(&peer.got), "bye");
	assert_int_equal(peer.ends, 1);
	assert_int_equal(peer.end, CONN_EOF);
	close_peer(&peer);
}

static void
test_finish_says_the_last_words(void **state)
{
	struct peer peer;

	(void)state;
	open_peer(&peer);
	buf_puts(conn_output(peer.conn), "farewell");
	conn_finish(peer.conn);
	say(&peer, "ignored");
	turn(peer.loop);
	expect_heard(&peer, "farewell");
	assert_int_equal(peer.ends, 0); /* waits for the peer's end */
	shutdown(peer.other, SHUT_WR);
	turn(peer.loop);
	assert_int_equal(peer.ends, 1);
	assert_int_equal(peer.end, CONN_FINISHED);
	assert_int_equal(peer.got.len, 0);
	close_peer(&peer);
}

static void
test_slow_reader_gets_everything(void **state)
{
	enum { TOTAL = 4 * 1024 * 1024 };
	static char bytes[64 * 1024];
	struct peer peer;
	size_t heard = 0;

	(void)state;
	open_peer(&peer);
	memset(buf_reserve(conn_output(peer.conn), TOTAL), 'x', TOTAL);
	buf_commit(conn_output(peer.conn), TOTAL);
	while (heard < TOTAL) {
		ssize_t len;

		turn(peer.loop);
		len = read(peer.other, bytes, sizeof(bytes));
		assert_true(len > 0);
		heard += (size_t)len;
	}
	assert_int_equal(conn_queued(peer.conn), 0);
	close_peer(&peer);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_output_leaves_at_turn_end),
		cmocka_unit_test(test_pause_keeps_the_rest_in_order),
		cmocka_unit_test(test_move_takes_unread_and_unwritten_along),
		cmocka_unit_test(test_eof_is_told_once),
		cmocka_unit_test(test_finish_says_the_last_words),
		cmocka_unit_test(test_slow_reader_gets_everything),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
