/*
 * The user as an actor, sessions and presence: on one shard of a real node,
 * with endpoints that write down what they are given and a module that waits
 * until it is told.
 */
#include "server/core/core_private.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "cfgparse/base/buf.h"
#include "cfgparse/base/mem.h"
#include "server/core/router.h"
#include "tests/support/node_fixture.h"
#include "tests/support/xml_tree.h"

static const char config[] = "{hosts, [\"localhost\", \"example.org\"]}.\n"
			     "{modules, [{mod_ping, []}]}.";

/* --- a module of the test's own --- */

static struct task *waiting;

static enum verdict
run_wait(struct task *task)
{
	waiting = task_wait(task);
	return VERDICT_WAIT;
}

static enum verdict
run_now(struct task *task)
{
	task_result(task);
	return VERDICT_DONE;
}

static const struct iq_handler iqs[] = {
	{ IQ_SET, TO_OWN | TO_ACCOUNT, "urn:t", "wait", run_wait },
	{ IQ_SET, TO_OWN | TO_ACCOUNT, "urn:t", "now", run_now },
	{ 0 },
};
static const struct module mod_test = { .name = "mod_ping", .iqs = iqs };
/* In place of the one that make writes. */
const struct module *const module_table[] = { &mod_test, NULL };

static void
go_on(void)
{
	struct task *task = waiting;

	assert_non_null(task);
	waiting = NULL;
	task_result(task);
	task_finish(&task);
}

/* --- clients --- */

struct fake {
	struct endpoint endpoint; /* must stay first */
	struct session_ref ref;
	char jid[64];
	struct buf heard; /* "<message ...>\n", or body texts */
	bool held;
	unsigned fails;
	enum stream_error error;
};

static struct shard *shard;

static void
fake_send(struct endpoint *endpoint, const struct stanza *stanza)
{
	struct fake *fake = (struct fake *)endpoint;

	stanza_write(stanza, NS_CLIENT, &fake->heard);
	buf_putc(&fake->heard, '\n');
}

static void
fake_send_wire(
    struct endpoint *endpoint, const struct wire *wire, struct jid to)
{
	struct fake *fake = (struct fake *)endpoint;

	wire_write(wire, to, &fake->heard);
	buf_putc(&fake->heard, '\n');
}

static void
fake_fail(struct endpoint *endpoint, enum stream_error error, const char *text)
{
	struct fake *fake = (struct fake *)endpoint;

	(void)text;
	fake->fails++;
	fake->error = error;
}

static void
fake_hold(struct endpoint *endpoint, bool held)
{
	((struct fake *)endpoint)->held = held;
}

static const char *
fake_peer(struct endpoint *endpoint)
{
	(void)endpoint;
	return "test";
}

static const struct endpoint_ops fake_ops = { fake_send, fake_send_wire,
	fake_fail, fake_hold, fake_peer };

/* Local parcels arrive at the end of a turn, answers in the one behind. */
static void
settle(void)
{
	for (int i = 0; i < 10; i++)
		loop_turn(shard_loop(shard));
}

static struct jid
jid_of(struct arena *arena, const char *text)
{
	struct jid jid;

	assert_true(jid_parse(arena, str_of(text), &jid));
	return jid;
}

static enum session_opened
enter(struct fake *fake, const char *bare, const char *resource)
{
	struct arena arena = { 0 };
	struct jid full;
	const struct session_door door = { .access = "all" };
	enum session_opened opened;

	memset(fake, 0, sizeof(*fake));
	fake->endpoint.ops = &fake_ops;
	opened = session_open(shard, jid_of(&arena, bare), str_of(resource),
	    &door, &fake->endpoint, &fake->ref, &full);
	if (opened == SESSION_OPENED)
		snprintf(fake->jid, sizeof(fake->jid), "%.*s",
		    STR_ARG(jid_full(full)));
	arena_fini(&arena);
	return opened;
}

/* What a client sends, its from already stamped. */
static void
say(struct fake *fake, const char *xml)
{
	struct xml_tree *tree = tree_of(str_of(xml));
	struct stanza *stanza = NULL;
	struct arena arena = { 0 };

	assert_non_null(tree);
	assert_int_equal(stanza_parse(&tree, &stanza), STANZA_OK);
	stanza_set_from(stanza, jid_of(&arena, fake->jid));
	arena_fini(&arena);
	session_receive(shard, fake->ref, &stanza);
	assert_null(stanza);
}

static void
message(struct fake *fake, const char *to, unsigned number)
{
	char xml[256];

	snprintf(xml, sizeof(xml),
	    "<message to='%s' type='chat'><body>%u</body></message>", to,
	    number);
	say(fake, xml);
}

/* All bodies heard, in order, and forgets them: "0 1 2 ". */
static const char *
bodies(struct fake *fake)
{
	static char out[64 * 1024];
	size_t len = 0;

	out[0] = '\0';
	for (const char *at = buf_text(&fake->heard);
	     (at = strstr(at, "<body>"));) {
		at += 6;
		len += (size_t)snprintf(out + len, sizeof(out) - len, "%.*s ",
		    (int)strcspn(at, "<"), at);
	}
	buf_clear(&fake->heard);
	return out;
}

static bool
heard(struct fake *fake, const char *text)
{
	return strstr(buf_text(&fake->heard), text) != NULL;
}

static unsigned
times_heard(struct fake *fake, const char *text)
{
	unsigned count = 0;

	for (const char *at = buf_text(&fake->heard); (at = strstr(at, text));
	     at++)
		count++;
	return count;
}

static void
leave(struct fake *fake)
{
	session_close(shard, fake->ref);
	buf_fini(&fake->heard);
}

static bool
is_known(const char *bare)
{
	return user_find(shard, str_of(bare)) != NULL;
}

/* --- running a case inside a node --- */

static void
run_case(void *arg, struct shard *started)
{
	void (*body)(void) = *(void (**)(void))arg;

	shard = started;
	body();
	settle();
	/* Nobody is left behind. */
	assert_int_equal(sessions_count(shard, STR("")), 0);
	assert_int_equal(map_count(&shard->users), 0);
	assert_null(waiting);
	node_stop(shard_node(started));
}

static void
in_node(void (*body)(void))
{
	struct node_fixture fixture;

	waiting = NULL;
	node_fixture_open(&fixture, config, 1, 0);
	node_fixture_run(&fixture, run_case, &body);
	node_fixture_close(&fixture);
}

#define CASE(name)                            \
	static void name(void);               \
	static void test_##name(void **state) \
	{                                     \
		(void)state;                  \
		in_node(name);                \
	}                                     \
	static void name(void)

#define WAIT "<iq type='set' id='w'><wait xmlns='urn:t'/></iq>"

/* --- the queue --- */

CASE(queues_while_waiting)
{
	struct fake alice, bob;

	enter(&alice, "alice@localhost", "a");
	enter(&bob, "bob@localhost", "b");
	say(&alice, WAIT);
	/* Hers first, then what others send her, as they come. */
	for (unsigned i = 0; i < 10; i++) {
		message(&alice, "bob@localhost/b", i);
		message(&bob, "alice@localhost/a", i);
	}
	settle();
	assert_string_equal(bodies(&alice), "");
	assert_string_equal(bodies(&bob), "");
	/* Others go on. */
	message(&bob, "bob@localhost/b", 7);
	settle();
	assert_string_equal(bodies(&bob), "7 ");
	go_on();
	settle();
	assert_true(heard(&alice, "type='result'"));
	assert_string_equal(bodies(&alice), "0 1 2 3 4 5 6 7 8 9 ");
	assert_string_equal(bodies(&bob), "0 1 2 3 4 5 6 7 8 9 ");
	leave(&alice);
	leave(&bob);
}

/* A queued stanza may wait in its turn: the rest stays behind it. */
CASE(waits_again_in_the_queue)
{
	struct fake alice;

	enter(&alice, "alice@localhost", "a");
	say(&alice, WAIT);
	message(&alice, alice.jid, 1);
	say(&alice, WAIT);
	message(&alice, alice.jid, 2);
	say(&alice, "<iq type='set' id='n'><now xmlns='urn:t'/></iq>");
	go_on();
	settle();
	/* Her own message had to get past the second wait as well. */
	assert_string_equal(bodies(&alice), "");
	go_on();
	settle();
	assert_true(heard(&alice, "id='n'"));
	assert_string_equal(bodies(&alice), "1 2 ");
	leave(&alice);
}

CASE(holds_its_clients)
{
	struct fake first, second;

	enter(&first, "alice@localhost", "1");
	enter(&second, "alice@localhost", "2");
	say(&first, WAIT);
	for (unsigned i = 1; i < USER_QUEUE_HOLD; i++)
		message(&first, "bob@localhost", i);
	assert_false(first.held);
	message(&first, "bob@localhost", USER_QUEUE_HOLD);
	assert_true(first.held);
	assert_true(second.held);
	go_on();
	assert_false(first.held);
	assert_false(second.held);
	settle();
	leave(&first);
	leave(&second);
}

/* Or a client could get round the limit by logging in again. */
CASE(holds_who_comes_later)
{
	struct fake first, late;

	enter(&first, "alice@localhost", "1");
	say(&first, WAIT);
	for (unsigned i = 0; i < USER_QUEUE_HOLD; i++)
		message(&first, "bob@localhost", i);
	enter(&late, "alice@localhost", "2");
	assert_true(late.held);
	go_on();
	assert_false(late.held);
	settle();
	leave(&first);
	leave(&late);
}

CASE(refuses_when_full)
{
	struct fake alice, bob;

	enter(&alice, "alice@localhost", "a");
	enter(&bob, "bob@localhost", "b");
	say(&alice, WAIT);
	for (unsigned i = 0; i < USER_QUEUE_MAX; i++)
		message(&bob, alice.jid, i);
	settle();
	assert_int_equal(bob.heard.len, 0);
	message(&bob, alice.jid, 1);
	say(&bob, "<message to='alice@localhost/a' type='error'/>");
	settle();
	assert_true(heard(&bob, "<resource-constraint"));
	assert_int_equal(times_heard(&bob, "<message"), 1);
	assert_int_equal(alice.heard.len, 0);
	go_on();
	settle();
	assert_int_equal(times_heard(&alice, "<body>"), USER_QUEUE_MAX);
	leave(&alice);
	leave(&bob);
}

/* Few but large ones must not fill the memory either. */
CASE(refuses_when_heavy)
{
	enum { LARGE = 200 * 1024, TRIES = 200 };
	struct fake alice, bob;
	struct buf xml = { 0 };
	unsigned refused;

	enter(&alice, "alice@localhost", "a");
	enter(&bob, "bob@localhost", "b");
	buf_puts(&xml, "<message to='alice@localhost/a'><body>");
	for (int i = 0; i < LARGE; i++)
		buf_putc(&xml, 'x');
	buf_puts(&xml, "</body></message>");
	say(&alice, WAIT);
	for (int i = 0; i < TRIES; i++) {
		say(&bob, buf_text(&xml));
		settle();
	}
	refused = times_heard(&bob, "<resource-constraint");
	assert_true(refused > TRIES / 2);
	assert_true(refused < TRIES);
	go_on();
	settle();
	assert_int_equal(times_heard(&alice, "<body>"), TRIES - refused);
	/* And there is room again. */
	say(&alice, WAIT);
	say(&bob, buf_text(&xml));
	settle();
	assert_int_equal(times_heard(&bob, "<resource-constraint"), refused);
	go_on();
	settle();
	buf_fini(&xml);
	leave(&alice);
	leave(&bob);
}

/* --- references --- */

CASE(refs_go_stale)
{
	struct fake old, fresh, bob;
	struct session_ref ref;

	enter(&old, "alice@localhost", "a");
	enter(&bob, "bob@localhost", "b");
	ref = old.ref;
	assert_non_null(session_find(shard, ref));
	leave(&old);
	assert_null(session_find(shard, ref));
	assert_null(session_find(shard, (struct session_ref){ 0 }));
	assert_null(session_find(shard, (struct session_ref){ 1u << 30, 1 }));
	/* Whoever gets its slot is another one. */
	for (int i = 0; i < 200; i++) {
		enter(&fresh, "carol@localhost", "c");
		assert_null(session_find(shard, ref));
		session_close(shard, ref);
		assert_non_null(session_find(shard, fresh.ref));
		leave(&fresh);
	}
	/* What it still says goes nowhere. */
	message(&old, bob.jid, 1);
	settle();
	assert_string_equal(bodies(&bob), "");
	leave(&bob);
}

/* The client is gone while its stanza waits. */
CASE(a_wait_outlives_its_session)
{
	struct fake alice, bob;

	enter(&alice, "alice@localhost", "a");
	enter(&bob, "bob@localhost", "b");
	say(&alice, WAIT);
	say(&alice, "<presence/>");
	say(&alice, "<presence to='bob@localhost/b'/>");
	message(&alice, bob.jid, 1);
	leave(&alice);
	assert_true(is_known("alice@localhost"));
	go_on();
	/* What was accepted goes out; presence ended with the session. */
	settle();
	assert_false(heard(&bob, "<presence"));
	assert_string_equal(bodies(&bob), "1 ");
	assert_false(is_known("alice@localhost"));
	leave(&bob);
}

CASE(nobody_stays_for_a_stranger)
{
	struct fake bob;

	enter(&bob, "bob@localhost", "b");
	message(&bob, "nobody@localhost", 1);
	message(&bob, "nobody@example.org/x", 2);
	settle();
	assert_int_equal(times_heard(&bob, "<service-unavailable"), 2);
	assert_false(is_known("nobody@localhost"));
	assert_false(is_known("nobody@example.org"));
	leave(&bob);
}

/* --- sessions --- */

CASE(a_resource_is_replaced)
{
	struct fake old, fresh, other;

	enter(&old, "alice@localhost", "a");
	enter(&other, "alice@localhost", "o");
	say(&other, "<presence/>");
	say(&old, "<presence/>");
	settle();
	buf_clear(&other.heard);
	assert_int_equal(enter(&fresh, "alice@localhost", "a"), SESSION_OPENED);
	assert_int_equal(old.fails, 1);
	assert_int_equal(old.error, STREAM_CONFLICT);
	assert_int_equal(other.fails, 0);
	settle();
	assert_true(heard(&other, "type='unavailable'"));
	/* The old one's end, told late, doesn't touch the new one. */
	leave(&old);
	message(&other, fresh.jid, 1);
	settle();
	assert_string_equal(bodies(&fresh), "1 ");
	leave(&fresh);
	leave(&other);
}

CASE(all_sessions_end_with_the_account)
{
	struct fake one, two, bob;

	enter(&one, "alice@localhost", "1");
	enter(&two, "alice@localhost", "2");
	enter(&bob, "bob@localhost", "b");
	say(&one, "<presence/>");
	say(&two, "<presence/>");
	settle();
	sessions_fail(
	    shard, STR("alice@localhost"), STREAM_NOT_AUTHORIZED, NULL);
	assert_int_equal(one.fails, 1);
	assert_int_equal(two.fails, 1);
	assert_int_equal(bob.fails, 0);
	assert_false(is_known("alice@localhost"));
	leave(&one);
	leave(&two);
	leave(&bob);
}

CASE(a_resource_is_made_up)
{
	struct fake one, two;

	assert_int_equal(enter(&one, "alice@localhost", ""), SESSION_OPENED);
	assert_int_equal(enter(&two, "alice@localhost", ""), SESSION_OPENED);
	assert_string_not_equal(one.jid, two.jid);
	leave(&one);
	leave(&two);
	assert_int_equal(
	    enter(&one, "alice@elsewhere", "a"), SESSION_BAD_RESOURCE);
	assert_int_equal(
	    enter(&one, "alice@localhost", "\x01"), SESSION_BAD_RESOURCE);
}

/* --- presence --- */

CASE(resources_see_each_other)
{
	struct fake one, two;

	enter(&one, "alice@localhost", "1");
	enter(&two, "alice@localhost", "2");
	say(&one, "<presence><show>away</show></presence>");
	assert_int_equal(times_heard(&one, "<presence"), 1);
	assert_int_equal(times_heard(&two, "<presence"), 0);
	say(&two, "<presence/>");
	assert_int_equal(times_heard(&one, "from='alice@localhost/2'"), 1);
	assert_int_equal(times_heard(&two, "<show>away</show>"), 1);
	assert_int_equal(times_heard(&two, "from='alice@localhost/2'"), 1);
	/* A change goes out again; others aren't sent again. */
	buf_clear(&one.heard);
	buf_clear(&two.heard);
	say(&two, "<presence><show>dnd</show></presence>");
	assert_int_equal(times_heard(&one, "dnd"), 1);
	assert_int_equal(times_heard(&two, "<presence"), 1);
	say(&two, "<presence type='unavailable'/>");
	assert_int_equal(times_heard(&one, "type='unavailable'"), 1);
	/* Who is unavailable already says nothing more when it ends. */
	leave(&two);
	assert_int_equal(times_heard(&one, "type='unavailable'"), 1);
	leave(&one);
}

CASE(priorities_choose)
{
	struct fake low, high, twin, mute, bob;

	enter(&low, "alice@localhost", "low");
	enter(&high, "alice@localhost", "high");
	enter(&twin, "alice@localhost", "twin");
	enter(&mute, "alice@localhost", "mute");
	enter(&bob, "bob@localhost", "b");
	message(&bob, "alice@localhost", 0);
	settle();
	assert_true(heard(&bob, "<service-unavailable"));
	say(&mute, "<presence><priority>-1</priority></presence>");
	message(&bob, "alice@localhost", 1);
	settle();
	assert_int_equal(times_heard(&bob, "<service-unavailable"), 2);
	say(&low, "<presence/>");
	say(&high, "<presence><priority>5</priority></presence>");
	say(&twin, "<presence><priority>5</priority></presence>");
	message(&bob, "alice@localhost", 2);
	settle();
	assert_string_equal(bodies(&low), "");
	assert_string_equal(bodies(&high), "2 ");
	assert_string_equal(bodies(&twin), "2 ");
	/* A resource that is named gets it whatever its priority. */
	message(&bob, mute.jid, 3);
	settle();
	assert_string_equal(bodies(&mute), "3 ");
	say(&low, "<presence><priority>128</priority></presence>");
	settle();
	assert_true(heard(&low, "<bad-request"));
	leave(&low);
	leave(&high);
	leave(&twin);
	leave(&mute);
	leave(&bob);
}

CASE(directed_presence_is_withdrawn)
{
	struct fake alice, bob, carol;

	enter(&alice, "alice@localhost", "a");
	enter(&bob, "bob@localhost", "b");
	enter(&carol, "carol@example.org", "c");
	say(&alice, "<presence to='bob@localhost/b'/>");
	say(&alice, "<presence to='bob@localhost/b'/>");
	say(&alice, "<presence to='carol@example.org/c'/>");
	say(&alice, "<presence to='carol@example.org/c' type='unavailable'/>");
	settle();
	assert_int_equal(times_heard(&carol, "type='unavailable'"), 1);
	leave(&alice);
	settle();
	assert_int_equal(times_heard(&bob, "type='unavailable'"), 1);
	assert_int_equal(times_heard(&carol, "type='unavailable'"), 1);
	leave(&bob);
	leave(&carol);
}

CASE(directed_presence_is_bounded)
{
	enum { MANY = 1001 };
	struct fake alice;
	char xml[128];

	enter(&alice, "alice@localhost", "a");
	for (int i = 0; i < MANY; i++) {
		snprintf(
		    xml, sizeof(xml), "<presence to='u%d@localhost/r'/>", i);
		say(&alice, xml);
	}
	settle();
	assert_int_equal(times_heard(&alice, "<resource-constraint"), 1);
	leave(&alice);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_queues_while_waiting),
		cmocka_unit_test(test_waits_again_in_the_queue),
		cmocka_unit_test(test_holds_its_clients),
		cmocka_unit_test(test_holds_who_comes_later),
		cmocka_unit_test(test_refuses_when_full),
		cmocka_unit_test(test_refuses_when_heavy),
		cmocka_unit_test(test_refs_go_stale),
		cmocka_unit_test(test_a_wait_outlives_its_session),
		cmocka_unit_test(test_nobody_stays_for_a_stranger),
		cmocka_unit_test(test_a_resource_is_replaced),
		cmocka_unit_test(test_all_sessions_end_with_the_account),
		cmocka_unit_test(test_a_resource_is_made_up),
		cmocka_unit_test(test_resources_see_each_other),
		cmocka_unit_test(test_priorities_choose),
		cmocka_unit_test(test_directed_presence_is_withdrawn),
		cmocka_unit_test(test_directed_presence_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
