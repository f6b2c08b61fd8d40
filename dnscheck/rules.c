#include "dnscheck/rules.h"

const struct rule dnscheck_rules[] = {
	[DNS_CANNOT_ASK] = { "DNS001", SEVERITY_ERROR,
	    "the question could not be answered",
	    "No name server answered, or it reported a failure of its own. "
	    "This says nothing about the records: the exit status is 2, not "
	    "1. Check /etc/resolv.conf and the network, or name another name "
	    "server with --resolver." },
	[DNS_NOTHING_RESOLVES] = { "DNS002", SEVERITY_ERROR,
	    "the domain has no records that lead anywhere",
	    "A client looks for SRV records of the domain (RFC 6120 section "
	    "3.2.1) and, without them, for an address of the domain itself "
	    "(3.2.2). There is neither, so nobody can connect." },
	[DNS_FALLBACK] = { "DNS003", SEVERITY_INFO,
	    "no SRV records: the domain's address is used",
	    "Without SRV records the address of the domain itself is used, "
	    "with the ports 5222 for clients and 5269 for servers (RFC 6120 "
	    "section 3.2.2). This works as long as the server runs on that "
	    "very machine and on these ports; nothing has to be published." },
	[DNS_FALLBACK_PORT] = { "DNS004", SEVERITY_WARNING,
	    "no SRV records, and no listener on the standard port",
	    "Without SRV records, clients connect to port 5222 and servers to "
	    "port 5269 of the domain's address. The configuration has no "
	    "listener there." },
	[DNS_NO_WAY] = { "DNS005", SEVERITY_WARNING,
	    "one side finds no way to the domain",
	    "There are records for clients or for servers but not for both, "
	    "and the domain has no address to fall back on. Without a way "
	    "for servers, users of other domains can't be reached." },
	[DNS_DECLINED] = { "DNS006", SEVERITY_WARNING,
	    "the records say that the service isn't offered",
	    "An SRV record with the target \".\" says that the service is "
	    "decidedly not available (RFC 2782). There is no fallback then: "
	    "clients or servers give up." },
	[DNS_DECLINED_MIXED] = { "DNS007", SEVERITY_WARNING,
	    "the target \".\" beside other targets",
	    "The target \".\" means that the service isn't offered, and has to "
	    "be the only record. Beside others, some programs give up and "
	    "some go on." },
	[DNS_TARGET_ALIAS] = { "DNS008", SEVERITY_WARNING,
	    "an SRV target is an alias",
	    "The target of an SRV record must have address records of its "
	    "own and must not be an alias (RFC 2782). Some programs don't "
	    "follow it." },
	[DNS_TARGET_NO_ADDRESS] = { "DNS009", SEVERITY_ERROR,
	    "an SRV target has no address",
	    "The name exists in the SRV record only: no A or AAAA record was "
	    "found for it. A target that ends in the domain's name twice "
	    "lacks its final dot in the zone file." },
	[DNS_TARGET_LITERAL] = { "DNS010", SEVERITY_ERROR,
	    "an SRV target is an address",
	    "The target of an SRV record is a name. What looks like an "
	    "address is taken as one and is not found." },
	[DNS_TARGET_LOCALHOST] = { "DNS011", SEVERITY_ERROR,
	    "an SRV target is localhost",
	    "Whoever asks would connect to its own machine." },
	[DNS_PORT_MISMATCH] = { "DNS012", SEVERITY_WARNING,
	    "a port is announced that no listener has",
	    "The SRV record names a port on which the configuration has no "
	    "listener for this service. This is right only where something "
	    "in front of the server maps the port." },
	[DNS_PORT_ZERO] = { "DNS013", SEVERITY_ERROR, "an SRV port is 0",
	    "Nothing can be reached on port 0." },
	[DNS_UNUSUAL_ADDRESS] = { "DNS014", SEVERITY_WARNING,
	    "an address that others can't reach",
	    "The address is a loopback, private, link-local, shared or "
	    "documentation address (RFC 6890): from the internet it leads "
	    "nowhere or somewhere else. A private address is only noted, "
	    "since it is right within one network." },
	[DNS_SPECIAL_NAME] = { "DNS015", SEVERITY_INFO,
	    "a name that needs no records",
	    "Some names never have records of their own in the DNS: localhost, "
	    ".test, .invalid, .example and example.com, .net and .org (RFC "
	    "2606, RFC 6761), .local (RFC 6762), .onion (RFC 7686). Nobody "
	    "is asked about them when they come from a configuration. An "
	    "IP address as a domain needs no records either." },
	[DNS_UNANNOUNCED] = { "DNS016", SEVERITY_INFO,
	    "a listener with direct TLS that no record announces",
	    "Clients find a port with TLS from the first byte by "
	    "_xmpps-client records only (XEP-0368)." },
	[DNS_TOO_MANY_TARGETS] = { "DNS017", SEVERITY_WARNING,
	    "more SRV records than anyone tries",
	    "Only the first targets of so large a set were looked at; "
	    "programs give up after a few as well." },
	[DNS_BAD_DOMAIN] = { "DNS018", SEVERITY_ERROR, "not a domain name",
	    "What was given can't be a name in the DNS." },
	[HOST_NODE_NAME] = { "HOST001", SEVERITY_INFO,
	    "the names of this machine",
	    "The node name is ejabberd@ and the short host name, what "
	    "`hostname -s` prints, unless --node gives another. The database "
	    "and xmppctl go by it: if the host name changes, give the old "
	    "node name with --node." },
	[HOST_BAD_ADDRESS] = { "HOST002", SEVERITY_WARNING,
	    "a hosts line without a proper address",
	    "A line of /etc/hosts begins with an address: four decimal "
	    "numbers without leading zeros, or IPv6. Forms such as "
	    "127.0.01 are read as 127.0.0.1 by some programs and skipped "
	    "with their whole line by others." },
	[HOST_DUPLICATE] = { "HOST003", SEVERITY_WARNING,
	    "a name on two hosts lines with different addresses",
	    "Programs differ in whether they take the first address or all. "
	    "One line for each family of addresses is enough." },
	[HOST_LOCALHOST] = { "HOST004", SEVERITY_WARNING,
	    "localhost is not the loopback address",
	    "localhost must be 127.0.0.1 (or ::1) in /etc/hosts (RFC 6761); "
	    "clients and tools on this machine use it." },
	[HOST_ORDER] = { "HOST005", SEVERITY_WARNING,
	    "the short name stands before the full name",
	    "The first name of a hosts line is the canonical one, which "
	    "`hostname -f` prints: the full name goes first, the short name "
	    "behind it." },
	[HOST_UNRESOLVED] = { "HOST006", SEVERITY_WARNING,
	    "the short host name doesn't resolve",
	    "Programs that look up their own host name, and tools that "
	    "connect to the node by its name, fail or wait. One line in "
	    "/etc/hosts mends it. xmppd itself starts." },
	[HOST_ELSEWHERE] = { "HOST007", SEVERITY_WARNING,
	    "the host name leads to another machine",
	    "The address found for the host name belongs to no interface of "
	    "this machine." },
	[HOST_BAD_NAME] = { "HOST008", SEVERITY_WARNING,
	    "a name with characters that host names don't have",
	    "Host names are made of letters, digits and hyphens (RFC 1123 "
	    "section 2.1). Some programs refuse others." },
	[HOST_FILE] = { "HOST009", SEVERITY_WARNING,
	    "the hosts file can't be read",
	    "Without it, the machine's own name and localhost depend on the "
	    "DNS." },
	[HOST_NSSWITCH] = { "HOST010", SEVERITY_WARNING,
	    "names aren't looked up in the hosts file first",
	    "The line `hosts:` of /etc/nsswitch.conf should begin with "
	    "`files`, or /etc/hosts has no effect or only a late one." },
	[HOST_NO_FQDN] = { "HOST011", SEVERITY_INFO,
	    "the machine has no full name",
	    "`hostname -f` gives a name without a dot. xmppd doesn't need "
	    "one: the domains it serves stand in its configuration." },
	{ NULL },
};
