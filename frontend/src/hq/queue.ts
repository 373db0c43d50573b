/** The queue in the bar: how many wait unreviewed, how long the oldest has; the way to the next. */

import { NO_FILTER } from "../core/filter.ts";
import { ngettext } from "../core/language.ts";
import { listQuery } from "../core/list_query.ts";
import type { Report } from "../core/report.ts";
import { type Level, nextUp } from "../core/review.ts";
import { isWaiting } from "../core/statuses.ts";
import { isUrgent } from "../core/tally.ts";
import { byId } from "../dom/element.ts";
import type { Desk } from "./desk.ts";
import { keep, readPage } from "./pages.ts";
import { showWaiting, TICK_MS } from "./queue_look.ts";

/** Enough to step over what colleagues have open. */
const WAITING = { waiting: "1", order: "severity", limit: "20" };

export interface QueueHands {
  /** The oldest has waited too long, longer than before. */
  readonly worse: (level: Level) => void;
}

export function setUpQueue(desk: Desk, hands: QueueHands): void {
  const box = byId("queue");
  let before: Level = "calm";
  const show = () => {
    const level = showQueue(box, desk);
    if (level !== before && level !== "calm" && before !== "alarm") hands.worse(level);
    before = level;
  };
  desk.tally.watch(show);
  setInterval(show, TICK_MS);
  box.addEventListener("click", () => void openMostUrgent(desk));
}

function showQueue(box: HTMLElement, desk: Desk): Level {
  const { waiting } = desk.tally.value;
  const level = showWaiting(box, desk.tally.value, desk.page.review);
  box.title = ngettext(
    "Open the most urgent of {n} that wait (N)",
    "Open the most urgent of {n} that wait (N)",
    waiting,
  );
  (box as HTMLButtonElement).disabled = waiting === 0;
  return level;
}

export async function openMostUrgent(desk: Desk): Promise<void> {
  const next = await mostUrgent(desk, null);
  if (next) desk.open(next.id);
}

/** After a decision: the next one that waits, where the operator wants it so. */
export async function openNext(after: string, desk: Desk): Promise<void> {
  if (!goesOn(desk)) return;
  const next = await mostUrgent(desk, after);
  // whoever has opened something else meanwhile stays there
  if (next && desk.selected.value === after) desk.open(next.id);
}

async function mostUrgent(desk: Desk, but: string | null): Promise<Report | null> {
  const taken = (id: string) => desk.claims.of(id).length > 0;
  const next = (reports: readonly Report[]) =>
    nextUp(
      reports.filter(({ id }) => id !== but),
      taken,
    );
  const here = [...new Set([...desk.urgent.value, ...desk.mine.filter(isWaiting)])];
  const found = next(here);
  // of a large incident the page knows all who are in danger, and a part of the others
  const isSure = !desk.large.value || (found !== null && isUrgent(found));
  const { value } = desk.tally;
  if (isSure || (value.known && value.waiting === 0)) return found;
  const known = new Map(
    [...here, ...(await askWaiting(desk))].map((report) => [report.id, report]),
  );
  return next([...known.values()]);
}

/** A large incident: the page holds a part, the server knows all that wait. */
async function askWaiting(desk: Desk): Promise<readonly Report[]> {
  const query = listQuery(NO_FILTER, desk.ownAreaOnly.value ? desk.page.area : []);
  try {
    return keep(desk, (await readPage(desk, query, WAITING)).features);
  } catch {
    return [];
  }
}

const GOES_ON = "goesOn";

function goesOn(desk: Desk): boolean {
  return desk.memory.get<boolean>(GOES_ON) ?? true;
}

/** The switch: after a decision, the next one opens. */
export function setUpGoingOn(desk: Desk): void {
  const box = byId("goes-on") as HTMLInputElement;
  byId("goes-on-label").hidden = !desk.mayEdit;
  box.checked = goesOn(desk);
  box.addEventListener("change", () => desk.memory.set(GOES_ON, box.checked));
}
