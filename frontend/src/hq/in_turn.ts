/** Acts on one report, each on top of what this desk itself has made of it meanwhile. */

import type { Report } from "../core/report.ts";
import type { Desk } from "./desk.ts";

/** act: gets the report as seen, or as the own changes since have left it. */
export function inTurn<T>(
  report: Report,
  desk: Desk,
  act: (now: Report) => Promise<T>,
): Promise<T> {
  return desk.deeds.inTurn(report.id, () => act(newest(report, desk)));
}

// somebody else's change in between is none of ours: the server says 412, and a person decides
function newest(report: Report, desk: Desk): Report {
  const now = desk.store.get(report.id);
  const [before, after] = [report.properties.version, now?.properties.version ?? 0];
  return now && after > before && desk.deeds.isOwn(report.id, before, after) ? now : report;
}
