#include "cfgparse/cfg_rules.h"
/*
 * What each rule from CFG030 on is about, as --explain and docs/rules.md
 * show it.
 */

#define ERROR(id, title, text)                  \
	{                                       \
		id, SEVERITY_ERROR, title, text \
	}
#define WARNING(id, title, text)                  \
	{                                         \
		id, SEVERITY_WARNING, title, text \
	}
#define INFO(id, title, text)                  \
	{                                      \
		id, SEVERITY_INFO, title, text \
	}

const struct rule cfg_rules[CFG_RULE_COUNT + 1] = {
	[CFG_UNREADABLE] = ERROR("CFG030", "configuration can't be read",
	    "The file that was named is missing, may not be read, is too "
	    "large, or is no regular file. Directories, FIFOs and devices "
	    "are refused without waiting for them."),
	[CFG_YAML] = ERROR("CFG031", "include in another language",
	    "A file in Erlang terms can include such files only, and one in "
	    "YAML files in YAML."),
	[CFG_INCLUDE_UNREADABLE] =
	    ERROR("CFG032", "included file can't be read",
		"A file named by include_config_file is missing, may not be "
		"read, or is no regular file. A relative name starts from the "
		"directory of the main file, also inside included files."),
	[CFG_INCLUDE_CYCLE] = ERROR("CFG033", "files include each other",
	    "A file includes itself, directly or by way of others, or files "
	    "include each other too deep or too often. ejabberd 2.1 never "
	    "ends reading such a file."),
	[CFG_INCLUDE_FORM] = ERROR("CFG034", "include is ill-formed",
	    "An include is written {include_config_file, \"FILE\"} or "
	    "{include_config_file, \"FILE\", [{disallow, [Name, ...]}, "
	    "{allow_only, [Name, ...]}]}."),
	[CFG_FORM] = ERROR("CFG035", "not an option",
	    "Every term of the file is an option, {Name, Value}, or one of "
	    "the few with two names, such as {acl, Name, Form}. Anything "
	    "else stops ejabberd 2.1 too."),
	[CFG_UNKNOWN_OPTION] = ERROR("CFG036", "unknown option",
	    "No release of ejabberd 2.1 knows the option. ejabberd itself "
	    "accepts and ignores it, so that a misspelt name has no effect "
	    "and nobody is told."),
	[CFG_NOT_ACTED_ON] = WARNING("CFG037", "option is not acted on",
	    "ejabberd knows the option, and this version of the server does "
	    "not act on it. The server starts without what it would do."),
	[CFG_FOREIGN] = INFO("CFG038", "from elsewhere",
	    "The option or module is not part of ejabberd 2.1: it belongs to "
	    "a related server or to a collection of further modules. It is "
	    "not misspelt, and it is not acted on."),
	[CFG_VALUE] = ERROR("CFG039", "wrong kind of value",
	    "The value is not of the kind that the option takes. For an "
	    "option that is not acted on this is a warning."),
	[CFG_HOST_SCOPE] = WARNING("CFG040", "no effect in host_config",
	    "The option holds for the whole server; inside host_config it "
	    "is stored by ejabberd and never read. Move it to the top "
	    "level."),
	[CFG_MACRO_UNDEFINED] = ERROR("CFG041", "undefined macro",
	    "An atom without small letters is the use of a macro, and none "
	    "of that name is defined. This also meets atoms such as "
	    "'DIGEST-MD5', '_' and '': write them as strings."),
	[CFG_MACRO_TWICE] = WARNING("CFG042", "macro defined twice",
	    "Of several definitions of one macro the first holds, unlike "
	    "with options, where the last does."),
	[CFG_MACRO_FORM] = ERROR("CFG043", "ill-formed macro",
	    "A macro is named by an atom without small letters: "
	    "{define_macro, 'NAME', Value}."),
	[CFG_NO_HOSTS] = ERROR("CFG044", "no hosts",
	    "Without hosts there is nothing to serve. Name the domains in "
	    "{hosts, [\"example.org\", ...]}."),
	[CFG_HOST_INVALID] = ERROR("CFG045", "invalid host name",
	    "A host is a domain name: labels of letters, digits and hyphens "
	    "separated by dots, or an internationalised name."),
	[CFG_HOST_TWICE] = WARNING("CFG046", "host listed twice",
	    "Two entries of hosts mean the same name."),
	[CFG_HOSTS_TWICE] = ERROR("CFG047", "hosts given twice",
	    "The file has more than one hosts or host. ejabberd stops at the "
	    "second, because neither can hold."),
	[CFG_HOST_UNSERVED] = WARNING("CFG048", "host is not served",
	    "host_config or domain_certfile names a host that hosts does "
	    "not, so it has no effect."),
	[CFG_SET_TWICE] = WARNING("CFG049", "option set twice",
	    "The later value replaces the earlier one as a whole; lists such "
	    "as modules and listen are not joined."),
	[CFG_ADD_NOTHING] = WARNING("CFG050", "nothing to add to",
	    "{{add, Option}, List} stands in the file before any value of "
	    "the option, so the list becomes the value, and a later global "
	    "value replaces it. Put host_config behind the global options."),
	[CFG_NO_CLIENTS] = WARNING("CFG051", "no port for clients",
	    "No listener has the service ejabberd_c2s, so that nobody can "
	    "log in."),
	[CFG_LISTENER_FORM] = ERROR("CFG052", "ill-formed listener",
	    "A listener is written {Port, Service, [Option, ...]}. The port "
	    "is a number from 1 to 65535, or {Port, Address}, {Port, tcp} or "
	    "{Port, Address, tcp}; an address is \"192.0.2.1\" or "
	    "{192,0,2,1}."),
	[CFG_LISTENER_TWICE] = ERROR("CFG053", "listener given twice",
	    "Two listeners have the same address and port; only one can "
	    "open it."),
	[CFG_SERVICE_UNKNOWN] = ERROR("CFG054", "unknown service",
	    "No service of that name can stand behind a port. Where no known "
	    "name is near, it may be somebody's own and this is a warning."),
	[CFG_SERVICE_NOT_OFFERED] = WARNING("CFG055", "service is not offered",
	    "ejabberd has the service, and this version of the server does "
	    "not. The port stays closed."),
	[CFG_LISTENER_OPTION] = ERROR("CFG056", "unknown listener option",
	    "The service has no such option. ejabberd ignores it silently. "
	    "For a service that is not offered this is a warning."),
	[CFG_OPTION_GONE] = ERROR("CFG057", "option is no longer available",
	    "ejabberd 2.1 refuses the option; a later one took its place."),
	[CFG_NO_CERTIFICATE] = ERROR("CFG058", "encryption without certificate",
	    "The listener is to encrypt, but neither it has a certfile nor "
	    "any host a domain_certfile. A warning where only some hosts have "
	    "one: clients of the others are shown a name that is not theirs "
	    "and refuse it."),
	[CFG_CLEAR_TEXT] = WARNING("CFG059", "no encryption for clients",
	    "Clients of this port have no way to encrypt: their passwords "
	    "and messages can be read by everybody on the way."),
	[CFG_TLS_CONFLICT] = WARNING("CFG060", "tls together with starttls",
	    "tls encrypts from the first byte, starttls on request; one port "
	    "can't do both. The customary ports are 5222 for starttls and "
	    "5223 for tls."),
	[CFG_MODULE_UNKNOWN] = ERROR("CFG061", "unknown module",
	    "ejabberd has no such module. Where no known name is near, it "
	    "may be somebody's own and this is a warning; it is not run "
	    "here."),
	[CFG_MODULE_NOT_RUN] = WARNING("CFG062", "module is not run",
	    "ejabberd has the module, and this version of the server does "
	    "not run it. The server starts without it."),
	[CFG_MODULE_OPTION] = ERROR("CFG063", "unknown module option",
	    "The module has no such option. ejabberd ignores it silently. "
	    "For a module that is not run this is a warning."),
	[CFG_MODULE_TWICE] = WARNING("CFG064", "module listed twice",
	    "One list of modules names a module twice. The first entry "
	    "holds; ejabberd would start both."),
	[CFG_ACL_FORM] = ERROR("CFG065", "ill-formed acl",
	    "An acl is written {acl, Name, Form}, where Form is all, none, "
	    "{user, U}, {user, U, Host}, {server, S}, {resource, R} or one "
	    "of the patterns: {user_regexp, RE}, {user_regexp, RE, Host}, "
	    "{server_regexp, RE}, {resource_regexp, RE}, {node_regexp, URE, "
	    "SRE}, and the same with glob for regexp."),
	[CFG_ACL_NEVER] = WARNING("CFG066", "acl matches nobody",
	    "All values of an acl, patterns too, are prepared like user "
	    "names. One that holds a space or one of \"&'/:<>@ can't be, "
	    "and matches nobody, in ejabberd as here. Nor does shared_group, "
	    "because this version keeps no shared groups."),
	[CFG_ACL_REGEXP] = ERROR("CFG067", "invalid regular expression",
	    "The pattern is no extended regular expression of POSIX, or it "
	    "repeats so much that it would take too much memory."),
	[CFG_ACCESS_FORM] = ERROR("CFG068", "ill-formed access rule",
	    "An access rule is written {access, Name, [{Result, Acl}, ...]}, "
	    "where Result is allow, deny, a shaper's name or a number."),
	[CFG_ACL_UNDEFINED] = WARNING("CFG069", "undefined acl",
	    "An access rule names an acl that is not defined; the line never "
	    "applies. In a line that denies, where no acl has a similar name, "
	    "this is an info: the acl may be kept for later."),
	[CFG_ACCESS_UNDEFINED] = ERROR("CFG070", "undefined access rule",
	    "An option names an access rule that is not defined, which "
	    "denies everybody. Where the option is not acted on, or where a "
	    "shaper is meant, this is a warning."),
	[CFG_SHAPER_UNDEFINED] = WARNING("CFG071", "undefined shaper",
	    "An option names a shaper that is not defined, so that nothing "
	    "is limited."),
	[CFG_SHAPER_FORM] = ERROR("CFG072", "ill-formed shaper",
	    "A shaper is written {shaper, Name, {maxrate, BYTES}}, in bytes "
	    "a second, or {shaper, Name, none}."),
	[CFG_NO_INTERNAL_AUTH] = ERROR("CFG073", "no usable accounts",
	    "auth_method names only methods that this version does not "
	    "have, so nobody could log in. It looks accounts up internally "
	    "only."),
	[CFG_OTHER_AUTH] = WARNING("CFG074", "account method left out",
	    "One of several methods of auth_method is not one of this "
	    "version's; accounts that only it knows can't log in."),
	[CFG_CERTIFICATE_UNREADABLE] = ERROR("CFG075",
	    "certificate file can't be read",
	    "A PEM file that the configuration names is missing, may not be "
	    "read by who runs this, or is no regular file. A relative name "
	    "starts from the directory of the main file."),
	[CFG_MECHANISM_UNKNOWN] = WARNING("CFG076", "unknown login mechanism",
	    "disable_sasl_mechanisms names a mechanism that no server "
	    "offers; check its spelling."),
	[CFG_NO_MECHANISM] = ERROR("CFG077", "no login mechanism left",
	    "disable_sasl_mechanisms withholds every mechanism, so nobody "
	    "could log in. A warning where the -PLUS forms, which bind to "
	    "TLS, are left: many clients do not have them."),
	[CFG_TEMPLATE] = ERROR("CFG078", "template that is not filled in",
	    "The file holds marks of a template, such as {{name}} on a line "
	    "of its own, {% if %} or <%= name %>. What a tool makes from it "
	    "is the configuration."),
	[CFG_OVERWRITTEN] = WARNING("CFG079",
	    "host_config before the global option",
	    "ejabberd 2.x applies options in the order of the file: a global "
	    "one that stands behind a host_config replaces what was set for "
	    "that host. Put host_config behind the global options."),
};
