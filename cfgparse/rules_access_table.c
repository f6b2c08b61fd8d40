#include "cfgparse/rules_access.h"
/*
 * The texts of the rules about acls, access rules and shapers.
 */

#define ERROR(id, title, explanation)                  \
	{                                              \
		id, SEVERITY_ERROR, title, explanation \
	}
#define WARNING(id, title, explanation)                  \
	{                                                \
		id, SEVERITY_WARNING, title, explanation \
	}
#define INFO(id, title, explanation)                  \
	{                                             \
		id, SEVERITY_INFO, title, explanation \
	}

const struct rule access_rules[ACCESS_RULE_COUNT + 1] = {
	[ACL_UNUSED] = INFO("CFG100", "unused acl",
	    "No access rule and no option names the acl, so it has no effect. "
	    "Often the name is spelt differently where it should be used."),
	[ACCESS_UNUSED] = INFO("CFG101", "unused access rule",
	    "No listener, module or option names the rule, so it decides "
	    "nothing."),
	[SHAPER_UNUSED] = INFO("CFG102", "unused shaper",
	    "No rule gives the shaper to anybody, so it limits nothing."),
	[ACL_HOST_UNSERVED] =
	    WARNING("CFG103", "acl names a host that is not served",
		"An entry of an acl names accounts of a host that hosts does "
		"not list. Where the name is near to one of the hosts, it is "
		"misspelt and the accounts meant are left out; where the acl "
		"is one of administrators, somebody on another server is one. "
		"Otherwise it may be right and this is an info."),
	[ACL_BY_EVERY_HOST] = WARNING("CFG104", "administrator of every host",
	    "An entry without a host means the account of that name on "
	    "each of the hosts served, and on all but one of them it may "
	    "be a stranger who registered it first."),
	[ACL_MATCHES_MORE] =
	    WARNING("CFG105", "pattern matches more than it seems to",
		"A regular expression matches anywhere in the text unless ^ "
		"and $ hold it at both ends, and its dot stands for any "
		"character: \"example.org\" matches exampleXorg and "
		"example.org.somewhere.else as well. An info where only the "
		"dot does this."),
	[ACL_EVERYBODY_ADMIN] =
	    WARNING("CFG106", "everybody is an administrator",
		"An acl that makes administrators matches every account of a "
		"host, or everybody."),
	[ACL_TWICE] = WARNING("CFG107", "acl entry given twice",
	    "An acl has the same entry twice. Once is enough; perhaps another "
	    "one was meant."),
	[NAME_RESERVED] = WARNING("CFG108", "reserved name",
	    "all and none are built in, as acls and as access rules, and none "
	    "as a shaper. A definition of that name is never read; from 19.08 "
	    "on ejabberd refuses to start."),
	[ACL_OTHER_HOST] = WARNING("CFG109", "acl of a host names another host",
	    "The acl stands in a host's host_config, and its entry means "
	    "accounts of another host that is served too."),
	[ACL_EVERY_ADDRESS] = WARNING("CFG110", "network of all addresses",
	    "A network of zero bits matches every address, so that the "
	    "condition keeps nobody out."),
	[ACL_HOST_BITS] = INFO("CFG111", "network with bits of a host",
	    "The address has bits set behind the length of its network. They "
	    "are ignored: the whole network matches."),
	[ACL_COVERED] = INFO("CFG112", "network within another one",
	    "A network of an acl lies within another network of the same acl, "
	    "so that it adds nothing."),
	[RULE_TWICE] = WARNING("CFG113", "rule defined twice",
	    "Of two access rules, or shapers, of one name the later one "
	    "replaces the earlier one as a whole; their lines are not "
	    "joined."),
	[LINE_SHADOWED] = WARNING("CFG114", "line that is never reached",
	    "The first line that matches decides, and an earlier one matches "
	    "everybody whom this one does. An info where both have the same "
	    "result and this line names fewer people."),
	[LINES_CONTRADICT] =
	    WARNING("CFG115", "the same people allowed and denied",
		"Two lines of a rule have the same condition and different "
		"results. The first one holds."),
	[RULE_ADMITS_NOBODY] = WARNING("CFG116", "nobody can log in",
	    "The access rule of a port for clients has no line that allows "
	    "anybody."),
	[SHAPER_LEFT_OUT] = WARNING("CFG117", "no shaper for the rest",
	    "The lines of a rule limit some people, and whoever matches none "
	    "of them is not limited at all. A last line for all says what "
	    "holds for the rest."),
	[RESULT_ODD] = WARNING("CFG118", "result of the wrong kind",
	    "A rule that admits people gives allow or deny; everything else "
	    "denies. A rule that chooses shapers gives the name of one; allow "
	    "and deny mean that nothing is limited. An error where ejabberd "
	    "refuses to start."),
	[LINE_TURNED] = ERROR("CFG119", "line the wrong way round",
	    "Result and acl have changed places. In Erlang terms a line is "
	    "{Result, Acl}; in YAML it is Result: Acl below access_rules and "
	    "shaper_rules, and Acl: Result below access, which 13.10 to 16.04 "
	    "had."),
	[LINE_NEVER] = WARNING("CFG120", "line that nobody matches",
	    "All conditions of a line must match at once. Nobody has two names "
	    "or is on two servers: to name several people put them into an "
	    "acl, or write a line for each."),
	[ACL_CASE] = WARNING("CFG121", "upper case that is never there",
	    "Names of accounts and hosts are folded to lower case before they "
	    "are compared. ejabberd 2.1 folds what an acl says too, which "
	    "changes the meaning of \\S, \\D and \\W, and matches no resource "
	    "with a capital letter; later releases leave patterns as they are, "
	    "so that a capital letter in them never matches."),
	[HOST_RULE_IDLE] = WARNING("CFG122", "rule of a host is never asked",
	    "Up to 19.05 the lines of the global rule come before those of the "
	    "host's rule, and one of them matches everybody. Only a final "
	    "{allow, all} of the global rule gives way, and only in 2.1."),
	[HOST_HIDES_GLOBAL] =
	    WARNING("CFG123", "host_config hides what is global",
		"From 19.08 on acl, access_rules or shaper_rules in a host's "
		"host_config replaces all that is said of it globally, not "
		"only what has the same name. append_host_config adds."),
	[SHAPER_RATE] = WARNING("CFG124", "odd rate",
	    "A shaper of a few bytes a second makes a session unusable: a "
	    "login alone takes some thousand bytes. Rates are bytes, not "
	    "kilobytes."),
	[RULE_EMPTY] = WARNING("CFG125", "rule without lines",
	    "An access rule without lines denies everybody. From 19.08 on "
	    "ejabberd refuses to start."),
	[ACL_EMPTY] = WARNING("CFG126", "nobody is an administrator",
	    "A rule for administrators allows an acl whose only entry is "
	    "none."),
	[ACL_OLD_REGEXP] = INFO("CFG127", "pattern that 2.1.9 reads otherwise",
	    "ejabberd reads patterns by Erlang's module regexp up to 2.1.9, "
	    "and in Perl's language from 2.1.10 on. The old module knows "
	    "neither braces that repeat nor classes such as \\d and \\w nor "
	    "anything that begins with (?; it takes them for text, or refuses "
	    "the pattern, which then matches nobody."),
};
