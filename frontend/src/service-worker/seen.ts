/** What was seen once is kept and needs no network again; the longest unseen makes room. */

import type { WorkboxPlugin } from "workbox-core";
import { ExpirationPlugin } from "workbox-expiration";
import { CacheFirst } from "workbox-strategies";

export interface Keeping {
  readonly cacheName: string;
  readonly contentType: string;
  readonly entries: number;
  readonly days: number;
}

export function seen({ cacheName, contentType, entries, days }: Keeping): CacheFirst {
  const expiration = new ExpirationPlugin({
    maxEntries: entries,
    maxAgeSeconds: days * 24 * 3600,
    purgeOnQuotaError: true,
  }) as WorkboxPlugin;
  return new CacheFirst({
    cacheName,
    // asked for by <img> with a cookie and by scripts with a key: one content
    matchOptions: { ignoreVary: true },
    plugins: [only(contentType), expiration],
  });
}

/** A captive portal's page or a refusal must never stand for what was asked. */
function only(contentType: string): WorkboxPlugin {
  return {
    cacheWillUpdate: async ({ response }) =>
      response.status === 200 && response.headers.get("content-type") === contentType
        ? response
        : null,
  };
}
