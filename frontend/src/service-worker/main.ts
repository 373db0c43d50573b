/**
 * Keeps the phone's app on the phone: it starts in flight mode, at any of its addresses. Exactly
 * the built files are kept beforehand, pictures and map tiles as they are seen, answers of the API
 * never. A new version waits until the page asks for it (src/phone/frame/update.ts).
 */

import { clientsClaim } from "workbox-core";
import {
  cleanupOutdatedCaches,
  PrecacheController,
  type PrecacheEntry,
  PrecacheRoute,
} from "workbox-precaching";
import { NavigationRoute, registerRoute } from "workbox-routing";
import { drain } from "../outbox/drain.ts";
import { isPhoto, photos } from "./photos.ts";
import { isTile, tiles } from "./tiles.ts";

/** Written before this bundle by frontend/phone_files.py. */
declare const PRECACHE: PrecacheEntry[];

/** What the DOM's types do not tell of a worker. */
interface Worker {
  skipWaiting(): Promise<void>;
  addEventListener(type: "message", listener: (event: MessageEvent) => void): void;
  addEventListener(type: "sync", listener: (event: SyncEvent) => void): void;
}
interface SyncEvent {
  readonly tag: string;
  waitUntil(work: Promise<unknown>): void;
}

const SHELL = "/m/";
// pages of the server: joining, the plain form and its receipt
const SERVED = /^\/m\/(join|form|sent)\//;
const worker = self as unknown as Worker;

const app = new PrecacheController();
// the shell varies by language; the one that is kept is the one, whatever a browser asks with
app.strategy.matchOptions = { ignoreVary: true };
app.precache(PRECACHE);
cleanupOutdatedCaches();

registerRoute(
  new PrecacheRoute(app, { cleanURLs: false, directoryIndex: "", ignoreURLParametersMatching: [] }),
);
registerRoute(
  new NavigationRoute(app.createHandlerBoundToURL(SHELL), {
    allowlist: [/^\/m\//],
    denylist: [SERVED],
  }),
);
registerRoute(isTile, tiles);
registerRoute(isPhoto, photos);

// the first visit's pictures and tiles are kept too
clientsClaim();

worker.addEventListener("message", (event) => {
  if (event.data?.type === "SKIP_WAITING") void worker.skipWaiting();
});

worker.addEventListener("sync", (event) => {
  if (event.tag === "outbox") event.waitUntil(drain());
});
