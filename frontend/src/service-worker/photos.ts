/** Copies of photos: what was looked at can be looked at again without a network. */

import type { RouteMatchCallback } from "workbox-core";
import { PHOTOS } from "./caches.ts";
import { seen } from "./seen.ts";

const LIMIT_PHOTOS = 300;
const LIMIT_PHOTO_DAYS = 14;
const COPY = /^\/api\/v1\/photos\/[^/]+\/(thumb|preview|display)$/;

export const isPhoto: RouteMatchCallback = ({ url, sameOrigin }) =>
  sameOrigin && COPY.test(url.pathname);

export const photos = seen({
  cacheName: PHOTOS,
  contentType: "image/jpeg",
  entries: LIMIT_PHOTOS,
  days: LIMIT_PHOTO_DAYS,
});
