/** Two people changed one report: both versions side by side, and the choice left to a person. */

import { t } from "../core/language.ts";
import type { Report, ReportProperties } from "../core/report.ts";
import { dayTime } from "../core/times.ts";
import type { Vocabulary } from "../core/vocabulary.ts";
import { el } from "../dom/element.ts";
import { askMine } from "./ask_mine.ts";
import type { Edit } from "./decide.ts";

const COMPARED = [
  "status",
  "severity",
  "category",
  "reason",
  "comment_hq",
  "assigned_to",
  "due_at",
  "release",
  "public_text",
  "private_home",
  "public_place",
  "public_photos",
] as const;

/** true when the operator wants the own change on top of the other one. */
export function showConflict(
  seen: Report,
  current: Report,
  edit: Edit,
  words: Vocabulary,
): Promise<boolean> {
  const title = t("Somebody changed this report in the meantime");
  const body = comparison(seen.properties, current.properties, edit, words);
  return askMine({ name: "conflict", title, body, may: true });
}

/** What was seen, what is there now and what was wanted, side by side. */
export function comparison(
  seen: ReportProperties,
  current: ReportProperties,
  edit: Edit,
  words: Vocabulary,
): HTMLElement {
  const heads = [t("You saw"), t("Now"), t("Your change")];
  const columns = heads.map((text) => el("th", { scope: "col" }, text));
  const head = el("tr", {}, el("td"), ...columns);
  const touched = COMPARED.filter((name) => seen[name] !== current[name] || name in edit);
  const rows = touched.map((name) =>
    el(
      "tr",
      {},
      el("th", { scope: "row" }, fieldName(name)),
      ...[seen[name], current[name], edit[name]].map((v) => el("td", {}, shown(name, v, words))),
    ),
  );
  return el("table", { class: "comparison" }, head, ...rows);
}

export function fieldName(name: string): string {
  const names: Record<string, string> = {
    status: t("Status"),
    severity: t("Severity"),
    category: t("Category"),
    reason: t("Reason"),
    comment: t("Comment"),
    comment_hq: t("HQ comment"),
    assigned_to: t("Assigned to"),
    accepted_at: t("Accepted"),
    accepted_by: t("Accepted by"),
    geometry: t("Place"),
    floor: t("Floor"),
    due_at: t("Due"),
    release: t("Shown to the public"),
    public_text: t("Text for the public"),
    private_home: t("Private home"),
    public_place: t("Place for the public"),
    redacted_geometry: t("Place for the public"),
    public_photos: t("Photos for the public"),
    release_how: t("How it was released"),
  };
  return names[name] ?? name;
}

export function shown(name: string, value: unknown, words: Vocabulary): string {
  if (value === null || value === undefined || value === "") return "–";
  if (typeof value === "boolean") return value ? t("Yes") : t("No");
  if (name.endsWith("_at")) return dayTime(String(value), Date.now());
  if (Array.isArray(value)) return String(value.length);
  if (name === "public_place" || name === "release_how") return releaseWords(String(value));
  return words.label(name, String(value));
}

function releaseWords(code: string): string {
  const said: Readonly<Record<string, string>> = {
    rounded: t("Roughly: the centre of a 500 m cell"),
    municipality: t("Only the municipality, in words; no mark on the map"),
    rule: t("by a rule"),
    hand: t("by hand"),
  };
  return said[code] ?? code;
}
