#include "dnscheck/srv.h"

#include <stdlib.h>

/* Weights of zero come first within their priority: RFC 2782 wants it, so
 * that they still have their small chance. */
static int
compare(const void *a, const void *b)
{
	const struct dns_srv *x = a, *y = b;

	if (x->priority != y->priority)
		return x->priority < y->priority ? -1 : 1;
	return (x->weight != 0) - (y->weight != 0);
}

/* Moves the entry at `from` to the front and the others up by one. */
static void
move_to_front(struct dns_srv *srv, size_t from)
{
	struct dns_srv chosen = srv[from];

	for (; from > 0; from--)
		srv[from] = srv[from - 1];
	srv[0] = chosen;
}

static void
draw_one(struct dns_srv *srv, size_t count, srv_random_fn *random, void *arg)
{
	uint32_t sum = 0, drawn;
	size_t i;

	for (i = 0; i < count; i++)
		sum += srv[i].weight;
	drawn = random(arg, sum);
	sum = 0;
	for (i = 0; i + 1 < count; i++) {
		sum += srv[i].weight;
		if (sum >= drawn)
			break;
	}
	move_to_front(srv, i);
}

void
srv_order(struct dns_srv *srv, size_t count, srv_random_fn *random, void *arg)
{
	size_t end;

	if (count < 2)
		return;
	qsort(srv, count, sizeof(*srv), compare);
	for (size_t i = 0; i < count; i = end) {
		for (end = i; end < count; end++)
			if (srv[end].priority != srv[i].priority)
				break;
		for (size_t at = i; at + 1 < end; at++)
			draw_one(srv + at, end - at, random, arg);
	}
}
