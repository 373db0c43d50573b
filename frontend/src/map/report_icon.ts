/**
 * The mark of a report, drawn in 36 units around (18, 18): fill = severity, glyph = category,
 * outline = severity too, letter = severity a third time, ring = status. Colours are CSS classes.
 */

import type { Report } from "../core/report.ts";
import type { Vocabulary } from "../core/vocabulary.ts";
import { svg } from "../dom/element.ts";
import { use } from "../dom/icon.ts";

const OUTLINES: Readonly<Record<string, string>> = {
  diamond: "M18 3.6 32.4 18 18 32.4 3.6 18z",
  pentagon: "M18 4.4 31.3 14.1 26.2 29.8H9.8L4.7 14.1z",
  hexagon: "M18 5 29.3 11.5v13L18 31 6.7 24.5v-13z",
  circle: "M18 6.5a11.5 11.5 0 1 1 0 23 11.5 11.5 0 0 1 0-23z",
  ring: "M18 6.5a11.5 11.5 0 1 1 0 23 11.5 11.5 0 0 1 0-23z",
};
const PLAIN = OUTLINES.circle as string;

export interface MarkOptions {
  /** Just arrived: pulses three times. */
  readonly arriving?: boolean;
}

export function reportMark(report: Report, words: Vocabulary, options: MarkOptions = {}) {
  const { severity, status } = report.properties;
  const ring = words.term("status", status)?.shape ?? "ring-solid";
  const classes = ["report-mark", `severity-${severity}`, `status-${ring}`];
  if (options.arriving) classes.push("arriving");
  const drawing = {
    class: classes.join(" "),
    viewBox: "0 0 36 36",
    "aria-hidden": "true",
    "data-report": report.id,
  };
  return svg("svg", drawing, ...body(report, words), letter(words.letter("severity", severity)));
}

function body({ properties }: Report, words: Vocabulary): SVGElement[] {
  const shape = words.term("severity", properties.severity)?.shape ?? "circle";
  const d = OUTLINES[shape] ?? PLAIN;
  const glyph = words.term("category", properties.category)?.icon ?? "other";
  const outlines = ["pulse", "halo", "ring", "gap", "fill"].map((part) => outline(part, d));
  return [...outlines, use(glyph, { class: "glyph", x: 10.5, y: 10.5, width: 15, height: 15 })];
}

// pathLength makes "half of the ring" the same dash pattern for every outline.
function outline(part: string, d: string): SVGElement {
  return svg("path", { class: part, d, pathLength: 100 });
}

function letter(text: string): SVGElement {
  const circle = svg("circle", { cx: 29, cy: 29, r: 6 });
  return svg("g", { class: "letter" }, circle, svg("text", { x: 29, y: 32.2 }, text));
}
