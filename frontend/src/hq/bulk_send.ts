/** One change to many reports, sent in parts: what went through stays, what did not is named. */

import { Problem, type ProblemBody } from "../core/api.ts";
import type { Changed } from "../core/deeds.ts";
import { t } from "../core/language.ts";
import { asItem, type Report } from "../core/report.ts";
import type { Desk } from "./desk.ts";

export type Wish = { readonly change: object } | { readonly undo: true };

export interface Stale {
  readonly id: string;
  readonly current: Report;
}

export interface Refused extends ProblemBody {
  readonly id: string;
}

export interface BulkAnswer {
  readonly changed: readonly Report[];
  /** Somebody else has changed these; they are left as they are. */
  readonly stale: readonly Stale[];
  readonly refused: readonly Refused[];
}

export interface BulkOutcome extends BulkAnswer {
  /** What is not known to have arrived, and why. */
  readonly unsent: readonly Changed[];
  readonly why: string;
}

/** Few enough that the count moves while a slow line carries them. */
const PART = 50;

export function sendBulk(
  desk: Desk,
  seen: readonly Changed[],
  wish: Wish,
  progress: (done: number) => void = () => {},
): Promise<BulkOutcome> {
  return desk.deeds.during(sendParts(desk, seen, wish, progress));
}

async function sendParts(
  desk: Desk,
  seen: readonly Changed[],
  wish: Wish,
  progress: (done: number) => void,
): Promise<BulkOutcome> {
  const found = { changed: [] as Report[], stale: [] as Stale[], refused: [] as Refused[] };
  const size = Math.min(PART, desk.page.review.bulk);
  for (let at = 0; at < seen.length; at += size) {
    progress(at);
    const reports = seen.slice(at, at + size).map(({ id, version }) => ({ id, version }));
    try {
      const answer = await desk.api.post<BulkAnswer>(desk.page.urls.bulk, { reports, ...wish });
      found.changed.push(...answer.changed);
      found.stale.push(...answer.stale);
      found.refused.push(...answer.refused);
      show(answer, reports, desk);
    } catch (error) {
      const why = error instanceof Problem ? error.message : t("No connection.");
      return { ...found, unsent: seen.slice(at), why };
    }
  }
  return { ...found, unsent: [], why: "" };
}

// The feed brings the same features in a moment; this only spares the operator the wait.
function show({ changed, stale }: BulkAnswer, seen: readonly Changed[], desk: Desk): void {
  const through = new Set(changed.map(({ id }) => id));
  for (const { id, version } of seen) {
    if (through.has(id)) desk.deeds.made({ id, version: version + 1 });
  }
  const now = [...changed, ...stale.map(({ current }) => current)];
  desk.store.apply(now.map(asItem));
  for (const report of changed) desk.ticks.saw(report);
}
