/** Tiles of the built-in map: those kept on purpose first, then those seen before. */

import type { RouteHandlerCallback, RouteMatchCallback } from "workbox-core";
import { KEPT_TILES, TILES } from "./caches.ts";
import { seen } from "./seen.ts";

// about 20 kB each
const LIMIT_TILES = 1500;
const LIMIT_TILE_DAYS = 60;

export const isTile: RouteMatchCallback = ({ url, sameOrigin }) =>
  sameOrigin && url.pathname.startsWith("/tiles/basemap/");

const passing = seen({
  cacheName: TILES,
  contentType: "application/vnd.mapbox-vector-tile",
  entries: LIMIT_TILES,
  days: LIMIT_TILE_DAYS,
});

export const tiles: RouteHandlerCallback = async ({ event, request }) => {
  const kept = await caches.match(request, { cacheName: KEPT_TILES, ignoreVary: true });
  return kept ?? passing.handle({ event, request });
};
