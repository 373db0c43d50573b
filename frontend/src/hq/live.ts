/** The live feed in a browser: sockets, HTTP and the clock behind the core's FeedHost. */

import { type Api, Problem } from "../core/api.ts";
import { Feed, type FeedHost, type SocketHandlers } from "../core/feed.ts";
import { checkMessage, type Frame, FrameError, type Gone, type Item } from "../core/frames.ts";
import type { Report } from "../core/report.ts";
import type { Desk } from "./desk.ts";
import type { PageData } from "./page_data.ts";

interface Snapshot {
  readonly epoch: string;
  readonly head: number;
  readonly cursor?: string | null;
  readonly features: readonly Report[];
}

/** One request's worth of reports; the server may give less, never more. */
const PAGE_SIZE = 2_000;

export function follow(desk: Desk, onOthers: (changes: readonly (Item | Gone)[]) => void): Feed {
  const feed = new Feed(browserHost(desk.page, desk.api), {
    audience: desk.page.audience,
    apply: (items, gone) => {
      const change = desk.store.apply(items, gone);
      desk.newcomers.arrived(change.added);
      desk.newcomers.gone(change.removed);
      onOthers([...items, ...gone].filter((change) => change.kind !== "report"));
    },
    snapshot: () => loadSnapshot(desk),
  });
  listenToBrowser(feed);
  void feed.start();
  return feed;
}

function listenToBrowser(feed: Feed): void {
  window.addEventListener("online", () => feed.wake());
  window.addEventListener("offline", () => feed.lost());
  window.addEventListener("pageshow", () => feed.wake());
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) feed.wake();
  });
}

/** All reports page by page; the first page's head is the cursor, what comes later repeats. */
async function loadSnapshot(desk: Desk): Promise<{ epoch: string; head: number }> {
  await checkAudience(desk.page, desk.api);
  const first = await readPage(desk, null);
  const features = [...first.features];
  for (let next = first.cursor; next; ) {
    const page = await readPage(desk, next);
    features.push(...page.features);
    next = page.cursor;
  }
  const change = desk.store.replace(features.map(asItem));
  desk.newcomers.open(desk.store.all());
  desk.newcomers.gone(change.removed);
  return { epoch: first.epoch, head: first.head };
}

// A list of reports, unlike a frame, does not say for whom it was made. The public's would empty
// the desk of somebody whose session has ended.
async function checkAudience(page: PageData, api: Api): Promise<void> {
  const state = await api.get<{ readonly audience: string }>(page.urls.state);
  if (state.audience === page.audience) return;
  throw new Problem(401, { code: "not_signed_in", title: state.audience });
}

function readPage(desk: Desk, cursor: string | null): Promise<Snapshot> {
  const query = new URLSearchParams({ limit: String(PAGE_SIZE), ...(cursor && { cursor }) });
  return desk.api.get<Snapshot>(`${desk.page.urls.reports}?${query}`);
}

export function asItem(feature: Report): Item {
  const { seq, version } = feature.properties;
  return { kind: "report", id: feature.id, seq, version, feature };
}

function browserHost(page: PageData, api: Api): FeedHost {
  return {
    connect: (since, epoch, handlers) => openSocket(page, since, epoch, handlers),
    changes: (since, epoch) => readChanges(page, api, since, epoch),
    now: () => Date.now(),
    after: (ms, callback) => {
      const timer = setTimeout(callback, ms);
      return () => clearTimeout(timer);
    },
    random: Math.random,
  };
}

async function readChanges(page: PageData, api: Api, since: number, epoch: string) {
  const query = new URLSearchParams({ since: String(since), epoch });
  const message = checkMessage(await api.get<unknown>(`${page.urls.changes}?${query}`));
  if (!("items" in message)) throw new FrameError("a heartbeat is no answer");
  return message satisfies Frame;
}

function openSocket(
  page: PageData,
  since: number,
  epoch: string,
  handlers: SocketHandlers,
): () => void {
  const socket = new WebSocket(socketUrl(page, since, epoch));
  socket.onopen = () => handlers.opened();
  socket.onmessage = (event) => handlers.message(String(event.data));
  socket.onclose = (event) => handlers.closed(event.code);
  return () => socket.close();
}

function socketUrl(page: PageData, since: number, epoch: string): URL {
  const query = new URLSearchParams({ since: String(since), epoch });
  const url = new URL(`${page.urls.socket}?${query}`, location.href);
  url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  return url;
}
