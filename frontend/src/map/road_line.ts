/** Roads as lines: state by pattern and weight, from the vocabulary's `line-*` shapes. */

import { L, type LatLngExpression, type Layer, type PolylineOptions } from "./leaflet.ts";

export interface Stroke {
  readonly weight: number;
  readonly dash?: string;
  readonly tone: "halo" | "mark" | "soft" | "faint";
}

const HALO: Stroke = { weight: 9, tone: "halo" };

/** Drawn in order, the later over the earlier. */
const PATTERNS: Readonly<Record<string, readonly Stroke[]>> = {
  "line-barred": [
    { weight: 16, tone: "halo", dash: "5 9" },
    { weight: 13, tone: "mark", dash: "3 11" },
    { weight: 5, tone: "mark" },
  ],
  "line-half": [HALO, { weight: 6, tone: "faint" }, { weight: 6, tone: "mark", dash: "10 10" }],
  "line-thin": [
    { weight: 10, tone: "soft" },
    { weight: 6, tone: "halo" },
    { weight: 2, tone: "soft" },
  ],
  "line-dotted": [HALO, { weight: 5, tone: "soft", dash: "1 9" }],
  "line-double": [
    { weight: 9, tone: "mark" },
    { weight: 4, tone: "halo" },
  ],
  "line-plain": [
    { weight: 6, tone: "halo" },
    { weight: 3, tone: "faint" },
  ],
  "line-arrow": [HALO, { weight: 4, tone: "soft", dash: "14 5 2 5" }],
  "line-dashed": [HALO, { weight: 4, tone: "faint", dash: "9 8" }],
};

export function roadLine(shape: string, lines: LatLngExpression[][]): Layer[] {
  const pattern = PATTERNS[shape] ?? PATTERNS["line-dashed"] ?? [];
  return pattern.map((stroke) => L.polyline(lines, look(stroke)));
}

function look(stroke: Stroke): PolylineOptions {
  const lineCap = stroke.dash?.startsWith("1 ") ? "round" : "butt";
  const className = `road tone-${stroke.tone}`;
  return {
    className,
    weight: stroke.weight,
    lineCap,
    ...(stroke.dash && { dashArray: stroke.dash }),
  };
}

/** The same strokes for the legend. */
export function roadStrokes(shape: string): readonly Stroke[] {
  return PATTERNS[shape] ?? [];
}
