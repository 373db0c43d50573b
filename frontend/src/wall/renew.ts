/** A wall runs for weeks: it takes a new build, and starts afresh once a day, when nobody looks. */

import type { Freshness } from "../core/freshness.ts";
import type { Observable } from "../core/observable.ts";

/** How often to ask whether there is a new build (ms). */
const ASK_EVERY_MS = 60_000;
const RELOAD_AFTER_MS = 24 * 3_600_000;

/** isIdle: nothing new is being shown, nobody touches it, and the service answers. */
export function setUpRenewal(
  build: string,
  status: Observable<Freshness>,
  isIdle: () => boolean,
): void {
  const look = async () => {
    const isOld = performance.now() > RELOAD_AFTER_MS || (await offered()) !== build;
    // asked again: the answer took its time
    if (isOld && isIdle()) location.reload();
  };
  const ask = () => {
    if (isIdle()) look().catch(() => undefined);
  };
  setInterval(ask, ASK_EVERY_MS);
  // a new release comes with a service that was away for a moment
  status.changed(ask);
}

/** Rejects where the service does not say: then there is nothing to load either. */
async function offered(): Promise<string> {
  const answer = await fetch(`${location.pathname}?part=build`, { cache: "no-store" });
  const { build } = (await answer.json()) as { readonly build?: string };
  if (!answer.ok || !build) throw new Error(`no build: HTTP ${answer.status}`);
  return build;
}
