#include "tests/support/sasl_client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "cfgparse/base/base64.h"

static const EVP_MD *
digest(const struct sasl_client *client)
{
	return client->sha256 ? EVP_sha256() : EVP_sha1();
}

static int
size_of(const struct sasl_client *client)
{
	return client->sha256 ? 32 : 20;
}

static void
hmac(const struct sasl_client *client, const unsigned char *key,
    const char *text, size_t len, unsigned char *out)
{
	HMAC(digest(client), key, size_of(client), (const unsigned char *)text,
	    len, out, NULL);
}

void
sasl_client_first(struct sasl_client *client, struct buf *out)
{
	buf_printf(
	    &client->first_bare, "n=%s,r=%s", client->user, client->nonce);
	buf_puts(out, client->gs2);
	buf_add(out, buf_str(&client->first_bare));
}

static void
write_proof(struct sasl_client *client, struct buf *out)
{
	unsigned char key[32], stored[32], signature[32];
	int size = size_of(client);

	hmac(client, client->salted, "Client Key", 10, key);
	EVP_Digest(key, (size_t)size, stored, NULL, digest(client), NULL);
	hmac(client, stored, buf_text(&client->auth_message),
	    client->auth_message.len, signature);
	for (int i = 0; i < size; i++)
		key[i] ^= signature[i];
	base64_encode(out, key, (size_t)size);
}

bool
sasl_client_final(
    struct sasl_client *client, struct str challenge, struct buf *out)
{
	char text[1024], nonce[800], salt[100];
	unsigned iterations;
	struct buf bytes = { 0 }, final = { 0 }, binding = { 0 };

	snprintf(text, sizeof(text), "%.*s", STR_ARG(challenge));
	if (sscanf(text, "r=%799[^,],s=%99[^,],i=%u", nonce, salt,
		&iterations) != 3 ||
	    strncmp(nonce, client->nonce, strlen(client->nonce)) != 0 ||
	    !base64_decode(str_of(salt), 64, &bytes))
		return false;
	PKCS5_PBKDF2_HMAC(client->password, (int)strlen(client->password),
	    (unsigned char *)bytes.data, (int)bytes.len, (int)iterations,
	    digest(client), size_of(client), client->salted);
	buf_puts(&binding, client->gs2);
	buf_add(&binding, client->binding);
	buf_puts(&final, "c=");
	base64_encode(&final, buf_text(&binding), binding.len);
	buf_printf(&final, ",r=%s", nonce);
	buf_add(&client->auth_message, buf_str(&client->first_bare));
	buf_putc(&client->auth_message, ',');
	buf_add(&client->auth_message, challenge);
	buf_putc(&client->auth_message, ',');
	buf_add(&client->auth_message, buf_str(&final));
	buf_add(out, buf_str(&final));
	buf_puts(out, ",p=");
	write_proof(client, out);
	buf_fini(&bytes);
	buf_fini(&final);
	buf_fini(&binding);
	return true;
}

bool
sasl_client_verify(struct sasl_client *client, struct str success)
{
	unsigned char key[32], signature[32];
	struct buf wanted = { 0 };
	bool same;

	hmac(client, client->salted, "Server Key", 10, key);
	hmac(client, key, buf_text(&client->auth_message),
	    client->auth_message.len, signature);
	buf_puts(&wanted, "v=");
	base64_encode(&wanted, signature, (size_t)size_of(client));
	same = str_eq(buf_str(&wanted), success);
	buf_fini(&wanted);
	return same;
}

void
sasl_client_fini(struct sasl_client *client)
{
	buf_fini(&client->first_bare);
	buf_fini(&client->auth_message);
}
