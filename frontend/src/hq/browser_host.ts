/** The live feed in a browser: sockets, HTTP and the clock behind the core's FeedHost. */

import { type Api, Problem } from "../core/api.ts";
import type { Feed, FeedHost, SocketHandlers } from "../core/feed.ts";
import { checkMessage, type Frame, FrameError } from "../core/frames.ts";

export interface FeedUrls {
  readonly changes: string;
  /** Path of the websocket; scheme and host are the page's. */
  readonly socket: string;
}

/** How the incident stands, as far as a page asks. */
export interface State {
  readonly audience: string;
  readonly epoch: string;
  readonly head: number;
  readonly counts: { readonly total: number };
}

export function listenToBrowser(feed: Feed): void {
  window.addEventListener("online", () => feed.wake());
  window.addEventListener("offline", () => feed.lost());
  window.addEventListener("pageshow", () => feed.wake());
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) feed.wake();
  });
}

// A list of reports, unlike a frame, does not say for whom it was made. The public's would empty
// the desk of somebody whose session has ended.
export async function checkAudience(stateUrl: string, audience: string, api: Api): Promise<State> {
  const state = await api.get<State>(stateUrl);
  if (state.audience === audience) return state;
  throw new Problem(401, { code: "not_signed_in", title: state.audience });
}

export function browserHost(urls: FeedUrls, api: Api): FeedHost {
  return {
    connect: (since, epoch, handlers) => openSocket(urls, since, epoch, handlers),
    changes: (since, epoch) => readChanges(urls, api, since, epoch),
    now: () => Date.now(),
    after: (ms, callback) => {
      const timer = setTimeout(callback, ms);
      return () => clearTimeout(timer);
    },
    random: Math.random,
  };
}

async function readChanges(urls: FeedUrls, api: Api, since: number, epoch: string) {
  const query = new URLSearchParams({ since: String(since), epoch });
  const message = checkMessage(await api.get<unknown>(`${urls.changes}?${query}`));
  if (!("items" in message)) throw new FrameError("a heartbeat is no answer");
  return message satisfies Frame;
}

function openSocket(
  urls: FeedUrls,
  since: number,
  epoch: string,
  handlers: SocketHandlers,
): () => void {
  const socket = new WebSocket(socketUrl(urls, since, epoch));
  socket.onopen = () => handlers.opened();
  socket.onmessage = (event) => handlers.message(String(event.data));
  socket.onclose = (event) => handlers.closed(event.code);
  return () => socket.close();
}

function socketUrl(urls: FeedUrls, since: number, epoch: string): URL {
  const query = new URLSearchParams({ since: String(since), epoch });
  const url = new URL(`${urls.socket}?${query}`, location.href);
  url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  return url;
}
