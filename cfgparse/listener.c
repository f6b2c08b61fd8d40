#include "cfgparse/listener.h"
/*
 * Private networks are those of RFC 1918, RFC 6598 and RFC 4193, and link-local
 * ones.
 */
#include <arpa/inet.h>

#include "cfgparse/address.h"
#include "cfgparse/base/arena.h"

static bool
is_in(const struct sockaddr *address, const char *const *networks)
{
	struct network network;

	for (; *networks; networks++) {
		if (network_parse(str_of(*networks), &network) &&
		    network_has(&network, address))
			return true;
	}
	return false;
}

static bool
read_address(struct str text, struct sockaddr_storage *out)
{
	struct sockaddr_in *v4 = (struct sockaddr_in *)out;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)out;
	char copy[INET6_ADDRSTRLEN];

	*out = (struct sockaddr_storage){ 0 };
	if (text.len == 0 || text.len >= sizeof copy)
		return false;
	memcpy(copy, text.ptr, text.len);
	copy[text.len] = '\0';
	if (inet_pton(AF_INET, copy, &v4->sin_addr) == 1) {
		v4->sin_family = AF_INET;
		return true;
	}
	v6->sin6_family = AF_INET6;
	return inet_pton(AF_INET6, copy, &v6->sin6_addr) == 1;
}

enum listener_reach
listener_reach(const struct model_listener *listener)
{
	static const char *const local[] = { "127.0.0.0/8", "::1/128", NULL };
	static const char *const inner[] = { "10.0.0.0/8", "172.16.0.0/12",
		"192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "fc00::/7",
		"fe80::/10", NULL };
	struct sockaddr_storage address;

	if (listener->transport == MODEL_UNIX ||
	    !read_address(listener->address, &address) ||
	    is_in((const struct sockaddr *)&address, local))
		return REACH_LOCAL;
	if (is_in((const struct sockaddr *)&address, inner))
		return REACH_PRIVATE;
	return REACH_PUBLIC;
}

bool
listener_is_public(const struct model_listener *listener)
{
	return listener_reach(listener) == REACH_PUBLIC;
}

bool
listener_is_wildcard(const struct model_listener *listener)
{
	return listener->transport != MODEL_UNIX &&
	       (str_is(listener->address, "0.0.0.0") ||
		   str_is(listener->address, "::"));
}

bool
listener_is(const struct model_listener *listener, const char *module)
{
	return str_is(listener->module, module);
}

bool
listener_is_sound(const struct model_listener *listener)
{
	return listener->address.len &&
	       (listener->port || listener->transport == MODEL_UNIX);
}

bool
listener_is_tls(const struct model_listener *listener)
{
	return model_flag(&listener->options, "tls", false);
}

bool
listener_offers_starttls(const struct model_listener *listener)
{
	return model_flag(&listener->options, "starttls", false) ||
	       model_flag(&listener->options, "starttls_required", false);
}

bool
listener_is_private(const struct model_listener *listener)
{
	return listener_is_tls(listener) ||
	       model_flag(&listener->options, "starttls_required", false);
}

const char *
listener_name(struct arena *arena, const struct model_listener *listener)
{
	bool v6 = listener->address.len &&
		  memchr(listener->address.ptr, ':', listener->address.len);

	if (listener->transport == MODEL_UNIX)
		return arena_memdup(
		    arena, listener->address.ptr, listener->address.len);
	return arena_printf(arena, v6 ? "[%.*s]:%d%s" : "%.*s:%d%s",
	    STR_ARG(listener->address), (int)listener->port,
	    listener->transport == MODEL_UDP ? " (udp)" : "");
}
