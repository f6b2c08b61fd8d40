#include "cfgparse/findings_rules.h"

const struct rule findings_rules[FINDINGS_RULES + 1] = {
	[SUPPRESSION_FORM] = { "CFG400", SEVERITY_WARNING,
	    "comment for the linter not understood",
	    "A comment that begins with `lint:` speaks to the linter. It "
	    "knows\n`lint: allow RULE reason` for a line and `lint: allow-file "
	    "RULE reason` for the\nwhole file, where RULE is one rule or "
	    "several with commas between, without\nblanks. Anything else has "
	    "no effect." },
	[SUPPRESSION_REASON] = { "CFG401", SEVERITY_WARNING,
	    "suppression without a reason",
	    "Whoever reads the file next wants to know why a finding is left "
	    "as it is. A\nsuppression without a reason has no effect." },
	[SUPPRESSION_UNKNOWN] = { "CFG402", SEVERITY_WARNING,
	    "suppression of an unknown rule",
	    "The comment names a rule that doesn't exist, so it suppresses "
	    "nothing.\n`xmpp-cfglint --list-rules` shows those that do." },
	[SUPPRESSION_UNUSED] = { "CFG403", SEVERITY_INFO,
	    "suppression of nothing",
	    "The rule finds nothing where the comment would suppress it: what "
	    "it was\nwritten for has been mended, or the comment stands in the "
	    "wrong place. On a\nline of its own it covers the next line that "
	    "is neither blank nor a comment, at\nthe end of a line that line. "
	    "It is not looked at while there are errors, or\nwhere the rule "
	    "was not tried." },
};
