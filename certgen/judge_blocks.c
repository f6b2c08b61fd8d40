#include "certgen/pem_trial.h"
/*
 * The text of the file and its blocks: what readers of PEM stumble over, and
 * what has no business there.
 */
#include "certgen/der.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <string.h>

static void
judge_text(struct pem_trial *trial)
{
	const struct pem *pem = trial->pem;
	bool shared = false; /* then lines of its blocks are outside too */
	size_t i;

	for (i = 0; i < pem->count; i++)
		shared = shared || pem->blocks[i].shares_line;
	if (pem->byte_order && pem->hidden_line)
		finding_hint(
		    trial_find_line(trial, CERT_HIDDEN_BLOCK, pem->hidden_line,
			"an invisible byte order mark before this BEGIN line "
			"hides its block"),
		    "remove it: xmpp-certgen check --fix does");
	else if (pem->hidden_line && pem->runs_on)
		finding_hint(
		    trial_find_line(trial, CERT_HIDDEN_BLOCK, pem->hidden_line,
			"this BEGIN line goes on behind its dashes, which "
			"hides its block"),
		    "begin a new line there: xmpp-certgen check --fix does");
	else if (pem->hidden_line)
		finding_hint(
		    trial_find_line(trial, CERT_HIDDEN_BLOCK, pem->hidden_line,
			"this BEGIN line has something before its dashes, "
			"which hides its block"),
		    "let the dashes begin the line: xmpp-certgen check --fix "
		    "does");
	if (pem->crlf_line)
		finding_hint(trial_find_line(trial, CERT_CRLF, pem->crlf_line,
				 "the file's lines end in CR LF"),
		    "xmpp-certgen check --fix takes the CR away");
	if (pem->text_line && !pem->hidden_line && !shared && pem->count > 0)
		finding_hint(
		    trial_find_line(trial, CERT_TEXT_AROUND, pem->text_line,
			"there is text outside of the PEM blocks"),
		    "xmpp-certgen check --fix leaves it out");
}

/* DHParameter (PKCS#3): the prime comes first. */
static void
judge_parameters(struct pem_trial *trial, const struct pem_block *block)
{
	struct der_item prime;
	struct finding *finding;
	struct str body;
	size_t bits = 0;

	if (der_whole_is(block->der, DER_SEQUENCE, &body) &&
	    der_next_is(&body, DER_INTEGER, &prime)) {
		while (prime.body.len && !*prime.body.ptr)
			prime.body.ptr++, prime.body.len--;
		bits = prime.body.len * 8;
	}
	finding = trial_find(trial, CERT_DH_PARAMETERS, block,
	    "the file holds Diffie-Hellman parameters%s",
	    bits > 0 && bits < 2048 ? " of less than 2048 bits" : "");
	if (bits > 0 && bits < 2048)
		finding_severity(finding, SEVERITY_WARNING);
	finding_hint(finding, "remove them; ejabberd's option for a file of "
			      "their own is dhfile");
}

static bool
is_dh(struct str label)
{
	return str_is(label, "DH PARAMETERS") ||
	       str_is(label, "X9.42 DH PARAMETERS");
}

static void
judge_other(struct pem_trial *trial, const struct pem_block *block)
{
	const char *label = trial_shown(trial, block->label);

	if (is_dh(block->label)) {
		judge_parameters(trial, block);
		return;
	}
	finding_hint(trial_find(trial, CERT_OTHER_BLOCK, block,
			 "servers have no use for the %s block", label),
	    str_is(block->label, "CERTIFICATE REQUEST") ||
		    str_is(block->label, "NEW CERTIFICATE REQUEST")
		? "put the certificate that the authority made from the "
		  "request in its place"
		: "remove it: xmpp-certgen check --fix does");
}

static void
judge_block(struct pem_trial *trial, const struct pem_block *block)
{
	const char *label = trial_shown(trial, block->label);

	if (block->shares_line)
		finding_hint(
		    trial_find(trial, CERT_SHARED_LINE, block,
			"the END line of the %s block has something behind it",
			label),
		    "begin a new line there: xmpp-certgen check --fix does");
	else if (!block->complete)
		finding_hint(
		    trial_find(trial, CERT_BROKEN_BLOCK, block,
			"the %s block has no END line of its own", label),
		    "copy it anew from where it came; this one was cut");
	else if ((block->kind == PEM_CERTIFICATE && !block->cert) ||
		 (block == trial->key && !trial->key_readable) ||
		 (block->kind != PEM_OTHER && block->der.len == 0))
		finding_hint(trial_find(trial, CERT_BROKEN_BLOCK, block,
				 "the %s block can't be decoded", label),
		    "copy it anew from where it came; this one was changed "
		    "on the way");
	else if (block->kind == PEM_OTHER)
		judge_other(trial, block);
}

static void
judge_form(struct pem_trial *trial)
{
	const char *form = "DER", *how = "openssl x509 -inform DER";
	struct str body = trial->pem->bytes;
	struct der_item whole, first;

	/* PFX (RFC 7292) begins with its version, 3. */
	if (der_next_is(&body, DER_SEQUENCE, &whole) &&
	    der_next_is(&whole.body, DER_INTEGER, &first) &&
	    first.body.len == 1 && first.body.ptr[0] == 3) {
		form = "PKCS#12";
		how = "openssl pkcs12 -nodes";
	}
	finding_hint(trial_find(trial, CERT_NOT_PEM, NULL,
			 "the file is %s and not PEM", form),
	    "convert it: xmpp-certgen check --fix, or %s", how);
}

static void
judge_presence(struct pem_trial *trial)
{
	const struct pem *pem = trial->pem;
	const struct pem_block *locked = pem_first(pem, PEM_KEY_ENCRYPTED);
	const struct pem_block *key = pem_first(pem, PEM_KEY);

	if (!pem_first(pem, PEM_CERTIFICATE))
		finding_hint(trial_find(trial, CERT_NO_CERTIFICATE, NULL,
				 "the file holds no certificate"),
		    "put the server's certificate first, then its chain, then "
		    "the private key: xmpp-certgen join does");
	if (locked && (!key || locked < key))
		finding_hint(trial_find(trial, CERT_KEY_ENCRYPTED, locked,
				 "the private key is encrypted"),
		    "take the passphrase away: xmpp-certgen check --fix "
		    "--passphrase-file FILE");
	else if (!key && !trial->demand->live)
		finding_hint(trial_find(trial, CERT_NO_KEY, NULL,
				 "the file holds no private key"),
		    "add the key that the certificate was made for: "
		    "xmpp-certgen join does");
}

void
judge_blocks(struct pem_trial *trial)
{
	const struct pem *pem = trial->pem;
	size_t i;

	if (pem->binary && pem->count == 0) {
		judge_form(trial);
		return;
	}
	judge_text(trial);
	for (i = 0; i < pem->count; i++)
		judge_block(trial, &pem->blocks[i]);
	judge_presence(trial);
}
