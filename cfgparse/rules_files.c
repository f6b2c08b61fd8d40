#include "cfgparse/rules_tls.h"
/*
 * Files and folders that options name, and the configuration's own file, where
 * they are to be looked at. Only their names and rights: what is in a
 * certificate is the other checker's. A relative name is judged only where it
 * is known what it starts from.
 */
#include <errno.h>
#include <glob.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cfgparse/base/arena.h"
#include "cfgparse/base/file.h"
#include "cfgparse/cfg_rules.h"

/* --- names --- */

/* The path that the text means here, or NULL where that can't be known: marks
 * such as @HOME@, patterns, and names that start from elsewhere. */
static const char *
path_of(struct lint *lint, struct str text)
{
	if (!text.len || memchr(text.ptr, '\0', text.len) ||
	    memchr(text.ptr, '@', text.len) || memchr(text.ptr, '*', text.len))
		return NULL;
	if (text.ptr[0] == '/')
		return lint_text(lint, text);
	if (!lint->for_xmppd)
		return NULL;
	return arena_printf(
	    lint->arena, "%.*s%.*s", STR_ARG(lint->directory), STR_ARG(text));
}

struct certificates {
	struct lint *lint;
	struct map seen; /* paths */
};

/* Of Erlang's patterns those that are the shell's too; it has no certificate
 * where nothing matches, and says so in its log only. */
static void
check_pattern(struct lint *lint, const struct term *name, struct str text,
    const char *path)
{
	glob_t found;

	if (strpbrk(path, "{") || strstr(path, "**") ||
	    (text.ptr[0] != '/' && !lint->for_xmppd))
		return;
	int result = glob(path, GLOB_NOSORT, NULL, &found);
	if (result == 0)
		globfree(&found);
	if (result != GLOB_NOMATCH)
		return;
	struct finding *finding =
	    lint_report(lint, &cfg_rules[CFG_CERTIFICATE_UNREADABLE], name,
		"no file matches %s", path);
	finding_severity(finding, SEVERITY_WARNING);
	finding_subject(finding, path);
	finding_hint(finding, "correct the pattern, or put the certificates "
			      "there");
}

/* ejabberd's relative names count here too: there is no certificate by that
 * name beside the configuration. */
static void
check_certificate(struct certificates *files, const struct term *name)
{
	struct lint *lint = files->lint;
	struct str directory = lint->directory, text;
	char why[FILE_WHY_MAX];

	if (!model_word(name, &text) || !text.len ||
	    memchr(text.ptr, '\0', text.len))
		return;
	if (text.ptr[0] == '/')
		directory.len = 0;
	const char *path = arena_printf(
	    lint->arena, "%.*s%.*s", STR_ARG(directory), STR_ARG(text));
	if (map_put(&files->seen, str_of(path), files))
		return;
	if (strpbrk(path, "*?[{")) {
		check_pattern(lint, name, text, path);
		return;
	}
	if (file_readable(path, why))
		return;
	struct finding *finding =
	    lint_report(lint, &cfg_rules[CFG_CERTIFICATE_UNREADABLE], name,
		"the certificate file %s can't be read: %s", path, why);
	finding_subject(finding, path);
	finding_hint(finding,
	    "make one with 'xmpp-certgen self-signed --config %s'", lint->path);
}

static void
check_certificates(struct lint *lint)
{
	static const char *const names[] = { "certfiles", "s2s_certfile",
		"c2s_certfile", "domain_certfile" };
	const struct model *model = lint->model;
	struct certificates files = { .lint = lint };

	for (size_t i = 0; i < model->listener_count; i++) {
		const struct model_option *option =
		    model_option(&model->listeners[i].options, "certfile");
		if (option && option->value)
			check_certificate(&files, option->value);
	}
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const struct model_settings *all =
		    model_settings(model, names[i]);
		const struct model_setting *setting = all ? all->first : NULL;
		for (; setting; setting = setting->next) {
			const struct term *value = setting->option.value;
			if (value && value->kind != TERM_LIST)
				check_certificate(&files, value);
			for (size_t j = 0; value && value->kind == TERM_LIST &&
					   j < value->count;
			     j++)
				check_certificate(&files, &value->items[j]);
		}
	}
	map_fini(&files.seen);
}

/* --- other files --- */

static void
check_file(struct lint *lint, const struct term *at)
{
	char why[FILE_WHY_MAX];
	struct str text;

	if (!at || !model_word(at, &text))
		return;
	const char *path = path_of(lint, text);
	if (!path || file_readable(path, why))
		return;
	struct finding *finding = lint_report(lint, &tls_rules[FILE_MISSING],
	    at, "%s can't be read: %s", path, why);
	finding_hint(finding, "correct the path, or make the file readable "
			      "for the server");
}

static void
check_program(struct lint *lint, const struct term *at)
{
	struct str text;
	size_t len = 0;

	if (!at || !model_word(at, &text))
		return;
	/* What stands behind a blank are arguments. */
	while (len < text.len && text.ptr[len] != ' ')
		len++;
	text.len = len;
	const char *path = path_of(lint, text);
	if (!path || access(path, X_OK) == 0)
		return;
	const char *why = errno == EACCES   ? "it has no right to be executed"
			  : errno == ENOENT ? "there is no such file"
					    : "it can't be looked at";
	struct finding *finding =
	    lint_report(lint, &tls_rules[FILE_NOT_EXECUTABLE], at,
		"%s can't be run: %s", path, why);
	finding_hint(finding, "correct the path, or give it the right to be "
			      "executed (chmod +x)");
}

static void
check_folder(struct lint *lint, const struct term *at)
{
	struct stat status;
	struct str text;

	if (!at || !model_word(at, &text))
		return;
	const char *path = path_of(lint, text);
	if (!path || (stat(path, &status) == 0 && S_ISDIR(status.st_mode)))
		return;
	struct finding *finding = lint_report(lint, &tls_rules[FILE_NOT_FOLDER],
	    at, "there is no folder %s", path);
	finding_hint(finding, "make it, owned by the user of the server");
}

/* An option, and what kind of file it names. */
struct named {
	const char *module; /* NULL: at the top level */
	const char *option;
	void (*check)(struct lint *lint, const struct term *at);
};

static const struct named settings[] = {
	{ NULL, "captcha_cmd", check_program },
	{ NULL, "extauth_program", check_program },
	{ NULL, "c2s_dhfile", check_file },
	{ NULL, "s2s_dhfile", check_file },
	{ NULL, "c2s_cafile", check_file },
	{ NULL, "s2s_cafile", check_file },
	{ NULL, "ca_file", check_file },
	{ NULL, "ldap_tls_cacertfile", check_file },
	{ NULL, "ldap_tls_certfile", check_file },
	{ NULL, "sql_ssl_cafile", check_file },
	{ NULL, "sql_ssl_certfile", check_file },
	{ NULL, "queue_dir", check_folder },
};

static const struct named modules[] = {
	{ "mod_http_fileserver", "docroot", check_folder },
	{ "mod_invites", "templates_dir", check_folder },
	{ "mod_muc_log", "cssfile", check_file },
	{ "mod_vcard_ldap", "ldap_tls_cacertfile", check_file },
	{ "mod_shared_roster_ldap", "ldap_tls_cacertfile", check_file },
};

static void
check_modules(struct lint *lint)
{
	const struct model_module *module = lint->model->modules;

	for (; module; module = module->next) {
		for (size_t i = 0; i < sizeof modules / sizeof *modules; i++) {
			if (!str_is(module->name, modules[i].module))
				continue;
			const struct model_option *option =
			    model_option(&module->options, modules[i].option);
			if (option)
				modules[i].check(lint, option->value);
		}
	}
}

static void
check_settings(struct lint *lint)
{
	static const char *const files[] = { "dhfile", "cafile" };
	const struct model *model = lint->model;

	for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
		const struct model_settings *all =
		    model_settings(model, settings[i].option);
		const struct model_setting *s = all ? all->first : NULL;
		for (; s; s = s->next)
			settings[i].check(lint, s->option.value);
	}
	for (size_t i = 0; i < model->listener_count; i++) {
		for (size_t j = 0; j < sizeof files / sizeof *files; j++) {
			const struct model_option *option = model_option(
			    &model->listeners[i].options, files[j]);
			if (option)
				check_file(lint, option->value);
		}
	}
}

/* --- secrets --- */

/* The first option that holds a password, or NULL. */
static const struct term *
find_secret(const struct model *model)
{
	static const char *const names[] = { "sql_password", "odbc_password",
		"ldap_password", "redis_password", "riak_password" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const struct model_settings *all =
		    model_settings(model, names[i]);
		if (all)
			return all->first->option.key;
	}
	/* {odbc_server, {mysql, Host, Database, User, Password}} */
	const struct model_settings *odbc =
	    model_settings(model, "odbc_server");
	if (odbc && odbc->first->option.value &&
	    odbc->first->option.value->kind == TERM_TUPLE)
		return odbc->first->option.key;
	for (size_t i = 0; i < model->listener_count; i++) {
		const struct model_listener *listener = &model->listeners[i];
		const struct model_option *option =
		    model_option(&listener->options, "password");
		if (!option && str_is(listener->module, "ejabberd_service"))
			option = model_option(&listener->options, "hosts");
		if (option)
			return option->key;
	}
	return NULL;
}

static void
check_exposed(struct lint *lint)
{
	const struct term *secret = find_secret(lint->model);
	struct stat status;

	if (!secret)
		return;
	const char *path = secret->file->source->name;
	if (stat(path, &status) != 0 || !S_ISREG(status.st_mode) ||
	    !(status.st_mode & S_IROTH))
		return;
	struct finding *finding =
	    lint_report(lint, &tls_rules[FILE_EXPOSED], secret,
		"every user of this machine may read the password in %s", path);
	finding_hint(finding, "chmod o-rwx %s", path);
}

void
rules_files(struct lint *lint)
{
	check_certificates(lint);
	check_settings(lint);
	check_modules(lint);
	check_exposed(lint);
}
