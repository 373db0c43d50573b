/** A report's words and marks, the same on every list and detail of the phone. */

import { language, number, t } from "../../core/language.ts";
import type { Report } from "../../core/report.ts";
import type { Vocabulary } from "../../core/vocabulary.ts";
import { el } from "../../dom/element.ts";
import { icon } from "../../dom/icon.ts";
import { say, withoutReadings, withReadings } from "../../dom/say.ts";
import type { ReportContent } from "../../outbox/entry.ts";

/** "Road: collapsed"; what is not chosen yet is said so. */
export function categoryWords(
  words: Vocabulary,
  { category, detail }: { readonly category: string | null; readonly detail?: string | null },
): Node {
  if (!category) return say("No category yet");
  const name = words.label("category", category);
  return withReadings(detail ? `${name} · ${words.detail(category, detail)}` : name);
}

export function categoryIcon(words: Vocabulary, category: string | null): string {
  return (category && words.term("category", category)?.icon) || "ui_camera";
}

/** Shape, letter and word: never by colour alone. */
export function severityMark(words: Vocabulary, severity: string): HTMLElement {
  const name = withoutReadings(words.label("severity", severity));
  const letter = words.letter("severity", severity);
  return el("span", { class: `mark mark--${severity}`, role: "img", "aria-label": name }, letter);
}

export function statusBadge(words: Vocabulary, status: string): HTMLElement {
  const mark = words.term("status", status)?.icon ?? "status_received";
  const label = withReadings(words.label("status", status));
  return el("span", { class: "status" }, icon(mark), el("span", {}, label));
}

/** Where a report is that the service knows. */
export function placeOfReport({ geometry, properties }: Report): string {
  const { place, place_en, municipality_name } = properties;
  const said = language() === "en" ? place_en || place : place;
  if (said) return said;
  if (municipality_name) return municipality_name;
  return geometry ? t("Place without a name") : t("No place yet");
}

/** Where it is as far as only this phone knows. */
export function placeOfContent({ pin, device_fix }: ReportContent): string {
  if (pin) return t("Place set on the map");
  if (!device_fix) return t("No place yet");
  const { accuracy_m } = device_fix;
  if (accuracy_m === null) return t("Position of this phone");
  return t("Position of this phone, ±{n} m", { n: number(Math.round(accuracy_m)) });
}

/** Six characters in two groups, as one says them. */
export function receiptGroups(receipt: string): string {
  return receipt.replace(/^(...)(?=.)/, "$1 ");
}

const SPELLING: Readonly<Record<string, string>> = {
  A: "Alfa",
  B: "Bravo",
  C: "Charlie",
  D: "Delta",
  E: "Echo",
  F: "Foxtrot",
  G: "Golf",
  H: "Hotel",
  J: "Juliett",
  K: "Kilo",
  L: "Lima",
  M: "Mike",
  N: "November",
  P: "Papa",
  Q: "Quebec",
  R: "Romeo",
  S: "Sierra",
  T: "Tango",
  U: "Uniform",
  V: "Victor",
  W: "Whiskey",
  X: "X-ray",
  Y: "Yankee",
  Z: "Zulu",
};

/** Letter by letter as it is read over the radio (ITU); figures stay figures. */
export function spelled(receipt: string): readonly string[] {
  return [...receipt].map((letter) => SPELLING[letter] ?? letter);
}
