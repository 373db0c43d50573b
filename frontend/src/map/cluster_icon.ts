/** Many reports as one mark: a ring cut by severity, the worst at the top, and how many. */

import { rank } from "../core/filter.ts";
import { number } from "../core/language.ts";
import { svg } from "../dom/element.ts";

/** Length of the ring, so that shares are lengths. */
const WHOLE = 100;
const RADIUS = WHOLE / (2 * Math.PI);
const SIDE = 46;

export function clusterIcon(count: number, bySeverity: Readonly<Record<string, number>>) {
  const worst = bySeverityWorstFirst(bySeverity)[0]?.[0] ?? "unknown";
  const drawing = {
    class: `report-cluster worst-${worst} digits-${String(count).length}`,
    viewBox: `0 0 ${SIDE} ${SIDE}`,
    "aria-hidden": "true",
    "data-count": count,
  };
  const centre = { cx: SIDE / 2, cy: SIDE / 2 };
  return svg(
    "svg",
    drawing,
    svg("circle", { class: "disc", ...centre, r: RADIUS + 5 }),
    ...shares(count, bySeverity),
    svg("text", { x: SIDE / 2, y: SIDE / 2 + 4.5 }, short(count)),
  );
}

export function bySeverityWorstFirst(
  bySeverity: Readonly<Record<string, number>>,
): [string, number][] {
  return Object.entries(bySeverity)
    .filter(([, n]) => n > 0)
    .sort(([a], [b]) => rank(a) - rank(b));
}

function shares(count: number, bySeverity: Readonly<Record<string, number>>): SVGElement[] {
  let from = 0;
  return bySeverityWorstFirst(bySeverity).map(([code, n]) => {
    const length = (n / count) * WHOLE;
    const made = svg("circle", {
      class: `share severity-${code}`,
      cx: SIDE / 2,
      cy: SIDE / 2,
      r: RADIUS,
      pathLength: WHOLE,
      "stroke-dasharray": `${length} ${WHOLE - length}`,
      "stroke-dashoffset": WHOLE / 4 - from,
    });
    from += length;
    return made;
  });
}

/** 12,345 does not fit into a mark: the exact number is in its words. */
function short(count: number): string {
  if (count < 10_000) return number(count);
  return new Intl.NumberFormat(document.documentElement.lang || "en", {
    notation: "compact",
    maximumSignificantDigits: 3,
  }).format(count);
}
