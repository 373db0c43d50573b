/** The queue of what nobody at headquarters has looked at: what comes next, when it is too long. */

import { rank } from "./filter.ts";
import { type Report, receivedAt } from "./report.ts";
import { isUrgent } from "./tally.ts";

/** By the age of the oldest that waits. */
export type Level = "calm" | "warn" | "alarm";

export interface Patience {
  readonly warn_min: number;
  readonly alarm_min: number;
}

/** oldest, now: ms since 1970. */
export function levelOf(oldest: number | null, now: number, patience: Patience): Level {
  if (oldest === null) return "calm";
  const minutes = (now - oldest) / 60_000;
  if (minutes >= patience.alarm_min) return "alarm";
  return minutes >= patience.warn_min ? "warn" : "calm";
}

/** Somebody in danger first, then the worst, then whoever waits longest. */
export function byUrgency(a: Report, b: Report): number {
  return Number(isUrgent(b)) - Number(isUrgent(a)) || byWorst(a, b);
}

/** The worst, then whoever waits longest. */
export function byWorst(a: Report, b: Report): number {
  const worse = rank(a.properties.severity) - rank(b.properties.severity);
  return worse || receivedAt(a) - receivedAt(b);
}

/** What to look at next; what a colleague has open comes last, as two need not read one report. */
export function nextUp(
  reports: readonly Report[],
  isTaken: (id: string) => boolean = () => false,
): Report | null {
  const sorted = [...reports].sort(byUrgency);
  return sorted.find((report) => !isTaken(report.id)) ?? sorted[0] ?? null;
}

/** Those that nobody has accepted for longer than `after` seconds, the longest waiting first. */
export function overdue(urgent: readonly Report[], now: number, after: number): Report[] {
  const late = urgent.filter((report) => now - receivedAt(report) >= after * 1000);
  return late.sort((a, b) => receivedAt(a) - receivedAt(b));
}

/** Whether one of them was not among those before. */
export function hasNew(reports: readonly Report[], before: readonly Report[]): boolean {
  const known = new Set(before.map(({ id }) => id));
  return reports.some(({ id }) => !known.has(id));
}
