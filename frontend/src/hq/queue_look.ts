/** How the queue stands in a bar: so many wait, the oldest for so long; the level as a colour. */

import { t } from "../core/language.ts";
import { type Level, levelOf, type Patience } from "../core/review.ts";
import { serverNow } from "../core/server_clock.ts";
import type { Waiting } from "../core/tally.ts";
import { duration } from "../core/times.ts";
import { el } from "../dom/element.ts";
import type { QueueCount } from "./queue_count.ts";

/** The age grows by itself (ms). */
export const TICK_MS = 5_000;

export function showWaiting(box: HTMLElement, queue: Waiting, patience: Patience): Level {
  const { known, waiting, oldestWaitingAt } = queue;
  const now = serverNow();
  const level = levelOf(oldestWaitingAt, now, patience);
  const seconds = oldestWaitingAt === null ? 0 : Math.max(0, now - oldestWaitingAt) / 1000;
  box.className = `queue queue-${level}`;
  if (!known) box.textContent = t("Counting…");
  else if (oldestWaitingAt === null) box.textContent = t("Nothing to review");
  else
    box.textContent = t("To review {n} · longest {time}", { n: waiting, time: duration(seconds) });
  return level;
}

/** In the bar of a page beside the desk: the way back to it. */
export function mountQueue(queue: QueueCount, desk: string, patience: Patience): void {
  const link = el("a", { id: "queue", href: desk });
  const show = () => showWaiting(link, queue.told.value, patience);
  queue.told.watch(show);
  setInterval(show, TICK_MS);
  const right = document.querySelector(".bar__right");
  if (right) right.prepend(link);
  else document.querySelector(".bar-space")?.after(link);
}
