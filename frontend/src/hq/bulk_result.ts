/** What a change of many left as it is: changed by somebody since, or impossible; with the choice. */

import { ngettext, t } from "../core/language.ts";
import type { Report } from "../core/report.ts";
import type { Vocabulary } from "../core/vocabulary.ts";
import { el } from "../dom/element.ts";
import { askMine } from "./ask_mine.ts";
import type { BulkOutcome, Refused, Stale } from "./bulk_send.ts";
import { comparison } from "./conflict.ts";
import { what } from "./row.ts";

type Edit = Readonly<Record<string, unknown>>;
type Seen = ReadonlyMap<string, Report>;

/** true when the operator wants the own change on top of what somebody else did. */
export function askBulk(
  done: BulkOutcome,
  edit: Edit,
  reports: readonly Report[],
  words: Vocabulary,
): Promise<boolean> {
  const { stale, refused, changed, unsent } = done;
  const seen = new Map(reports.map((report) => [report.id, report]));
  const body = el(
    "div",
    { class: "bulk-left", tabindex: 0, role: "group", "aria-labelledby": "bulk-title" },
    unsent.length > 0 && el("p", { class: "error" }, unsentWords(done)),
    ...stale.map((one) => staleLine(one, seen, edit, words)),
    ...refused.map((one) => refusedLine(one, seen, words)),
  );
  const title = headWords(changed.length, stale.length + refused.length);
  return askMine({ name: "bulk", title, body, may: stale.length > 0 });
}

/** These stay chosen. */
export function unsentWords({ unsent, why }: BulkOutcome): string {
  return ngettext("{n} not sent: {why}", "{n} not sent: {why}", unsent.length, { why });
}

function headWords(changed: number, left: number): string {
  const through = ngettext("{n} changed", "{n} changed", changed);
  return `${through}, ${ngettext("{n} left as it is", "{n} left as they are", left)}`;
}

function staleLine({ id, current }: Stale, seen: Seen, edit: Edit, words: Vocabulary) {
  const before = seen.get(id) ?? current;
  return el(
    "section",
    {},
    el("h3", {}, nameOf(current, words)),
    el("p", { class: "quiet" }, t("Somebody changed this report in the meantime")),
    comparison(before, current, edit, words),
  );
}

function refusedLine({ id, title, detail }: Refused, seen: Seen, words: Vocabulary) {
  const report = seen.get(id);
  const name = report ? nameOf(report, words) : "";
  return el("section", {}, el("h3", {}, name), el("p", { class: "error" }, title ?? detail ?? ""));
}

function nameOf(report: Report, words: Vocabulary): string {
  return `${report.properties.receipt} ${what(report, words)}`;
}
