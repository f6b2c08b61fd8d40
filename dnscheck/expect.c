/* What a configuration offers to clients and servers, by its listeners. */
#include "dnscheck/judge.h"

#include <netinet/in.h>
#include <string.h>

#include "cfgparse/cfg.h"

static uint16_t
listener_port(const struct cfg_listener *listener)
{
	if (listener->address.ss_family == AF_INET6)
		return ntohs(((const struct sockaddr_in6 *)&listener->address)
				 ->sin6_port);
	return ntohs(
	    ((const struct sockaddr_in *)&listener->address)->sin_port);
}

static void
add_port(struct expect_ports *ports, uint16_t port)
{
	for (size_t i = 0; i < ports->count; i++)
		if (ports->ports[i] == port)
			return;
	if (ports->count < EXPECT_PORTS_MAX)
		ports->ports[ports->count++] = port;
}

void
expect_from_cfg(const struct cfg *cfg, struct expect *expect)
{
	*expect = (struct expect){ .known = true };
	for (size_t i = 0; i < cfg->listener_count; i++) {
		const struct cfg_listener *listener = &cfg->listeners[i];
		bool direct = listener->tls == CFG_TLS_DIRECT;
		enum domain_service service;

		if (strcmp(listener->module, "ejabberd_c2s") == 0)
			service = direct ? SERVICE_CLIENT_TLS : SERVICE_CLIENT;
		else if (strcmp(listener->module, "ejabberd_s2s_in") == 0)
			service = direct ? SERVICE_SERVER_TLS : SERVICE_SERVER;
		else
			continue;
		add_port(&expect->services[service], listener_port(listener));
	}
}
