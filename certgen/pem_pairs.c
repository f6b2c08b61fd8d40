#include "certgen/pem_pairs.h"

#include "certgen/pem.h"
#include "cfgparse/base/arena.h"
#include "cfgparse/base/map.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

/* What a file lacks. */
enum lack { LACKS_NOTHING, LACKS_KEY, LACKS_CERTIFICATE };

static bool
has(const struct pem *pem, enum pem_kind kind)
{
	return pem_first(pem, kind) != NULL;
}

static enum lack
look(const char *path)
{
	enum lack lack = LACKS_NOTHING;
	struct arena scratch = { 0 };
	struct pem *pem;
	bool key;

	if (pem_open_text(&scratch, path, &pem) == PEM_READ) {
		key = has(pem, PEM_KEY) || has(pem, PEM_KEY_ENCRYPTED);
		if (has(pem, PEM_CERTIFICATE) && !key)
			lack = LACKS_KEY;
		else if (has(pem, PEM_KEY) && !has(pem, PEM_CERTIFICATE))
			lack = LACKS_CERTIFICATE;
		pem_close(&pem);
	}
	arena_fini(&scratch);
	return lack;
}

/* The public half of the first certificate or key; empty where there is
 * none. */
static struct str
half_of(struct arena *arena, const char *path)
{
	struct arena scratch = { 0 };
	unsigned char *bytes = NULL;
	const struct pem_block *block;
	struct str half = { 0 };
	struct pem *pem;
	int len = 0;

	if (pem_open(&scratch, path, &pem) == PEM_READ) {
		block = pem_first(pem, PEM_CERTIFICATE);
		if (block && block->cert) {
			len = i2d_PUBKEY(X509_get0_pubkey(block->cert), &bytes);
		} else if (!block) {
			block = pem_first(pem, PEM_KEY);
			if (block && block->key)
				len = i2d_PUBKEY(block->key, &bytes);
		}
		pem_close(&pem);
	}
	if (len > 0)
		half = arena_str(
		    arena, (struct str){ (char *)bytes, (size_t)len });
	OPENSSL_free(bytes);
	ERR_clear_error();
	arena_fini(&scratch);
	return half;
}

static void
join(struct pem_pair *pair, struct pem_pair *key)
{
	pair->key = key->path;
	key->spare = true;
}

void
pem_pairs_find(struct arena *arena, struct pem_pair *pairs, size_t count)
{
	enum lack *lacks = arena_array(arena, count + 1, sizeof(*lacks));
	struct pem_pair *bare = NULL, *keys = NULL, *key;
	size_t bare_count = 0, key_count = 0, i;
	struct map by_half = { 0 };
	struct str half;

	for (i = 0; i < count; i++) {
		lacks[i] = look(pairs[i].path);
		bare_count += lacks[i] == LACKS_KEY;
		key_count += lacks[i] == LACKS_CERTIFICATE;
	}
	for (i = 0; bare_count > 0 && i < count; i++) {
		if (lacks[i] != LACKS_CERTIFICATE)
			continue;
		keys = &pairs[i];
		half = half_of(arena, pairs[i].path);
		if (half.len)
			map_put(&by_half, half, &pairs[i]);
	}
	for (i = 0; key_count > 0 && i < count; i++) {
		if (lacks[i] != LACKS_KEY)
			continue;
		bare = &pairs[i];
		half = half_of(arena, pairs[i].path);
		key = half.len ? map_get(&by_half, half) : NULL;
		if (key)
			join(&pairs[i], key);
	}
	map_fini(&by_half);
	if (bare_count == 1 && key_count == 1 && !bare->key)
		join(bare, keys);
}
