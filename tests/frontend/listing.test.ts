import assert from "node:assert/strict";
import { test } from "node:test";
import { Listing } from "../../frontend/src/core/listing.ts";
import type { Report } from "../../frontend/src/core/report.ts";
import { compareKeys, sortKey } from "../../frontend/src/core/sort_key.ts";
import { aReport } from "./examples.ts";

const SIZE = 10;

function received(n: number, more: Partial<Report["properties"]> = {}): Report {
  const id = `${String(n).padStart(8, "0")}-0000-4000-8000-000000000000`;
  const at = new Date(Date.UTC(2016, 3, 16) + n * 1000).toISOString();
  return aReport(id, { received_at: at, ...more });
}

/** A server that sorts and pages as reports/orders.py does. */
class Server {
  readonly reports = new Map<string, Report>();
  readonly order: string;

  constructor(order: string, reports: readonly Report[]) {
    this.order = order;
    for (const report of reports) this.reports.set(report.id, report);
  }

  get sorted(): Report[] {
    const key = (report: Report) => sortKey(report, this.order);
    return [...this.reports.values()].sort((a, b) => compareKeys(key(a), key(b), this.order));
  }

  /** The cursor names the last report of the page before, as it was then. */
  page(cursor: string | null): { features: Report[]; cursor: string | null } {
    const after = cursor === null ? null : (JSON.parse(cursor) as Report);
    const rest = this.sorted.filter((report) => {
      const key = sortKey(report, this.order);
      return after === null || compareKeys(key, sortKey(after, this.order), this.order) > 0;
    });
    const features = rest.slice(0, SIZE);
    const full = features.length === SIZE;
    return { features, cursor: full ? JSON.stringify(features.at(-1)) : null };
  }
}

function read(listing: Listing, server: Server): void {
  const { features, cursor } = server.page(listing.next);
  listing.append(features, features.at(-1) ?? null, cursor);
}

function idsOf(listing: Listing): (string | null)[] {
  return Array.from({ length: listing.length }, (_, at) => listing.idAt(at));
}

const ORDERS = ["newest", "oldest", "severity", "due", "waiting"];
const SEVERITIES = ["critical", "serious", "moderate", "minor", "unknown"];
const STATUSES = ["received", "verified", "resolved"];

/** The same numbers each time. */
function chance(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

function changed(n: number, random: (below: number) => number): Report {
  return received(n, {
    severity: SEVERITIES[random(5)] ?? "",
    status: STATUSES[random(3)] ?? "",
    ...({ due_at: random(2) ? new Date(Date.UTC(2016, 3, 17, random(24))).toISOString() : null }),
  });
}

for (const order of ORDERS) {
  test(`pages and live changes make the server's list, by ${order}`, () => {
    for (let seed = 1; seed <= 20; seed++) {
      const random = chance(seed);
      const server = new Server(order, Array.from({ length: 60 }, (_, n) => changed(n, random)));
      const listing = new Listing(order);
      let next = 60;
      while (!listing.complete) {
        read(listing, server);
        for (let times = random(6); times > 0; times--) {
          const n = random(3) === 0 ? next++ : random(next);
          const report = changed(n, random);
          const isGone = random(5) === 0;
          if (isGone) server.reports.delete(report.id);
          else server.reports.set(report.id, report);
          listing.take(report, !isGone);
        }
      }
      assert.deepEqual(
        idsOf(listing),
        server.sorted.map((report) => report.id),
        `seed ${seed}`,
      );
    }
  });
}

test("what lies beyond the pages read comes with its page, not before", () => {
  const server = new Server("newest", Array.from({ length: 30 }, (_, n) => received(n)));
  const listing = new Listing("newest");
  read(listing, server);
  assert.equal(listing.take(received(5), true), false);
  assert.equal(listing.length, SIZE);
  assert.equal(listing.take(received(99), true), true);
  assert.equal(listing.indexOf(received(99).id), 0);
});

test("what was let go of is read again from the start of its page", () => {
  const server = new Server("newest", Array.from({ length: 30 }, (_, n) => received(n)));
  const listing = new Listing("newest");
  for (let page = 0; page < 3; page++) read(listing, server);
  assert.equal(listing.startOf(3), null);
  const again = server.page(listing.startOf(15)).features.map((report) => report.id);
  assert.equal(again.includes(listing.idAt(15) as string), true);
});

/** As the page does while a row in sight is not at hand; how many pages that took. */
function fetchRow(listing: Listing, server: Server, id: string): number {
  for (let pages = 1; pages <= 10; pages++) {
    const from = listing.startOf(listing.indexOf(id));
    const { features, cursor } = server.page(from);
    listing.refill(from, features, features.at(-1) ?? null, cursor);
    if (features.some((report) => report.id === id) || listing.indexOf(id) === -1) return pages;
  }
  throw new Error("never comes");
}

test("what was let go of comes again however many have come in above it", () => {
  const server = new Server("newest", Array.from({ length: 30 }, (_, n) => received(n)));
  const listing = new Listing("newest");
  for (let page = 0; page < 2; page++) read(listing, server);
  for (let n = 30; n < 65; n++) {
    server.reports.set(received(n).id, received(n));
    listing.take(received(n), true);
  }
  assert.equal(fetchRow(listing, server, received(25).id), 4);
  assert.equal(fetchRow(listing, server, received(12).id), 1);
  assert.equal(listing.length, 55);
});

test("what the server does not know any more leaves with its page", () => {
  const server = new Server("newest", Array.from({ length: 30 }, (_, n) => received(n)));
  const listing = new Listing("newest");
  for (let page = 0; page < 3; page++) read(listing, server);
  for (const n of [19, 15, 10]) server.reports.delete(received(n).id);
  fetchRow(listing, server, received(15).id);
  assert.equal(listing.indexOf(received(15).id), -1);
  // the page reached beyond its old end, as three were missing
  assert.equal(listing.indexOf(received(10).id), -1);
  assert.equal(listing.length, 27);
});

for (const order of ORDERS) {
  test(`pages read again make the server's list, by ${order}`, () => {
    for (let seed = 1; seed <= 8; seed++) {
      const random = chance(seed);
      const server = new Server(order, Array.from({ length: 60 }, (_, n) => changed(n, random)));
      const listing = new Listing(order);
      for (let page = 0; page < 1 + random(7); page++) if (!listing.complete) read(listing, server);
      for (let n = 60; n < 100; n++) {
        const [came, gone] = [changed(n, random), received(random(n)).id];
        server.reports.set(came.id, came);
        listing.take(came, true);
        // nobody tells of it
        if (random(2)) server.reports.delete(gone);
        if (listing.length > 0) {
          fetchRow(listing, server, listing.idAt(random(listing.length)) as string);
        }
      }
      while (!listing.complete) read(listing, server);
      for (const report of idsOf(listing)) {
        if (listing.indexOf(report as string) !== -1) fetchRow(listing, server, report as string);
      }
      assert.deepEqual(
        idsOf(listing),
        server.sorted.map((report) => report.id),
        `seed ${seed}`,
      );
    }
  });
}

test("two of the same millisecond stand as the server's microseconds say", () => {
  const [early, late] = [
    aReport("b", { received_at: "2016-04-16T00:00:00.123400+09:00" }),
    aReport("a", { received_at: "2016-04-16T00:00:00.123456+09:00" }),
  ];
  const listing = new Listing("newest");
  listing.append([early, late], early, null);
  assert.deepEqual(idsOf(listing), ["a", "b"]);
});
