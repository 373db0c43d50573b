/**
 * The public feed, rung by a socket that knows nobody. Where there are too many sockets, or none
 * can be opened, it is asked for every 15 seconds.
 */

import type { Api } from "../core/api.ts";
import { Feed, type SocketHandlers } from "../core/feed.ts";
import { checkMessage, type Frame, FrameError, type Gone, type Item } from "../core/frames.ts";
import type { PageData } from "./page_data.ts";

// all phones that opened at one alarm must not come back in one second
export const POLL_MS = 15_000 * (0.8 + 0.4 * Math.random());

export interface Heard {
  /** Loads what is shown and answers where it stands. */
  readonly snapshot: () => Promise<{ readonly epoch: string; readonly head: number }>;
  readonly changed: (items: readonly Item[], gone: readonly Gone[]) => void;
}

export function followPublic(page: PageData, api: Api, heard: Heard): Feed {
  const feed = new Feed(
    {
      connect: (since, epoch, handlers) => openSocket(page, since, epoch, handlers),
      changes: (since, epoch) => readChanges(page, api, since, epoch),
      now: () => Date.now(),
      after: (ms, callback) => {
        const timer = setTimeout(callback, ms);
        return () => clearTimeout(timer);
      },
      random: Math.random,
    },
    { audience: "public", pollMs: POLL_MS, apply: heard.changed, snapshot: heard.snapshot },
  );
  window.addEventListener("online", () => feed.wake());
  window.addEventListener("offline", () => feed.lost());
  window.addEventListener("pageshow", () => feed.wake());
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) feed.wake();
  });
  void feed.start();
  return feed;
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
  // browsers send cookies with sockets: "as" says that they do not count
  const query = new URLSearchParams({ since: String(since), epoch, as: "public" });
  const url = new URL(`${page.urls.socket}?${query}`, location.href);
  url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(url);
  socket.onopen = () => handlers.opened();
  socket.onmessage = (event) => handlers.message(String(event.data));
  socket.onclose = (event) => handlers.closed(event.code);
  return () => socket.close();
}
