#include "dnscheck/resolv_conf.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	DNS_PORT = 53,
	FILE_MAX = 64 * 1024,
	WORD_MAX = 128,
	/* resolv.conf(5) caps its own values at these. */
	TIMEOUT_MAX_S = 30,
	ATTEMPTS_MAX = 5,
};

void
resolver_options_init(struct resolver_options *options)
{
	*options = (struct resolver_options){
		.timeout_ms = 2000,
		.attempts = 2,
		.window = 256,
		.queue = 65536,
		.records_max = 512,
	};
}

static bool
parse_port(const char *text, uint16_t *out)
{
	char *end;
	long value;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	value = strtol(text, &end, 10);
	if (*end || errno || value < 1 || value > 65535)
		return false;
	*out = (uint16_t)value;
	return true;
}

static bool
parse_v6(char *text, uint16_t port, struct dns_server *out)
{
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&out->address;
	char *zone = strchr(text, '%');

	if (zone) {
		*zone++ = '\0';
		v6->sin6_scope_id = if_nametoindex(zone);
		if (v6->sin6_scope_id == 0)
			return false;
	}
	if (inet_pton(AF_INET6, text, &v6->sin6_addr) != 1)
		return false;
	v6->sin6_family = AF_INET6;
	v6->sin6_port = htons(port);
	out->address_len = sizeof(*v6);
	return true;
}

bool
dns_server_parse(const char *text, struct dns_server *out)
{
	struct sockaddr_in *v4 = (struct sockaddr_in *)&out->address;
	char copy[WORD_MAX];
	uint16_t port = DNS_PORT;
	char *at;

	if (strlen(text) >= sizeof(copy))
		return false;
	strcpy(copy, text);
	at = strchr(copy, '@');
	if (at && !parse_port(at + 1, &port))
		return false;
	if (at)
		*at = '\0';
	memset(out, 0, sizeof(*out));
	if (inet_pton(AF_INET, copy, &v4->sin_addr) != 1)
		return parse_v6(copy, port, out);
	v4->sin_family = AF_INET;
	v4->sin_port = htons(port);
	out->address_len = sizeof(*v4);
	return true;
}

/* --- the file --- */

/* The next word of the line, NUL-terminated; false at its end. A word too
 * long to mean anything comes out empty. */
static bool
next_word(struct str *line, char out[WORD_MAX])
{
	struct str word;

	if (!str_word(line, &word))
		return false;
	out[0] = '\0';
	if (word.len < WORD_MAX) {
		memcpy(out, word.ptr, word.len);
		out[word.len] = '\0';
	}
	return true;
}

static bool
option_value(const char *word, const char *name, unsigned most, unsigned *out)
{
	size_t len = strlen(name);
	unsigned long value;

	if (strncmp(word, name, len) != 0)
		return false;
	value = strtoul(word + len, NULL, 10);
	if (value < 1)
		value = 1;
	*out = value > most ? most : (unsigned)value;
	return true;
}

static void
take_option(struct resolver_options *options, const char *word)
{
	unsigned value;

	if (option_value(word, "timeout:", TIMEOUT_MAX_S, &value))
		options->timeout_ms = value * 1000;
	else if (option_value(word, "attempts:", ATTEMPTS_MAX, &value))
		options->attempts = value;
}

static void
take_line(struct resolver_options *options, struct str line)
{
	char word[WORD_MAX];

	if (!next_word(&line, word))
		return;
	if (strcmp(word, "nameserver") == 0) {
		if (options->server_count < RESOLVER_SERVERS_MAX &&
		    next_word(&line, word) &&
		    dns_server_parse(
			word, &options->servers[options->server_count]))
			options->server_count++;
	} else if (strcmp(word, "search") == 0 || strcmp(word, "domain") == 0) {
		if (next_word(&line, word))
			strcpy(options->search, word);
	} else if (strcmp(word, "options") == 0) {
		while (next_word(&line, word))
			take_option(options, word);
	}
}

void
resolver_options_parse(struct resolver_options *options, struct str text)
{
	while (text.len) {
		const char *end = memchr(text.ptr, '\n', text.len);
		size_t len = end ? (size_t)(end - text.ptr) : text.len;

		take_line(options, (struct str){ text.ptr, len });
		len += end ? 1 : 0;
		text.ptr += len;
		text.len -= len;
	}
	if (options->server_count == 0)
		options->server_count =
		    dns_server_parse("127.0.0.1", &options->servers[0]);
}

bool
resolver_options_read(struct resolver_options *options, const char *path)
{
	FILE *file = fopen(path, "re");
	char text[FILE_MAX];
	size_t len;

	if (!file)
		return false;
	len = fread(text, 1, sizeof(text), file);
	if (ferror(file)) {
		fclose(file);
		return false;
	}
	fclose(file);
	resolver_options_parse(options, (struct str){ text, len });
	return true;
}
