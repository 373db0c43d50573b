import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Updates } from "../../frontend/src/phone/frame/update.ts";

class Worker extends EventTarget {
  state = "installing";
  readonly told: unknown[] = [];

  postMessage(message: unknown): void {
    this.told.push(message);
  }

  become(state: string): void {
    this.state = state;
    this.dispatchEvent(new Event("statechange"));
  }
}

/** The browser's side of one page: what the test lets happen. */
class Browser extends EventTarget {
  controller: Worker | null = null;
  readonly registration = Object.assign(new EventTarget(), {
    installing: null as Worker | null,
    waiting: null as Worker | null,
    active: null as Worker | null,
    update: async () => {},
  });
  reloads = 0;

  async register() {
    return this.registration;
  }

  find(worker: Worker): void {
    this.registration.installing = worker;
    this.registration.dispatchEvent(new Event("updatefound"));
  }

  install(worker: Worker): void {
    this.registration.installing = null;
    this.registration.waiting = worker;
    worker.become("installed");
  }

  takeOver(worker: Worker): void {
    this.registration.waiting = null;
    this.registration.active = worker;
    this.controller = worker;
    this.dispatchEvent(new Event("controllerchange"));
  }
}

let browser: Browser;
let unsent = false;

beforeEach(() => {
  browser = new Browser();
  unsent = false;
  provide("navigator", { serviceWorker: browser });
  provide("location", { reload: () => browser.reloads++ });
  provide("document", { getElementById: () => null });
});

function provide(name: string, value: unknown): void {
  Object.defineProperty(globalThis, name, { value, configurable: true });
}

function visitedBefore(): void {
  const worker = new Worker();
  browser.registration.active = worker;
  browser.controller = worker;
}

async function opened(): Promise<Updates> {
  const updates = new Updates({
    build: "one",
    worker: "/m/sw.js",
    scope: "/m/",
    unsent: async () => unsent,
  });
  await updates.start();
  return updates;
}

async function withNewVersion(): Promise<[Updates, Worker]> {
  visitedBefore();
  const updates = await opened();
  const next = new Worker();
  browser.find(next);
  browser.install(next);
  return [updates, next];
}

test("the first worker is no news and reloads nothing", async () => {
  const updates = await opened();
  const first = new Worker();
  browser.find(first);
  browser.install(first);
  browser.takeOver(first);
  assert.equal(updates.waiting.value, false);
  assert.equal(browser.reloads, 0);
});

test("a second one is told when it is installed, not before", async () => {
  visitedBefore();
  const updates = await opened();
  const next = new Worker();
  browser.find(next);
  assert.equal(updates.waiting.value, false);
  browser.install(next);
  assert.equal(updates.waiting.value, true);
  assert.deepEqual(next.told, []);
});

test("one that waited already at the start is told", async () => {
  visitedBefore();
  browser.registration.waiting = new Worker();
  assert.equal((await opened()).waiting.value, true);
});

test("it is not taken while something is unsent", async () => {
  const [updates, next] = await withNewVersion();
  unsent = true;
  assert.equal(await updates.apply(), false);
  assert.deepEqual(next.told, []);
  unsent = false;
  assert.equal(await updates.apply(), true);
  assert.deepEqual(next.told, [{ type: "SKIP_WAITING" }]);
});

test("taking it reloads once", async () => {
  const [updates, next] = await withNewVersion();
  await updates.apply();
  browser.takeOver(next);
  browser.takeOver(next);
  assert.equal(browser.reloads, 1);
});

test("a tab whose version was replaced by another tab goes along", async () => {
  const [, next] = await withNewVersion();
  browser.takeOver(next);
  assert.equal(browser.reloads, 1);
});

test("the same build, or none told, is no news", async () => {
  const updates = await opened();
  await updates.seen("one");
  await updates.seen("");
  assert.equal(updates.waiting.value, false);
});

test("another build asks for its worker", async () => {
  visitedBefore();
  const updates = await opened();
  let asked = 0;
  browser.registration.update = async () => {
    asked++;
    browser.find(new Worker());
  };
  await updates.seen("two");
  assert.equal(asked, 1);
  assert.equal(updates.waiting.value, false, "only once it is installed");
});

test("a page that was left behind by its own worker is offered a reload", async () => {
  visitedBefore();
  const updates = await opened();
  await updates.seen("two");
  assert.equal(updates.waiting.value, true);
  await updates.apply();
  assert.equal(browser.reloads, 1);
});

test("no network while asking: the next answer asks again", async () => {
  visitedBefore();
  const updates = await opened();
  browser.registration.update = async () => {
    throw new TypeError("offline");
  };
  await updates.seen("two");
  assert.equal(updates.waiting.value, false);
});

test("where workers are not to be had a reload brings the new version", async () => {
  provide("navigator", {});
  const updates = await opened();
  await updates.seen("two");
  assert.equal(updates.waiting.value, true);
  await updates.apply();
  assert.equal(browser.reloads, 1);
});
