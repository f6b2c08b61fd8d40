#include "dnscheck/resolver.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cfgparse/base/arena.h"
#include "cfgparse/base/buf.h"
#include "cfgparse/base/map.h"
#include "cfgparse/base/mem.h"
#include "dnscheck/exchange.h"
#include "dnscheck/wire.h"

enum {
	NAME_TEXT_MAX = DNS_NAME_MAX * 4, /* every octet as \ddd */
	/* Messages that aren't ours on one socket before it is given up: who
	 * guesses shall not have more tries than that. */
	FOREIGN_MAX = 16,
	BACK_OFF_MAX = 4, /* doublings of the first wait */
};

struct dns_ask {
	struct question *question;
	struct dns_ask *next;
	dns_answer_fn *on_answer;
	void *arg;
};

enum question_state { QUESTION_WAITS, QUESTION_ASKED, QUESTION_ANSWERED };

struct question {
	struct resolver *resolver;
	struct question *next, *previous; /* in waiting or asked */
	struct str key;			  /* in the arena, as are the names */
	struct dns_ask *asks;
	enum question_state state;
	bool delivering;	/* askers are being called; it is in no list */
	const char *asked_name; /* as the asker gave it */
	const char *name;	/* what is asked for now, behind aliases */
	enum dns_type type;
	size_t aliases;
	unsigned tries; /* over UDP: picks the server and the wait */
	unsigned foreign;
	bool plain; /* this server can't EDNS */
	bool tcp;
	enum dns_status failure; /* what to say if no try succeeds */
	struct wire_query query;
	struct exchange exchange;
	void *timer;
	struct arena arena;
	struct dns_answer answer;
};

struct question_list {
	struct question *first, *last;
	size_t count;
};

struct resolver {
	struct dns_io io;
	struct resolver_options options;
	struct map questions; /* by key: all that can still be joined */
	struct question_list waiting;
	struct question_list asked; /* the window */
	bool closing;
};

/* --- lists --- */

static void
list_add(struct question_list *list, struct question *question)
{
	question->next = NULL;
	question->previous = list->last;
	if (list->last)
		list->last->next = question;
	else
		list->first = question;
	list->last = question;
	list->count++;
}

static void
list_remove(struct question_list *list, struct question *question)
{
	if (question->previous)
		question->previous->next = question->next;
	else
		list->first = question->next;
	if (question->next)
		question->next->previous = question->previous;
	else
		list->last = question->previous;
	list->count--;
}

/* --- the end of a question --- */

static void start_waiting(struct resolver *resolver);

/* Takes it from the lists: nobody can join it any more. */
static void
question_unlink(struct question *question)
{
	struct resolver *resolver = question->resolver;

	exchange_stop(&question->exchange);
	if (map_get(&resolver->questions, question->key) == question)
		map_remove(&resolver->questions, question->key);
	list_remove(question->state == QUESTION_WAITS ? &resolver->waiting
						      : &resolver->asked,
	    question);
}

static void
question_free(struct question *question)
{
	struct dns_io *io = &question->resolver->io;

	io->timer_close(io->loop, question->timer);
	arena_fini(&question->arena);
	free(question);
}

/* Callbacks may put questions and cancel asks, also of this question. */
static void
question_answer(struct question *question)
{
	struct dns_ask *ask;

	question_unlink(question);
	question->delivering = true;
	question->answer.name = question->asked_name;
	question->answer.type = question->type;
	if (!question->answer.canonical)
		question->answer.canonical = question->name;
	while ((ask = question->asks)) {
		dns_answer_fn *on_answer = ask->on_answer;
		void *arg = ask->arg;

		question->asks = ask->next;
		free(ask);
		on_answer(arg, &question->answer);
	}
	question_free(question);
}

/* The answer goes out with the next turn of the loop, so that no asker is
 * called before resolver_ask has returned. */
static void
question_finish(struct question *question, enum dns_status status)
{
	struct dns_io *io = &question->resolver->io;

	exchange_stop(&question->exchange);
	question->answer.status = status;
	if (status != DNS_OK)
		question->answer.count = 0;
	question->state = QUESTION_ANSWERED;
	io->timer_set(io->loop, question->timer, 0);
}

/* --- tries --- */

/* Of several failures the one that says most is told. */
static void
note_failure(struct question *question, enum dns_status status)
{
	static const int rank[] = {
		[DNS_UNREACHABLE] = 1,
		[DNS_TIMEOUT] = 2,
		[DNS_BAD_REPLY] = 3,
		[DNS_REFUSED] = 4,
		[DNS_SERVFAIL] = 5,
		[DNS_CANCELLED] = 0,
	};

	if (rank[status] > rank[question->failure])
		question->failure = status;
}

static void on_message(void *arg, const uint8_t *bytes, size_t len);

/* False where this try failed before anything was sent. */
static bool
start_try(struct question *question)
{
	struct resolver *resolver = question->resolver;
	const struct resolver_options *options = &resolver->options;
	size_t count = options->server_count;
	unsigned round = question->tries / (unsigned)count;
	struct wire_salt salt;

	question->foreign = 0;
	if (getentropy(&salt, sizeof(salt)) != 0)
		abort();
	if (!wire_query_make(question->name, question->type, &salt,
		!question->plain, &question->query) ||
	    !exchange_start(&question->exchange, &resolver->io,
		&options->servers[question->tries % count], question->tcp,
		question->query.bytes, question->query.len, on_message,
		question))
		return false;
	if (round > BACK_OFF_MAX)
		round = BACK_OFF_MAX;
	resolver->io.timer_set(resolver->io.loop, question->timer,
	    (uint64_t)options->timeout_ms << round);
	return true;
}

/* Starts the try that the question stands at, or the first behind it that
 * starts; the question is finished where none is left. */
static void
try_servers(struct question *question)
{
	const struct resolver_options *options = &question->resolver->options;
	size_t most = options->attempts * options->server_count;

	exchange_stop(&question->exchange);
	for (; question->tries < most; question->tries++) {
		if (start_try(question))
			return;
		note_failure(question, DNS_UNREACHABLE);
		question->tcp = question->plain = false;
	}
	question_finish(question, question->failure);
}

static void
try_next(struct question *question, enum dns_status failure)
{
	note_failure(question, failure);
	question->tcp = question->plain = false;
	question->tries++;
	try_servers(question);
}

/* The server answers questions about `name` by a chain of aliases that leads
 * out of what it knows. */
static void
follow_alias(struct question *question, const struct wire_reply *reply)
{
	question->aliases += reply->answer.aliases;
	question->name = reply->answer.canonical;
	question->tries = 0;
	question->tcp = question->plain = false;
	try_servers(question);
}

static void
take_answer(struct question *question, const struct wire_reply *reply)
{
	const struct dns_answer *answer = &reply->answer;

	if (answer->status == DNS_SERVFAIL || answer->status == DNS_REFUSED) {
		try_next(question, answer->status);
		return;
	}
	if (reply->follow) {
		follow_alias(question, reply);
		return;
	}
	question->answer = *answer;
	question->answer.aliases += question->aliases;
	if (answer->count > question->resolver->options.records_max)
		question_finish(question, DNS_TOO_LARGE);
	else
		question_finish(question, answer->status);
}

static void
take_verdict(struct question *question, enum wire_verdict verdict,
    const struct wire_reply *reply)
{
	switch (verdict) {
	case WIRE_ANSWER: take_answer(question, reply); return;
	case WIRE_TRUNCATED:
	case WIRE_OTHER_CASE:
		/* A connection can't be forged from outside, so it needs no
		 * secret in the letters. */
		if (question->tcp) {
			try_next(question, DNS_BAD_REPLY);
			return;
		}
		question->tcp = true;
		try_servers(question);
		return;
	case WIRE_NO_EDNS:
		if (question->plain) {
			try_next(question, DNS_SERVFAIL);
			return;
		}
		question->plain = true;
		try_servers(question);
		return;
	case WIRE_FOREIGN:
		note_failure(question, DNS_BAD_REPLY);
		if (question->tcp || ++question->foreign >= FOREIGN_MAX)
			try_next(question, DNS_BAD_REPLY);
		return;
	case WIRE_BROKEN: try_next(question, DNS_BAD_REPLY); return;
	}
}

static void
on_message(void *arg, const uint8_t *bytes, size_t len)
{
	struct question *question = arg;
	struct wire_reply reply = { 0 };
	enum wire_verdict verdict;

	if (!bytes) {
		try_next(question, DNS_UNREACHABLE);
		return;
	}
	verdict = wire_reply_read(&question->query, !question->tcp,
	    question->aliases, bytes, len, &question->arena, &reply);
	take_verdict(question, verdict, &reply);
}

static void
on_time(void *arg)
{
	struct question *question = arg;

	if (question->state == QUESTION_ANSWERED) {
		struct resolver *resolver = question->resolver;

		question_answer(question);
		start_waiting(resolver);
		return;
	}
	try_next(question, DNS_TIMEOUT);
}

static void
start_waiting(struct resolver *resolver)
{
	while (resolver->waiting.first &&
	       resolver->asked.count < resolver->options.window) {
		struct question *question = resolver->waiting.first;

		list_remove(&resolver->waiting, question);
		list_add(&resolver->asked, question);
		question->state = QUESTION_ASKED;
		try_servers(question);
	}
}

/* --- asking --- */

/* What makes questions equal: type and name, without case and final dot. */
static struct str
question_key(struct arena *arena, const char *name, enum dns_type type)
{
	size_t len = strlen(name);
	char *key = arena_alloc(arena, len + 3);

	key[0] = (char)type;
	for (size_t i = 0; i < len; i++)
		key[i + 1] = (char)tolower((unsigned char)name[i]);
	if (len > 1 && name[len - 1] == '.')
		len--;
	return (struct str){ key, len + 1 };
}

static bool
can_be_asked(const char *name, enum dns_type type)
{
	static const struct wire_salt none;
	struct wire_query query;

	return strlen(name) <= NAME_TEXT_MAX &&
	       wire_query_make(name, type, &none, true, &query);
}

static struct question *
question_create(struct resolver *resolver, const char *name, enum dns_type type)
{
	struct question *question = mem_alloc(1, sizeof(*question));

	question->resolver = resolver;
	question->type = type;
	question->failure = DNS_CANCELLED;
	question->asked_name = arena_strdup(&question->arena, name);
	question->name = question->asked_name;
	question->timer =
	    resolver->io.timer_open(resolver->io.loop, on_time, question);
	return question;
}

/* A question that ends before it was put: it takes no place in the window
 * from others, and equal ones may have more luck. */
static struct question *
question_refuse(struct resolver *resolver, const char *name, enum dns_type type,
    enum dns_status status)
{
	struct question *question = question_create(resolver, name, type);

	question->state = QUESTION_ASKED;
	list_add(&resolver->asked, question);
	question_finish(question, status);
	return question;
}

static struct question *
question_find(struct resolver *resolver, const char *name, enum dns_type type)
{
	struct question *question;
	struct arena arena = { 0 };
	struct str key;

	if (!can_be_asked(name, type))
		return question_refuse(resolver, "", type, DNS_BAD_NAME);
	key = question_key(&arena, name, type);
	question = map_get(&resolver->questions, key);
	if (!question && resolver->waiting.count >= resolver->options.queue) {
		question = question_refuse(resolver, name, type, DNS_BUSY);
	} else if (!question) {
		question = question_create(resolver, name, type);
		question->key = arena_str(&question->arena, key);
		map_put(&resolver->questions, key, question);
		list_add(&resolver->waiting, question);
	}
	arena_fini(&arena);
	return question;
}

struct dns_ask *
resolver_ask(struct resolver *resolver, const char *name, enum dns_type type,
    dns_answer_fn *on_answer, void *arg)
{
	struct dns_ask *ask = mem_alloc(1, sizeof(*ask));

	if (resolver->closing)
		abort();
	ask->on_answer = on_answer;
	ask->arg = arg;
	ask->question = question_find(resolver, name, type);
	ask->next = ask->question->asks;
	ask->question->asks = ask;
	start_waiting(resolver);
	return ask;
}

void
resolver_cancel(struct dns_ask **ask)
{
	struct question *question = (*ask)->question;
	struct resolver *resolver = question->resolver;
	struct dns_ask **at = &question->asks;

	while (*at != *ask)
		at = &(*at)->next;
	*at = (*ask)->next;
	free(*ask);
	*ask = NULL;
	if (question->asks || question->delivering)
		return;
	question_unlink(question);
	question_free(question);
	start_waiting(resolver);
}

struct resolver *
resolver_create(const struct dns_io *io, const struct resolver_options *options)
{
	struct resolver *resolver = mem_alloc(1, sizeof(*resolver));

	resolver->io = *io;
	resolver->options = *options;
	return resolver;
}

static void
cancel_list(struct question_list *list)
{
	while (list->first) {
		struct question *question = list->first;

		question->answer = (struct dns_answer){ 0 };
		question->answer.status = DNS_CANCELLED;
		question_answer(question);
	}
}

void
resolver_destroy(struct resolver **resolver)
{
	if (!*resolver)
		return;
	(*resolver)->closing = true;
	cancel_list(&(*resolver)->waiting);
	cancel_list(&(*resolver)->asked);
	map_fini(&(*resolver)->questions);
	free(*resolver);
	*resolver = NULL;
}
