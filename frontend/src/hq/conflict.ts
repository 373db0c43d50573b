/** Two people changed one report: both versions side by side, and the choice left to a person. */

import type { Geometry } from "geojson";
import { degreesText } from "../core/coordinates.ts";
import { markPosition } from "../core/geometry.ts";
import { t } from "../core/language.ts";
import type { Report } from "../core/report.ts";
import { dayTime } from "../core/times.ts";
import type { Vocabulary } from "../core/vocabulary.ts";
import { el } from "../dom/element.ts";
import { askMine } from "./ask_mine.ts";
import type { Edit } from "./decide.ts";
import { sureWords } from "./sure_choice.ts";

const COMPARED = [
  "status",
  "severity",
  "category",
  "detail",
  "reason",
  "geometry",
  "accuracy_m",
  "geometry_note",
  "floor",
  "comment_hq",
  "assigned_to",
  "due_at",
  "release",
  "public_text",
  "private_home",
  "public_place",
  "redacted_geometry",
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
  const body = comparison(seen, current, edit, words);
  return askMine({ name: "conflict", title, body, may: true });
}

/** What was seen, what is there now and what was wanted, side by side. */
export function comparison(
  seen: Report,
  current: Report,
  edit: Edit,
  words: Vocabulary,
): HTMLElement {
  const heads = [t("You saw"), t("Now"), t("Your change")];
  const columns = heads.map((text) => el("th", { scope: "col" }, text));
  const head = el("tr", {}, el("td"), ...columns);
  const [before, now] = [fieldsOf(seen), fieldsOf(current)];
  const rows = differing(seen, current, edit).map((name) =>
    el(
      "tr",
      {},
      el("th", { scope: "row" }, fieldName(name)),
      ...[before, now, edit].map((said) =>
        el("td", {}, shown(name, said[name], words, String(said.category ?? now.category))),
      ),
    ),
  );
  return el("table", { class: "comparison" }, head, ...rows);
}

/** Names of what somebody else has changed, or the own change would. */
export function differing(seen: Report, current: Report, edit: Edit): readonly string[] {
  const [before, now] = [fieldsOf(seen), fieldsOf(current)];
  return COMPARED.filter((name) => !isSame(before[name], now[name]) || name in edit);
}

function fieldsOf({ geometry, properties }: Report): Edit {
  return { ...properties, geometry };
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
}

export function fieldName(name: string): string {
  const names: Record<string, string> = {
    status: t("Status"),
    severity: t("Severity"),
    category: t("Category"),
    detail: t("In detail"),
    reason: t("Reason"),
    comment: t("Comment"),
    comment_hq: t("HQ comment"),
    assigned_to: t("Assigned to"),
    accepted_at: t("Accepted"),
    accepted_by: t("Accepted by"),
    geometry: t("Place"),
    accuracy_m: t("How sure"),
    geometry_note: t("Note on the place"),
    floor: t("Floor"),
    due_at: t("Due"),
    release: t("Shown to the public"),
    public_text: t("Text for the public"),
    private_home: t("Private home"),
    public_place: t("Place for the public"),
    redacted_geometry: t("Place for the public"),
    public_photos: t("Photos for the public"),
    release_how: t("How it was released"),
    merged_into: t("Merged into"),
    place: t("Place in words"),
    municipality_code: t("Municipality"),
    municipality_how: t("Municipality"),
    captured_at: t("Taken"),
    captured_source: t("Time of the picture from"),
    captured_in_future: t("Time in the future"),
    sent_at: t("Sent"),
    received_at: t("Received"),
    clock_skew_s: t("The phone's clock is off by (seconds)"),
    bearing_deg: t("Direction of view (degrees)"),
    channel: t("How it came"),
    told_by: t("Told by"),
    author_key: t("Reported by"),
    author_name: t("Reported by"),
    device: t("Device"),
    organisation: t("Organisation"),
    incident: t("Incident"),
    receipt: t("Receipt code"),
    follows: t("A later look at"),
    about: t("About this place"),
  };
  return names[name] ?? name;
}

/** `category`: of a detail, whose it is. */
export function shown(name: string, value: unknown, words: Vocabulary, category = ""): string {
  if (value === null || value === undefined || value === "") return "–";
  if (typeof value === "boolean") return value ? t("Yes") : t("No");
  if (name.endsWith("_at")) return dayTime(String(value), Date.now());
  if (name === "accuracy_m") return sureWords(Number(value));
  if (name.endsWith("geometry")) return placeText(value as Geometry);
  if (Array.isArray(value)) return String(value.length);
  if (name === "public_place" || name === "release_how") return releaseWords(String(value));
  if (name === "detail") return words.detail(category, String(value));
  return words.label(name, String(value));
}

function placeText(geometry: Geometry): string {
  const [lon = 0, lat = 0] = markPosition(geometry) ?? [];
  return degreesText([lon, lat]);
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
