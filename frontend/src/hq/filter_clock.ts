/** What filters ask of the clock goes on with it: on every page that has a desk, the wall too. */

import { serverNow } from "../core/server_clock.ts";
import type { Desk } from "./desk.ts";

const TICK_MS = 30_000;

export function runFilterClock(desk: Desk): void {
  const tick = () => {
    const { recentH, due } = desk.filter.value;
    // only what depends on the clock is worth looking through again
    if (recentH === null && due === null) return;
    desk.context.set({ ...desk.context.value, now: serverNow() });
  };
  desk.filter.changed(tick);
  setInterval(tick, TICK_MS);
}
