/** How old what we show may be, told honestly: live, late by n seconds, stale since a time. */

export type Freshness =
  | { readonly kind: "live" }
  | { readonly kind: "late"; readonly seconds: number }
  | { readonly kind: "stale"; readonly since: number }
  | { readonly kind: "refused"; readonly why: "signed_out" | "forbidden" };

export type Channel = "socket" | "polling" | "closed";

export const STALE_AFTER_MS = 40_000;

// A heartbeat comes every 15 s and a poll every 5 s; a little more than one may be on its way.
// With no channel at all nothing is trusted, not even the moment of its loss.
const TRUSTED_MS: Readonly<Record<Channel, number>> = {
  socket: 20_000,
  polling: 8_000,
  closed: -1,
};

/** `currentAt`: when we last knew to be at the head of the feed (ms since 1970). */
export function freshness(channel: Channel, currentAt: number, now: number): Freshness {
  const age = Math.max(0, now - currentAt);
  if (age <= TRUSTED_MS[channel]) return { kind: "live" };
  if (age > STALE_AFTER_MS) return { kind: "stale", since: currentAt };
  return { kind: "late", seconds: Math.max(1, Math.round(age / 1000)) };
}

export function sameFreshness(a: Freshness, b: Freshness): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
