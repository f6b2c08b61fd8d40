#include "certgen/pem_trial.h"

#include "cfgparse/base/arena.h"
#include "cfgparse/base/buf.h"
#include "cfgparse/base/terminal.h"

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/objects.h>
#include <openssl/x509.h>

#include <stdarg.h>

/* Most files are without a finding and need no text for excerpts. */
static const struct source *
source_of(struct pem_trial *trial)
{
	if (!trial->source) {
		struct source *source =
		    arena_alloc(trial->arena, sizeof(*source));

		source->name =
		    arena_strdup(trial->arena, trial->pem->source.name);
		source->text = pem_excerpts(trial->arena, trial->pem);
		trial->source = source;
	}
	return trial->source;
}

static struct span
place(struct pem_trial *trial, const struct pem_block *block)
{
	struct span span = { 0 };

	if (block && !trial->demand->live)
		span = pem_span(trial->pem, block);
	span.source = source_of(trial);
	return span;
}

static struct finding *
add(struct pem_trial *trial, enum cert_rule rule, const struct span *span,
    const char *message, va_list args)
{
	struct finding *finding = finding_add_args(
	    trial->findings, &certgen_rules[rule], span, message, args);

	if (trial->demand->named)
		finding_related(finding, trial->demand->named, "named here");
	return finding;
}

struct finding *
trial_find(struct pem_trial *trial, enum cert_rule rule,
    const struct pem_block *block, const char *message, ...)
{
	struct span span = place(trial, block);
	struct finding *finding;
	va_list args;

	va_start(args, message);
	finding = add(trial, rule, &span, message, args);
	va_end(args);
	return finding;
}

struct finding *
trial_find_line(struct pem_trial *trial, enum cert_rule rule, uint32_t line,
    const char *message, ...)
{
	struct span span = { source_of(trial), { line, 1 }, { line, 1 } };
	struct finding *finding;
	va_list args;

	va_start(args, message);
	finding = add(trial, rule, &span, message, args);
	va_end(args);
	return finding;
}

void
trial_related(struct pem_trial *trial, struct finding *finding,
    const struct pem_block *block, const char *message)
{
	struct span span = place(trial, block);

	finding_related(finding, &span, "%s", message);
}

void
trial_soften(const struct pem_trial *trial, struct finding *finding)
{
	if (trial->demand->starting)
		finding_severity(finding, SEVERITY_WARNING);
}

const char *
trial_shown(struct pem_trial *trial, struct str text)
{
	struct buf buf = { 0 };
	const char *out;

	terminal_escape(&buf, text);
	out = arena_strdup(trial->scratch, buf_text(&buf));
	buf_fini(&buf);
	return out;
}

static const char *
whole_name(struct pem_trial *trial, const X509_NAME *name)
{
	BIO *bio = BIO_new(BIO_s_mem());
	const char *out = "";
	char *text;
	long len;

	if (bio && X509_NAME_print_ex(bio, name, 0,
		       XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) > 0) {
		len = BIO_get_mem_data(bio, &text);
		out = trial_shown(trial, (struct str){ text, (size_t)len });
	}
	BIO_free(bio);
	return out;
}

const char *
trial_name(struct pem_trial *trial, const X509_NAME *name)
{
	int at = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
	unsigned char *text = NULL;
	const char *out;
	int len;

	if (at < 0)
		return whole_name(trial, name);
	len = ASN1_STRING_to_UTF8(
	    &text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
	if (len < 0)
		return whole_name(trial, name);
	out = trial_shown(trial, (struct str){ (char *)text, (size_t)len });
	OPENSSL_free(text);
	return out;
}

const char *
trial_day(struct pem_trial *trial, const ASN1_TIME *time)
{
	struct tm tm;

	if (!ASN1_TIME_to_tm(time, &tm))
		return "an unreadable date";
	return arena_printf(trial->scratch, "%04d-%02d-%02d %02d:%02d UTC",
	    tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
	    tm.tm_min);
}
