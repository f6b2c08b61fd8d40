#include "dnscheck/dns.h"

const char *
dns_status_text(enum dns_status status)
{
	switch (status) {
	case DNS_OK: return "found";
	case DNS_NXDOMAIN: return "no such name";
	case DNS_NODATA: return "no such record";
	case DNS_SERVFAIL: return "the name server reports a failure";
	case DNS_REFUSED: return "the name server refuses to answer";
	case DNS_TIMEOUT: return "no name server answered in time";
	case DNS_UNREACHABLE: return "no name server can be reached";
	case DNS_BAD_REPLY: return "the name server's reply is malformed";
	case DNS_TOO_LARGE: return "the answer is too large";
	case DNS_ALIAS_LOOP: return "the chain of aliases has no end";
	case DNS_BAD_NAME: return "not a name that can be asked";
	case DNS_BUSY: return "too many questions wait already";
	case DNS_CANCELLED: return "cancelled";
	}
	return "unknown status";
}

bool
dns_status_known(enum dns_status status)
{
	return status == DNS_OK || status == DNS_NXDOMAIN ||
	       status == DNS_NODATA || status == DNS_ALIAS_LOOP ||
	       status == DNS_TOO_LARGE;
}
