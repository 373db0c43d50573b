/** Merging reports and telling them apart: what is sent, and what the desk does afterwards. */

import { Problem } from "../core/api.ts";
import { t } from "../core/language.ts";
import { asItem, type Report } from "../core/report.ts";
import { deedWords } from "./deed_words.ts";
import type { Desk } from "./desk.ts";
import { inTurn } from "./in_turn.ts";

/** What went wrong, in words; null when it went well. */
export type Outcome = Promise<string | null>;

export function merge(report: Report, into: Report, desk: Desk): Outcome {
  return inTurn(report, desk, async (now) => {
    const { version } = now.properties;
    const body = { into: into.id };
    const send = () => desk.api.post<Report>(`${url(now, desk)}/merge`, body, version);
    const wrong = await tried(desk, send);
    if (wrong === null) tellDone(now, desk);
    return wrong;
  });
}

function tellDone(report: Report, desk: Desk): void {
  const { version } = report.properties;
  const words = deedWords(report, { status: "duplicate" }, desk.words);
  desk.deeds.did({ words, reports: [{ id: report.id, version: version + 1 }] });
}

export function unmerge(report: Report, desk: Desk): Outcome {
  return inTurn(report, desk, async (now) => {
    const { version } = now.properties;
    const send = () => desk.api.remove<Report>(`${url(now, desk)}/merge`, version);
    const wrong = await tried(desk, send);
    if (wrong === null) desk.deeds.made({ id: now.id, version: version + 1 });
    return wrong;
  });
}

export function tellApart(report: Report, other: Report, desk: Desk): Outcome {
  return tried(desk, () => desk.api.put(`${url(report, desk)}/distinct/${other.id}`));
}

export function mayBeOne(report: Report, other: Report, desk: Desk): Outcome {
  return tried(desk, () => desk.api.remove<null>(`${url(report, desk)}/distinct/${other.id}`));
}

export function url(report: Report, desk: Desk): string {
  return desk.page.urls.report.replace("{id}", report.id);
}

// The feed brings the same feature in a moment; this only spares the operator the wait.
async function tried(desk: Desk, send: () => Promise<Report | null>): Outcome {
  try {
    const changed = await send();
    if (changed) desk.store.apply([asItem(changed)]);
    return null;
  } catch (error) {
    if (!(error instanceof Problem)) return t("Not saved: no connection. Nothing was changed.");
    if (error.status !== 412) return error.message;
    desk.store.apply([asItem(error.body.current as Report)]);
    return t("Somebody has changed this report just now. Look again before you merge.");
  }
}
