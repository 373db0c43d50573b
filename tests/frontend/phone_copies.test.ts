import "../../frontend/node_modules/fake-indexeddb/auto/index.mjs";
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import type { Report } from "../../frontend/src/core/report.ts";
import { Box } from "../../frontend/src/outbox/box.ts";
import { Layers, MOST_FEATURES } from "../../frontend/src/phone/around/layers.ts";
import { ReportsCopy } from "../../frontend/src/phone/around/reports_copy.ts";
import { aReport } from "./examples.ts";

const SLUG = "kumamoto-2016";
let boxes: Box[] = [];
let incident = 0;

afterEach(() => {
  for (const box of boxes) box.close();
  boxes = [];
});

/** A service that answers what it was told to, and remembers what it was asked. */
class Host {
  readonly box = new Box();
  readonly asked: string[] = [];
  readonly answers: [RegExp, unknown][] = [];
  clock = 1_000_000;

  constructor() {
    boxes.push(this.box);
  }

  say(path: RegExp, answer: unknown): void {
    this.answers.unshift([path, answer]);
  }

  async get<T>(path: string): Promise<T> {
    this.asked.push(path);
    const found = this.answers.find(([pattern]) => pattern.test(path));
    if (!found) throw new TypeError(`no answer for ${path}`);
    return found[1] as T;
  }

  now(): number {
    return this.clock;
  }
}

/** Each test its own incident: the database is one. */
function another(): string {
  incident += 1;
  return `${SLUG}-${incident}`;
}

const page = (features: readonly Report[], more: object = {}) => ({
  epoch: "e1",
  head: 7,
  cursor: null,
  features,
  ...more,
});

const frame = (more: object = {}) => ({
  epoch: "e1",
  audience: "field",
  from: 7,
  to: 9,
  head: 9,
  items: [],
  gone: [],
  more: false,
  ...more,
});

const item = (report: Report, seq = 8) => ({ kind: "report", id: report.id, seq, feature: report });
const ids = (copy: ReportsCopy) => copy.reports.value.map((report) => report.id).sort();

test("the copy is there again after the page was closed, with its age, without any network", async () => {
  const [host, slug] = [new Host(), another()];
  host.say(/reports/, page([aReport("a"), aReport("b")]));
  await new ReportsCopy(host, slug).refresh();

  const later = new Host();
  const copy = new ReportsCopy(later, slug);
  await copy.ready;
  assert.deepEqual(ids(copy), ["a", "b"]);
  assert.equal(copy.asOf.value, 1_000_000);
  await assert.rejects(copy.refresh());
  assert.deepEqual(ids(copy), ["a", "b"]);
  assert.equal(copy.asOf.value, 1_000_000);
});

test("afterwards only what changed is asked for: new, changed, gone", async () => {
  const [host, slug] = [new Host(), another()];
  host.say(/reports/, page([aReport("a"), aReport("b")]));
  const copy = new ReportsCopy(host, slug);
  await copy.refresh();
  const changed = aReport("a", { status: "verified" });
  const gone = [{ kind: "report", id: "b", seq: 9 }];
  host.say(
    /changes\?since=7&epoch=e1/,
    frame({ items: [item(aReport("c")), item(changed)], gone }),
  );
  host.clock += 5_000;
  await copy.refresh();
  assert.deepEqual(ids(copy), ["a", "c"]);
  assert.equal(copy.get("a")?.properties.status, "verified");
  assert.equal(copy.asOf.value, 1_005_000);
  host.say(/changes\?since=9/, frame({ from: 9, to: 9 }));
  await copy.refresh();
  assert.equal(host.asked.filter((path) => path.includes("/reports")).length, 1);

  const again = new ReportsCopy(new Host(), slug);
  await again.ready;
  assert.deepEqual(ids(again), ["a", "c"]);
});

test("a feed that was renewed, or of another audience, is another copy", async () => {
  for (const other of [{ reset: true }, { epoch: "e2" }, { audience: "public" }]) {
    const [host, slug] = [new Host(), another()];
    host.say(/reports/, page([aReport("a"), aReport("b")]));
    const copy = new ReportsCopy(host, slug);
    await copy.refresh();
    host.say(/changes/, frame());
    await copy.refresh();
    host.say(/reports/, page([aReport("z")]));
    host.say(/changes/, frame(other));
    await copy.refresh();
    assert.deepEqual(ids(copy), ["z"]);
    const again = new ReportsCopy(new Host(), slug);
    await again.ready;
    assert.deepEqual(ids(again), ["z"]);
  }
});

test("a long list comes in pieces, and the newest 2,000 are enough", async () => {
  const [host, slug] = [new Host(), another()];
  const many = (from: number) => Array.from({ length: 500 }, (_, n) => aReport(`r${from + n}`));
  for (let at = 4; at >= 1; at--) {
    const answer = page(many(at * 500), { cursor: `c${at + 1}` });
    host.say(new RegExp(`cursor=c${at}$`), answer);
  }
  host.say(/reports\?limit=500$/, page(many(0), { cursor: "c1" }));
  const copy = new ReportsCopy(host, slug);
  await copy.refresh();
  assert.equal(copy.reports.value.length, 2_000);
  assert.equal(copy.cut.value, true);
  assert.equal(host.asked.length, 4);
});

test("layers that changed are told, and what cannot be read is ignored", async () => {
  const [host, slug] = [new Host(), another()];
  host.say(/reports/, page([{ nothing: true } as unknown as Report]));
  const copy = new ReportsCopy(host, slug);
  await copy.refresh();
  const kinds: string[] = [];
  copy.heard((items) => kinds.push(...items.map((one) => one.kind)));
  const items = [
    { kind: "feature", id: "x/1", seq: 8 },
    { kind: "report", id: "odd", seq: 8 },
  ];
  host.say(/changes/, frame({ items, gone: [{ kind: "layer", id: "y", seq: 9 }] }));
  await copy.refresh();
  assert.deepEqual(kinds, ["feature", "layer"]);
  assert.deepEqual(ids(copy), []);
});

const layer = (slug: string, more: object = {}) => ({
  slug,
  title: slug,
  kind: "shelter",
  version: 1,
  seq: 5,
  feature_count: 1,
  ...more,
});
const features = (...names: string[]) => ({
  type: "FeatureCollection",
  features: names.map((id) => ({ type: "Feature", id, geometry: null, properties: { name: id } })),
});

test("a layer is read once, and again only when its version or position moved", async () => {
  const [host, slug] = [new Host(), another()];
  host.say(/^layers\?incident=/, { items: [layer("a"), layer("pictures", { kind: "imagery" })] });
  host.say(/^layers\/a\/features/, features("one"));
  const layers = new Layers(host, slug, null);
  await layers.refresh();
  await layers.refresh();
  const reads = () => host.asked.filter((path) => path.includes("/features")).length;
  assert.equal(reads(), 1);
  assert.equal(layers.facility("a", "one")?.feature.properties.name, "one");
  host.say(/^layers\?incident=/, { items: [layer("a", { seq: 6 })] });
  host.say(/^layers\/a\/features/, features("one", "two"));
  await layers.refresh();
  assert.equal(reads(), 2);
  assert.equal(layers.places().length, 2);

  const again = new Layers(new Host(), slug, null);
  await again.ready;
  assert.equal(again.facility("a", "two")?.info.seq, 6);
});

test("a layer that is no longer shown to this phone is forgotten", async () => {
  const [host, slug] = [new Host(), another()];
  host.say(/^layers\?incident=/, { items: [layer("a")] });
  host.say(/features/, features("one"));
  const layers = new Layers(host, slug, null);
  await layers.refresh();
  host.say(/^layers\?incident=/, { items: [] });
  await layers.refresh();
  const again = new Layers(new Host(), slug, null);
  await again.ready;
  assert.deepEqual([layers.places(), again.places()], [[], []]);
});

test("of a layer too large for a phone only the incident's area is asked for", async () => {
  const [host, slug] = [new Host(), another()];
  const large = layer("large", { feature_count: MOST_FEATURES + 1 });
  host.say(/^layers\?incident=/, { items: [layer("small"), large] });
  host.say(/features/, features("one"));
  const layers = new Layers(host, slug, [130, 32, 131, 33]);
  await layers.refresh();
  const boxed = host.asked.filter((path) => path.includes("bbox=130%2C32%2C131%2C33"));
  assert.equal(boxed.length, 1);
  assert.ok(boxed[0]?.includes("/large/"));
  const copy = layers.copies.value.find(({ info }) => info.slug === "large");
  assert.equal(copy?.total, MOST_FEATURES + 1);
});

test("what is to be forgotten is not there at the next start either", async () => {
  const [host, slug] = [new Host(), another()];
  host.say(/reports/, page([aReport("a")]));
  host.say(/^layers\?incident=/, { items: [layer("a")] });
  host.say(/features/, features("one"));
  const [reports, layers] = [new ReportsCopy(host, slug), new Layers(host, slug, null)];
  await reports.refresh();
  await layers.refresh();
  await reports.forget();
  await layers.forget();
  const [copy, copies] = [new ReportsCopy(new Host(), slug), new Layers(new Host(), slug, null)];
  await Promise.all([copy.ready, copies.ready]);
  assert.deepEqual([ids(copy), copy.asOf.value, copies.places()], [[], null, []]);
});
