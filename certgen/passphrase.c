#include "certgen/passphrase.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <stdio.h>
#include <string.h>

static bool
read_file(
    const char *path, char out[PASSPHRASE_MAX + 1], char why[FILE_WHY_MAX])
{
	struct buf text = { 0 };
	bool done = false;
	size_t len;

	/* No growing on the way: that would leave copies. */
	buf_reserve(&text, 4 * PASSPHRASE_MAX);
	if (file_read(path, PASSPHRASE_MAX, &text, why)) {
		len = strcspn(buf_text(&text), "\r\n");
		memcpy(out, buf_text(&text), len);
		out[len] = '\0';
		done = len > 0;
		if (!done)
			snprintf(why, FILE_WHY_MAX, "its first line is empty");
	}
	buf_wipe(&text);
	return done;
}

bool
passphrase_read(const struct passphrase_source *source,
    char out[PASSPHRASE_MAX + 1], char why[FILE_WHY_MAX])
{
	out[0] = '\0';
	if (source->file)
		return read_file(source->file, out, why);
	if (source->ask && EVP_read_pw_string(out, PASSPHRASE_MAX,
			       "Passphrase of the key: ", 0) != 0) {
		snprintf(why, FILE_WHY_MAX, "there is no terminal to ask on");
		return false;
	}
	return true;
}

void
passphrase_wipe(char passphrase[PASSPHRASE_MAX + 1])
{
	OPENSSL_cleanse(passphrase, PASSPHRASE_MAX + 1);
}
