/**
 * The mark of an official place: small, square-cornered, line icon, so that nobody takes it for a
 * report. How it is filled tells its state; four bars below tell how full it is. 24 units.
 */

import type { LiveState } from "../core/layer.ts";
import type { Term, Vocabulary } from "../core/vocabulary.ts";
import { svg } from "../dom/element.ts";
import { use } from "../dom/icon.ts";

export function supportMark(kind: string, state: LiveState, words: Vocabulary): SVGElement {
  const term = words.term("layer_kind", kind);
  const shape = stateTerm(term, state, words)?.shape ?? "plain";
  const look = {
    class: `support-mark state-${shape}`,
    viewBox: "0 0 24 24",
    "aria-hidden": "true",
  };
  const glyph = use(term?.icon ?? "layer_other", {
    class: "glyph",
    x: 5,
    y: 5,
    width: 14,
    height: 14,
  });
  return svg("svg", look, box("halo"), box("box"), glyph, ...slash(shape), ...bars(state, words));
}

/** The word for the state: operation, else traffic; null where the kind has no live state. */
export function stateTerm(kind: Term | null, state: LiveState, words: Vocabulary): Term | null {
  for (const field of ["operation", "traffic"] as const) {
    const codes = kind?.states?.[field];
    if (codes) return words.term(codes, state[field] ?? "unknown");
  }
  return null;
}

function box(part: string): SVGElement {
  return svg("rect", { class: part, x: 3, y: 3, width: 18, height: 18 });
}

function slash(shape: string): SVGElement[] {
  if (shape !== "slashed") return [];
  return [svg("path", { class: "slash", d: "M4 20 20 4" })];
}

function bars(state: LiveState, words: Vocabulary): SVGElement[] {
  const shape = state.congestion ? words.term("congestion", state.congestion)?.shape : undefined;
  const full = Number(shape?.match(/^bar-(\d)$/)?.[1] ?? 0);
  if (full === 0) return [];
  return [1, 2, 3, 4].map((n) =>
    svg("rect", {
      class: n <= full ? "level on" : "level",
      x: n * 4.6 - 1.6,
      y: 20,
      width: 4,
      height: 3.6,
    }),
  );
}
