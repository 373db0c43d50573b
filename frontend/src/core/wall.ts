/** What a wall shows by itself: the serious that is open, and where it looks when one comes in. */

import { type Report, receivedAt } from "./report.ts";
import { byWorst } from "./review.ts";
import { isOpen } from "./statuses.ts";
import { isUrgent } from "./tally.ts";

/** Codes that are serious, for asking the server. */
export const SERIOUS: readonly string[] = ["critical", "serious"];
/** Nobody reads a map that jumps on sooner than this (ms). */
export const HOLD_MS = 10_000;
/** How long it stays where the last one came in, before the whole is seen again (ms). */
export const STAY_MS = 60_000;

export function isSerious(report: Report): boolean {
  const { severity, category } = report.properties;
  return isOpen(report) && (SERIOUS.includes(severity) || category === "rescue");
}

/** Those that nobody has accepted first, then the newest. */
export function serious(reports: readonly Report[]): Report[] {
  return reports.filter(isSerious).sort(byCall);
}

function byCall(a: Report, b: Report): number {
  return Number(isUrgent(b)) - Number(isUrgent(a)) || receivedAt(b) - receivedAt(a);
}

export type Move = { readonly show: Report } | "home" | null;

/** Where to look now: asked once a second, told what comes in. */
export class Follower {
  private waiting: Report[] = [];
  private shown: { readonly id: string; readonly since: number } | null = null;

  arrived(reports: readonly Report[]): void {
    const all = [...this.waiting, ...reports.filter(isSerious)];
    this.waiting = [...new Map(all.map((report) => [report.id, report])).values()];
  }

  /** isThere: whether it is still to be seen; what was rejected or merged is not gone to. */
  next(now: number, isThere: (id: string) => boolean = () => true): Move {
    this.waiting = this.waiting.filter(({ id }) => isThere(id)).sort(byWorst);
    const since = this.shown ? now - this.shown.since : Number.POSITIVE_INFINITY;
    const first = this.waiting[0];
    if (first && since >= HOLD_MS) {
      this.waiting = this.waiting.slice(1);
      this.shown = { id: first.id, since: now };
      return { show: first };
    }
    const isOver = this.shown !== null && (since >= STAY_MS || !isThere(this.shown.id));
    if (!isOver) return null;
    this.shown = null;
    return "home";
  }

  stop(): void {
    this.waiting = [];
    this.shown = null;
  }

  get isBusy(): boolean {
    return this.shown !== null || this.waiting.length > 0;
  }
}
