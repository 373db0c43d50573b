import assert from "node:assert/strict";
import { test } from "node:test";
import { Feed } from "../../frontend/src/core/feed.ts";
import { isReport } from "../../frontend/src/core/report.ts";
import { Store } from "../../frontend/src/core/store.ts";
import { EPOCH, example } from "./examples.ts";
import { FakeHost, frame, heartbeat, reportItem, settle } from "./fake_host.ts";

async function follow(head = 10) {
  const host = new FakeHost();
  const store = new Store("report", isReport);
  const stand = { epoch: EPOCH, head, snapshots: 0 };
  const feed = new Feed(host, {
    audience: "hq",
    apply: (items, gone) => void store.apply(items, gone),
    snapshot: async () => {
      stand.snapshots += 1;
      return { epoch: stand.epoch, head: stand.head };
    },
  });
  await feed.start();
  await settle();
  host.socket.handlers.opened();
  await settle();
  // it asked once, to know as whom the socket is heard
  assert.deepEqual(host.asked.splice(0), [head]);
  host.say(heartbeat(head));
  return { host, store, feed, stand };
}

test("it opens at the snapshot's head and is live", async () => {
  const { host, feed } = await follow(10);
  assert.equal(host.socket.since, 10);
  assert.equal(host.socket.epoch, EPOCH);
  assert.deepEqual(feed.status.value, { kind: "live" });
});

test("the example frames of every kind move the cursor", async () => {
  const { host, feed, store } = await follow(41);
  for (const name of ["report", "report_gone", "layer", "feature", "incident", "note", "empty"]) {
    host.say(example(name));
  }
  assert.equal(feed.position.cursor, 57);
  assert.equal(store.size, 0);
  assert.deepEqual(host.asked, []);
});

test("a frame that overlaps is applied, and twice is harmless", async () => {
  const { host, feed, store } = await follow(10);
  host.say(frame(8, 12, [reportItem(11), reportItem(12)]));
  host.say(frame(8, 12, [reportItem(11), reportItem(12)]));
  assert.equal(store.size, 2);
  assert.equal(feed.position.cursor, 12);
});

test("a gap is fetched before anything after it counts", async () => {
  const { host, feed, store } = await follow(10);
  const items = [11, 12, 13].map(reportItem);
  host.answer = (since) => frame(since, 13, items);
  host.say(frame(12, 13, [reportItem(13)]));
  await settle();
  assert.deepEqual(host.asked, [10]);
  assert.equal(store.size, 3);
  assert.equal(feed.position.cursor, 13);
});

test("a long gap is read page by page to its end", async () => {
  const { host, feed } = await follow(0);
  host.answer = (since) => ({ ...frame(since, since + 100, [], since < 400), head: 500 });
  host.say(frame(300, 301));
  await settle();
  assert.deepEqual(host.asked, [0, 100, 200, 300, 400]);
  assert.equal(feed.position.cursor, 500);
});

test("a head seen for 10 s without its frames is fetched", async () => {
  const { host, feed } = await follow(10);
  host.say(heartbeat(14));
  await host.pass(9_000);
  assert.deepEqual(host.asked, []);
  host.answer = (since) => frame(since, 14);
  await host.pass(2_000);
  assert.deepEqual(host.asked, [10]);
  assert.equal(feed.position.cursor, 14);
});

test("a doorbell is for a device's own lane: here it asks nothing and proves nothing", async () => {
  const { host, feed } = await follow(10);
  host.say({ doorbell: true });
  await settle();
  assert.deepEqual(host.asked, []);
  assert.equal(feed.position.cursor, 10);
});

test("40 s without a heartbeat: reconnect from the cursor", async () => {
  const { host } = await follow(10);
  host.say(frame(10, 12));
  host.answer = () => {
    throw new TypeError("offline");
  };
  await host.pass(42_000);
  assert.equal(host.attempts[0]?.open, false);
  assert.equal(host.attempts.length >= 2, true);
  assert.equal(host.attempts[1]?.since, 12);
});

test("words of an old socket are not heard any more", async () => {
  const { host, feed } = await follow(10);
  const old = host.socket;
  host.close(1006);
  old.handlers.message(JSON.stringify(frame(10, 99)));
  assert.equal(feed.position.cursor, 10);
});

test("live, then late with the seconds, then stale since the last proof", async () => {
  const { host, feed } = await follow(10);
  const since = host.now();
  host.answer = () => {
    throw new TypeError("offline");
  };
  host.close(1006);
  await host.pass(9_000);
  assert.deepEqual(feed.status.value, { kind: "late", seconds: 9 });
  await host.pass(40_000);
  assert.deepEqual(feed.status.value, { kind: "stale", since });
});

test("where sockets are blocked, polling keeps the page live", async () => {
  const { host, feed, store } = await follow(10);
  host.answer = (since) => (since < 11 ? frame(since, 11, [reportItem(11)]) : frame(since, since));
  for (let second = 0; second < 60; second += 1) {
    host.close(1006);
    await host.pass(1_000);
  }
  assert.equal(store.size, 1);
  assert.deepEqual(feed.status.value, { kind: "live" });
  assert.equal(host.asked.length <= 14, true, `${host.asked.length} polls in a minute`);
});

test("waiting doubles from 0.5 s to 30 s", async () => {
  const { host } = await follow(10);
  host.answer = () => {
    throw new TypeError("offline");
  };
  const waits: number[] = [];
  for (let attempt = 0; attempt < 9; attempt += 1) {
    const [before, since] = [host.attempts.length, host.now()];
    host.close(1006);
    while (host.attempts.length === before) await host.pass(100);
    waits.push(host.now() - since);
  }
  assert.deepEqual(waits, [500, 1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000]);
});

test("the network's return is not waited for", async () => {
  const { host, feed } = await follow(10);
  feed.lost();
  assert.notDeepEqual(feed.status.value, { kind: "live" });
  const before = host.attempts.length;
  feed.wake();
  assert.equal(host.attempts.length, before + 1);
});

for (const code of [1006, 1001, 4008]) {
  test(`closed with ${code}: resume where we were`, async () => {
    const { host, stand } = await follow(10);
    host.say(frame(10, 15));
    host.close(code);
    await host.pass(600);
    assert.equal(host.socket.since, 15);
    assert.equal(stand.snapshots, 1);
  });
}

for (const [code, why] of [
  [4401, "signed_out"],
  [4403, "forbidden"],
] as const) {
  test(`closed with ${code}: say so, and do not knock every second`, async () => {
    const { host, feed } = await follow(10);
    host.close(code);
    assert.deepEqual(feed.status.value, { kind: "refused", why });
    await host.pass(29_000);
    assert.equal(host.attempts.length, 1);
    assert.deepEqual(host.asked, []);
    await host.pass(2_000);
    assert.equal(host.attempts.length, 2);
  });
}

for (const [audience, why] of [
  ["public", "signed_out"],
  ["partner", "forbidden"],
] as const) {
  const refused = { kind: "refused", why };
  const foreign = (since: number) => ({ ...frame(since, 12, [reportItem(11)]), audience });

  test(`a frame for ${audience} is not ours: refused, not applied`, async () => {
    const { host, feed, store } = await follow(10);
    host.say(foreign(10));
    assert.deepEqual(feed.status.value, refused);
    assert.deepEqual([store.size, feed.position.cursor, host.socket.open], [0, 10, false]);
  });

  test(`a heartbeat for ${audience} ends the trust`, async () => {
    const { host, feed } = await follow(10);
    host.say({ ...heartbeat(10), audience });
    assert.deepEqual(feed.status.value, refused);
  });

  test(`a socket that opens as ${audience} is noticed before its first word`, async () => {
    const { host, feed, store } = await follow(10);
    host.close(1006);
    host.answer = foreign;
    await host.pass(600);
    host.socket.handlers.opened();
    await settle();
    assert.deepEqual(feed.status.value, refused);
    assert.equal(store.size, 0);
  });

  test(`a poll answered for ${audience} is refused, and signing in again is found`, async () => {
    const { host, feed, store } = await follow(10);
    feed.lost();
    host.answer = foreign;
    await host.pass(6_000);
    assert.deepEqual([feed.status.value, store.size], [refused, 0]);
    host.answer = (since) => ({ ...frame(since, 12, [reportItem(11)]), audience: "hq" });
    await host.pass(30_000);
    host.socket.handlers.opened();
    await settle();
    assert.deepEqual([feed.status.value, store.size], [{ kind: "live" }, 1]);
  });
}

test("a reset for the public does not empty the desk of who was signed out", async () => {
  const { host, feed, stand } = await follow(10);
  host.say({ ...example("reset"), audience: "public" });
  await settle();
  assert.equal(stand.snapshots, 1);
  assert.deepEqual(feed.status.value, { kind: "refused", why: "signed_out" });
});

test("an open socket is not live until something proves it", async () => {
  const { host, feed } = await follow(10);
  host.answer = () => {
    throw new TypeError("offline");
  };
  host.close(1006);
  await host.pass(600);
  host.socket.handlers.opened();
  await host.pass(1_000);
  assert.equal(feed.status.value.kind, "late");
  host.say(heartbeat(10));
  assert.deepEqual(feed.status.value, { kind: "live" });
});

test("4400, reset and another epoch: a fresh snapshot, never a guess", async () => {
  for (const upset of [
    (host: FakeHost) => host.close(4400),
    (host: FakeHost) => host.say(example("reset")),
    (host: FakeHost) => host.say(heartbeat(3, "another-epoch")),
  ]) {
    const { host, feed, stand } = await follow(10);
    Object.assign(stand, { epoch: "another-epoch", head: 3 });
    upset(host);
    await settle();
    assert.equal(stand.snapshots, 2);
    assert.deepEqual([host.socket.since, host.socket.epoch], [3, "another-epoch"]);
    assert.equal(feed.position.cursor, 3);
  }
});

test("a frame that cannot be read is asked for over HTTP", async () => {
  const { host } = await follow(10);
  host.socket.handlers.message('{"epoch":');
  await settle();
  assert.deepEqual(host.asked, [10]);
});

test("state before + changes == fresh state, with frames lost, doubled and out of order", async () => {
  const { host, store, feed } = await follow(0);
  const all = Array.from({ length: 50 }, (_, i) => reportItem(i + 1));
  host.answer = (since) => frame(since, 50, all.slice(since));
  for (const n of [3, 1, 1, 7, 30, 8, 50, 2]) host.say(frame(n - 1, n, [all[n - 1] as never]));
  await settle();
  assert.equal(feed.position.cursor, 50);
  assert.deepEqual(new Set(store.all().map((r) => r.id)), new Set(all.map((i) => i.id)));
});
