import assert from "node:assert/strict";
import { test } from "node:test";
import { KeptLayers, type LayerReading } from "../../frontend/src/core/kept_layers.ts";
import type { LayerFeature, LayerInfo } from "../../frontend/src/core/layer.ts";

const PAUSES = { every: 2, afterFailure: 2 };
const rest = (ms = 30) => new Promise((resolve) => setTimeout(resolve, ms));

function feature(id: string, name = id): LayerFeature {
  const properties = { layer: "water", feature_id: id, name };
  return { type: "Feature", id, geometry: null, properties };
}

const info = (slug: string, kind = "water"): LayerInfo => ({ slug, title: slug, kind });

function told(id: string, seq: number, name = id, slug = "water") {
  return { kind: "feature", id: `${slug}/${id}`, seq, version: 1, feature: feature(id, name) };
}

const layer = (slug: string, seq: number, kind = "water") => {
  return { kind: "layer", id: slug, seq, version: 1, feature: info(slug, kind) };
};

/** A server that answers when it is told to. */
class Server {
  infos = [info("water"), info("news", "notice")];
  reading: LayerReading = { features: [feature("a")], seq: 10, matched: 1 };
  asked = 0;
  atOnce = 0;
  most = 0;
  failures = 0;
  hold: Promise<unknown> = Promise.resolve();
  shown: string[] = [];
  readonly told: string[] = [];

  readonly kept = new KeptLayers(
    {
      list: async () => this.infos,
      wants: (kind) => kind === "water",
      read: () => this.read(),
    },
    {
      read: (layers) => {
        this.shown = layers.flatMap(({ contents }) =>
          contents.all.map((one) => one.properties.name ?? ""),
        );
      },
      told: (_, { id, feature }) => this.told.push(feature ? id : `-${id}`),
    },
    PAUSES,
  );

  private async read(): Promise<LayerReading> {
    this.asked += 1;
    this.atOnce += 1;
    this.most = Math.max(this.most, this.atOnce);
    const { reading } = this;
    await this.hold;
    await rest(1);
    this.atOnce -= 1;
    if (this.failures > 0) {
      this.failures -= 1;
      throw new Error("no network");
    }
    return reading;
  }
}

test("what the feed tells during a reading is not overwritten by it", async () => {
  const server = new Server();
  await server.kept.begin();
  server.reading = { features: [feature("a", "old")], seq: 11, matched: 1 };
  server.kept.changed([layer("water", 11)]);
  await rest(0);
  server.kept.changed([told("a", 12, "newer")]);
  await rest();
  assert.deepEqual(server.shown, ["newer"]);
});

test("nor during the very first one", async () => {
  const server = new Server();
  const begun = server.kept.begin();
  server.kept.changed([told("a", 12, "newer"), told("b", 13)]);
  assert.deepEqual(server.told, [], "nothing is drawn that has not been read");
  await begun;
  assert.deepEqual(server.shown.sort(), ["b", "newer"]);
});

test("a reading that failed says so and is made again", async () => {
  const server = new Server();
  await server.kept.begin();
  server.failures = 1;
  server.reading = { features: [feature("b")], seq: 12, matched: 1 };
  const said: boolean[] = [];
  server.kept.behind.changed((behind) => said.push(behind));
  server.kept.changed([layer("water", 12)]);
  await rest();
  assert.deepEqual([server.shown, said], [["b"], [true, false]]);
});

test("the first one that failed is told to who asked for it", async () => {
  const server = new Server();
  server.failures = 1;
  await assert.rejects(server.kept.begin());
  await server.kept.begin();
  assert.deepEqual(server.shown, ["a"]);
});

test("never two readings at once, and only of layers that are wanted", async () => {
  const server = new Server();
  const begun = server.kept.begin();
  for (let seq = 11; seq < 20; seq += 1) server.kept.changed([layer("water", seq)]);
  await begun;
  await rest();
  assert.equal(server.most, 1);
  assert.ok(server.asked <= 3, "rings are answered together");
  const { asked } = server;
  server.kept.changed([layer("news", 21, "notice")]);
  await rest();
  assert.equal(server.asked, asked);
});

test("a reading of the feed that was does not come in after it has begun again", async () => {
  const server = new Server();
  await server.kept.begin();
  let go = (): void => undefined;
  server.hold = new Promise<void>((resolve) => {
    go = resolve;
  });
  server.reading = { features: [feature("old")], seq: 900, matched: 1 };
  server.kept.changed([layer("water", 900)]);
  await rest(5);
  server.reading = { features: [feature("new")], seq: 1, matched: 1 };
  const begun = server.kept.begin();
  server.kept.changed([told("x", 2)]);
  go();
  await begun;
  assert.deepEqual(server.shown.sort(), ["new", "x"]);
});

test("a layer that was withdrawn is gone", async () => {
  const server = new Server();
  await server.kept.begin();
  server.infos = [];
  server.kept.changed([{ kind: "layer", id: "water", seq: 12 }]);
  await rest();
  assert.deepEqual(server.shown, []);
});
