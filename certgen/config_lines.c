#include "certgen/config_update.h"
/* The lines that name a PEM, in the language of the configuration. */
#include "certgen/hosts.h"
#include "cfgparse/base/arena.h"
#include "cfgparse/base/buf.h"
#include "cfgparse/findings.h"
#include "cfgparse/lint.h"
#include "cfgparse/model.h"
#include "cfgparse/terms.h"
#include "cfgparse/yaml_print.h"

#include <limits.h>
#include <unistd.h>

const char *
config_update_path(struct arena *arena, const char *path)
{
	char directory[PATH_MAX];

	if (path[0] == '/')
		return path;
	if (!getcwd(directory, sizeof(directory)))
		return NULL;
	return arena_printf(arena, "%s/%s", directory, path);
}

static void
put_text(struct buf *out, bool yaml, const char *text)
{
	const struct term term = { .kind = TERM_STRING, .text = str_of(text) };

	if (yaml)
		yaml_print_text(out, term.text, true);
	else
		terms_dump(out, &term, false);
}

static void
put_yaml(struct buf *out, const struct config_pem *pem)
{
	buf_puts(out, "# at the top level\ncertfiles:\n  - ");
	put_text(out, true, pem->path);
	if (pem->key) {
		buf_puts(out, "\n  - ");
		put_text(out, true, pem->key);
	}
	buf_puts(out, "\n");
}

static void
put_terms(struct buf *out, const struct config_pem *pem)
{
	const char *host =
	    pem->hosts && pem->hosts->count ? pem->hosts->items[0].name : NULL;

	if (pem->key) {
		buf_puts(out, "%% Erlang terms name one file for both: make it "
			      "without --separate\n");
		return;
	}
	buf_puts(out, "%% among the options of each listener with starttls or "
		      "tls\n{certfile, ");
	put_text(out, false, pem->path);
	buf_puts(out, "}\n%% at the top level, for other servers\n"
		      "{s2s_certfile, ");
	put_text(out, false, pem->path);
	buf_puts(out, "}.\n");
	if (!host)
		return;
	buf_puts(out, "%% or at the top level, for one host alone\n"
		      "{domain_certfile, ");
	put_text(out, false, host);
	buf_puts(out, ", ");
	put_text(out, false, pem->path);
	buf_puts(out, "}.\n");
}

void
config_update_print(
    enum cfg_dialect dialect, const struct config_pem *pem, FILE *out)
{
	struct buf text = { 0 };

	if (dialect == CFG_DIALECT_YAML)
		put_yaml(&text, pem);
	else
		put_terms(&text, pem);
	fwrite(buf_text(&text), 1, text.len, out);
	buf_fini(&text);
}

static void
on_read(void *context, struct lint *lint)
{
	enum cfg_dialect *dialect = context;

	*dialect = lint->model->yaml ? CFG_DIALECT_YAML : CFG_DIALECT_TERMS;
}

enum cfg_dialect
config_update_dialect(const char *config)
{
	enum cfg_dialect dialect = CFG_DIALECT_NONE;
	struct cfg_load_options load = { .look = on_read,
		.look_context = &dialect };
	struct findings *findings = findings_create("xmpp-certgen");

	cfg_load(config, &load, findings, NULL);
	findings_destroy(&findings);
	return dialect;
}
