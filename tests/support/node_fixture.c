#include "tests/support/node_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cfgparse/cfg.h"
#include "cfgparse/findings.h"
#include "server/base/log.h"
#include "server/store/store.h"

static void
die(const char *what)
{
	fprintf(stderr, "node_fixture: %s\n", what);
	abort();
}

static struct cfg *
load(const char *text)
{
	struct findings *findings = findings_create("test");
	struct findings_options render = { .fail_on = SEVERITY_ERROR };
	struct cfg *cfg = NULL;

	if (!cfg_load_text("test.cfg", str_of(text), NULL, findings, &cfg)) {
		findings_render(findings, &render, stderr);
		die("the configuration is refused");
	}
	findings_destroy(&findings);
	return cfg;
}

void
node_fixture_open(struct node_fixture *fixture, const char *text,
    unsigned shards, size_t channel_parcels)
{
	const char *tmp = getenv("TMPDIR");
	struct node_settings settings = { .name = "test@localhost",
		.shards = shards,
		.channel_parcels = channel_parcels };
	char *why = NULL;

	memset(fixture, 0, sizeof(*fixture));
	snprintf(fixture->dir, sizeof(fixture->dir), "%s/nodeXXXXXX",
	    tmp && strlen(tmp) < 40 ? tmp : "/tmp");
	if (!mkdtemp(fixture->dir))
		die("no temporary directory");
	log_set_level(LEVEL_ERROR);
	fixture->cfg = load(text);
	fixture->backend = store_sqlite_open(fixture->dir, &why);
	if (!fixture->backend)
		die(why);
	settings.cfg = fixture->cfg;
	settings.backend = fixture->backend;
	fixture->node = node_create(&settings);
}

static void
start(void *arg, struct shard *shard)
{
	struct node_fixture *fixture = arg;

	fixture->on_start(fixture->arg, shard);
}

static void
nothing(void *arg, struct shard *shard)
{
	(void)arg;
	(void)shard;
}

static bool
is_empty(void *arg, struct shard *shard)
{
	(void)arg;
	(void)shard;
	return true;
}

void
node_fixture_run(struct node_fixture *fixture,
    void (*on_start)(void *arg, struct shard *shard), void *arg)
{
	struct node_ports ports = { fixture, start, nothing, nothing,
		is_empty };

	fixture->on_start = on_start;
	fixture->arg = arg;
	node_run(fixture->node, &ports);
}

void
node_fixture_close(struct node_fixture *fixture)
{
	static const char *const files[] = { "xmppd.db", "xmppd.db-wal",
		"xmppd.db-shm" };
	char path[128];

	node_destroy(&fixture->node);
	store_backend_close(&fixture->backend);
	cfg_destroy(&fixture->cfg);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", fixture->dir, files[i]);
		unlink(path);
	}
	rmdir(fixture->dir);
}
