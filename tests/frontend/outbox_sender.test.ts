import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { Box } from "../../frontend/src/outbox/box.ts";
import { type ReportEntry, UNSENT } from "../../frontend/src/outbox/entry.ts";
import {
  bytes,
  Clock,
  drain,
  edit,
  json,
  NOON,
  newBox,
  only,
  photo,
  report,
  Service,
} from "./outbox_builders.ts";

let box: Box;

beforeEach(async () => {
  box = await newBox();
});
// an open channel to other tabs would keep this process alive
afterEach(() => box.close());

async function addWithPhoto(id: string, text = "eleven byte", more: Partial<ReportEntry> = {}) {
  const picture = photo(`p${id}`, { size: text.length, preview: UNSENT });
  const entry = report(id, { photos: [picture], ...more });
  await box.add(entry, new Map([[picture.id, bytes(text)]]));
  await box.keepPreview(picture.id, bytes("small"));
}

test("a report with a photo arrives in three lanes and is sent then, not before", async () => {
  const service = new Service();
  await addWithPhoto("a");
  const { wait } = await drain(box, service.answer);
  assert.deepEqual(service.order, ["words a", "preview pa", "original pa"]);
  const entry = (await only(box)) as ReportEntry;
  assert.equal(entry.folder, "sent");
  assert.equal(entry.receipt, "AB2CD3");
  assert.equal(wait, null);
  assert.equal(await box.bytes("pa", "original"), undefined);
  assert.notEqual(await box.bytes("pa", "preview"), undefined);
});

test("the words of ten reports go before the first original", async () => {
  const service = new Service();
  for (let n = 0; n < 10; n += 1) await addWithPhoto(String(n), "eleven byte", { createdAt: n });
  await drain(box, service.answer);
  const first = service.order.findIndex((one) => one.startsWith("original"));
  const words = service.order.filter((one) => one.startsWith("words"));
  assert.equal(words.length, 10);
  assert.ok(service.order.lastIndexOf(words.at(-1) as string) < first);
});

test("every try says the same word for word, only its own time is new", async () => {
  await addWithPhoto("a");
  const clock = new Clock();
  const first = await drain(box, () => Response.error(), { clock });
  clock.now += 3_600_000;
  await box.change<ReportEntry>("a", (entry) => ({
    ...entry,
    content: { ...entry.content, comment: "later thought" },
  }));
  const service = new Service();
  const second = await drain(box, service.answer, { clock });
  const [one, two] = [first.asked[0], second.asked[0]].map((asked) =>
    JSON.parse(String(asked?.body)),
  );
  assert.notEqual(one.sent_at, two.sent_at);
  assert.deepEqual({ ...one, sent_at: 0 }, { ...two, sent_at: 0 });
});

const LIES: Record<string, () => Response> = {
  "200 in HTML (a login page)": () =>
    new Response("<html>", { headers: { "Content-Type": "text/html" } }),
  "200 in JSON about something else": () => json({ id: "other", properties: { photos: [] } }),
  "200 that names other bytes": () =>
    json({ id: "a", properties: { photos: [{ id: "pa", sha256: "00" }] } }),
  "200 without a body": () => new Response(null, { status: 200 }),
  "204": () => new Response(null, { status: 204 }),
  "a redirect": () =>
    ({
      ...Response.error(),
      type: "opaqueredirect",
      status: 0,
      headers: new Headers(),
    }) as Response,
  "302 as it is": () =>
    new Response(null, { status: 302, headers: { Location: "http://portal/" } }),
  "403 of a proxy": () => new Response("no", { status: 403 }),
  "413 of a proxy": () => new Response("too large", { status: 413 }),
  "511 network authentication required": () => new Response("", { status: 511 }),
  "500": () => new Response("oops", { status: 500 }),
  "503": () => json({ code: "busy", detail: "Later." }, 503, { "Retry-After": "10" }),
  "429": () => json({ code: "too_many_tries", detail: "Later." }, 429, { "Retry-After": "30" }),
  "a time-out": () => {
    throw new DOMException("late", "TimeoutError");
  },
  "a cut socket": () => {
    throw new TypeError("Failed to fetch");
  },
  "cut JSON": () => new Response('{"id":"a', { headers: { "Content-Type": "application/json" } }),
};

for (const [name, lie] of Object.entries(LIES)) {
  test(`nothing leaves the outbox on ${name}`, async () => {
    await addWithPhoto("a");
    const { wait } = await drain(box, lie);
    const entry = (await only(box)) as ReportEntry;
    assert.equal(entry.folder, "waiting");
    assert.equal(entry.words.state, "waiting");
    assert.ok(entry.words.why?.code);
    assert.notEqual(await box.bytes("pa", "original"), undefined);
    assert.ok(wait !== null && wait > 0);
    const service = new Service();
    const clock = new Clock();
    clock.now += 3_600_000;
    await drain(box, service.answer, { clock });
    assert.equal((await only(box)).folder, "sent");
    assert.equal(service.reports.size, 1);
  });
}

test("a refusal marks that one, and the others go on", async () => {
  const service = new Service();
  await box.add(report("bad", { createdAt: 1 }));
  await box.add(report("good", { createdAt: 2 }));
  await drain(box, (asked) =>
    asked.path.endsWith("bad")
      ? json({ code: "incident_closed", detail: "This incident is closed." }, 409)
      : service.answer(asked),
  );
  const [bad, good] = (await box.entries()).sort((a, b) => a.createdAt - b.createdAt);
  assert.equal(bad?.words.state, "attention");
  assert.equal(bad?.words.why?.code, "incident_closed");
  assert.equal(bad?.folder, "waiting");
  assert.equal(good?.folder, "sent");
});

test("a revoked phone keeps everything and asks no further", async () => {
  await addWithPhoto("a");
  await addWithPhoto("b");
  const { asked } = await drain(box, () =>
    json({ code: "token_invalid", detail: "Unknown." }, 401),
  );
  assert.equal(asked.length, 1);
  assert.equal((await box.entries()).filter((entry) => entry.folder === "waiting").length, 2);
});

test("Retry-After is honoured for everything, also by the next drain", async () => {
  await addWithPhoto("a");
  const clock = new Clock();
  const busy = () => json({ code: "busy", detail: "Later." }, 503, { "Retry-After": "60" });
  await drain(box, busy, { clock });
  const { asked, wait } = await drain(box, busy, { clock, freshSince: clock.now + 1 });
  assert.equal(asked.length, 0);
  assert.equal(wait, 60_000);
});

test("a full disk lets pictures wait while words go on", async () => {
  const service = new Service();
  await addWithPhoto("a", "eleven byte", { createdAt: 1 });
  await drain(box, service.answer, { originals: false });
  await box.add(report("b", { createdAt: 2 }));
  const clock = new Clock();
  clock.now += 1;
  const full = json({ code: "disk_full", detail: "Full." }, 507, {
    "Retry-After": "10",
    "Tus-Resumable": "1.0.0",
  });
  await drain(box, (asked) => (asked.method === "POST" ? full : service.answer(asked)), { clock });
  assert.ok(service.reports.has("b"));
  const entry = (await box.entry("a")) as ReportEntry;
  assert.equal(entry.photos[0]?.original.why?.code, "disk_full");
  assert.equal(entry.photos[0]?.original.state, "waiting");
});

test("an original goes on where it was cut, after a new start of the browser", async () => {
  const service = new Service();
  const large = "x".repeat(300 * 1024);
  await addWithPhoto("a", large);
  let patches = 0;
  await drain(box, (asked) => {
    if (asked.method === "PATCH" && ++patches === 2) throw new TypeError("cut");
    return service.answer(asked);
  });
  const cut = (await box.entry("a")) as ReportEntry;
  assert.equal(cut.photos[0]?.uploaded, 128 * 1024);
  box.close();
  box = new Box();
  const clock = new Clock();
  clock.now += 3_600_000;
  const { asked } = await drain(box, service.answer, { clock });
  const sent = asked.filter((one) => one.method === "PATCH");
  const again = sent.reduce((sum, one) => sum + (one.body as ArrayBuffer).byteLength, 0);
  assert.equal(asked[0]?.method, "HEAD");
  assert.equal(again, large.length - 128 * 1024);
  assert.equal(service.uploads.size, 1);
  assert.equal((await only(box)).folder, "sent");
});

test("an upload that the service has forgotten begins anew", async () => {
  const service = new Service();
  const gone = photo("pa", { sha256: null, upload: "/api/v1/uploads/gone", uploaded: 5 });
  await box.add(report("a", { photos: [gone] }), new Map([["pa", bytes("eleven byte")]]));
  await drain(box, service.answer);
  assert.equal((await only(box)).folder, "sent");
});

test("an original is not believed before its receipt", async () => {
  const service = new Service();
  await addWithPhoto("a");
  await drain(box, (asked) =>
    asked.method === "GET"
      ? json({ id: "pa", sha256: "00", state: "stored" })
      : service.answer(asked),
  );
  const entry = (await only(box)) as ReportEntry;
  assert.equal(entry.folder, "waiting");
  assert.notEqual(await box.bytes("pa", "original"), undefined);
});

test("words that come meanwhile go before the rest of an original", async () => {
  const service = new Service();
  await addWithPhoto("a", "x".repeat(600 * 1024));
  const order: string[] = [];
  let patches = 0;
  await drain(box, async (asked) => {
    order.push(`${asked.method} ${asked.path.split("/")[3]}`);
    if (asked.method === "PATCH" && ++patches === 1)
      await box.add(report("b", { createdAt: NOON + 1 }));
    return service.answer(asked);
  });
  const words = order.lastIndexOf("PUT reports");
  assert.equal(order.indexOf("PATCH uploads"), words - 1);
  assert.ok(order.lastIndexOf("PATCH uploads") > words);
});

test("a Location elsewhere is not followed", async () => {
  await addWithPhoto("a");
  const service = new Service();
  const { asked } = await drain(box, (one) => {
    if (one.method !== "POST") return service.answer(one);
    const headers = { "Tus-Resumable": "1.0.0", Location: "https://elsewhere.example/steal" };
    return new Response(null, { status: 201, headers });
  });
  assert.ok(asked.every((one) => one.path.startsWith("/api/v1/")));
});

test("an edit is gone when the service has named what it changes", async () => {
  await box.addEdit(edit("e", "r"));
  await drain(box, () => json({ id: "other" }));
  assert.equal((await box.edits()).length, 1);
  const clock = new Clock();
  clock.now += 3_600_000;
  await drain(box, () => json({ id: "r" }), { clock });
  assert.equal((await box.edits()).length, 0);
});

test("a picture whose bytes are lost stays marked, and the words go without it", async () => {
  const service = new Service();
  await box.add(report("a", { photos: [photo("pa")] }));
  await drain(box, service.answer);
  const entry = (await only(box)) as ReportEntry;
  assert.deepEqual(service.reports.get("a")?.photos, []);
  assert.equal(entry.words.state, "done");
  assert.equal(entry.folder, "waiting");
  assert.equal(entry.photos[0]?.original.why?.code, "bytes_gone");
});

test("while nobody answers everything rests, and the oldest still goes first", async () => {
  const service = new Service();
  const clock = new Clock();
  for (const n of [1, 2, 3]) await box.add(report(`r${n}`, { createdAt: n }));
  const cut = () => {
    throw new TypeError("cut");
  };
  const first = await drain(box, cut, { clock });
  assert.equal(first.asked.length, 1);
  clock.now += 500;
  const second = await drain(box, cut, { clock });
  assert.equal(second.asked.length, 0);
  assert.ok(second.wait !== null && second.wait > 0);
  clock.now += 60_000;
  await drain(box, service.answer, { clock });
  assert.deepEqual(service.order, ["words r1", "words r2", "words r3"]);
});

test("what meets silence again and again does not hold up the others for ever", async () => {
  const service = new Service();
  const clock = new Clock();
  await box.add(report("poison", { createdAt: 1 }));
  await box.add(report("good", { createdAt: 2 }));
  for (let n = 0; n < 40; n += 1) {
    const { wait } = await drain(
      box,
      (asked) => {
        if (asked.path.endsWith("poison")) throw new TypeError("cut");
        return service.answer(asked);
      },
      { clock },
    );
    clock.now += wait ?? 0;
  }
  assert.deepEqual(service.order, ["words good"]);
});
