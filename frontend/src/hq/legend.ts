/** The legend of a kind: the states that occur in it, each with its mark, word and count. */

import { number } from "../core/language.ts";
import type { LayerFeature, LiveState } from "../core/layer.ts";
import type { Term, Vocabulary } from "../core/vocabulary.ts";
import { el, svg } from "../dom/element.ts";
import { roadStrokes } from "../map/road_line.ts";
import { stateTerm, supportMark } from "../map/support_icon.ts";

interface Entry {
  readonly term: Term;
  readonly state: LiveState;
  count: number;
}

export function layerLegend(
  kind: string,
  features: readonly LayerFeature[],
  words: Vocabulary,
): HTMLElement {
  const entries = [...collect(kind, features, words).values()];
  const lines = entries.map((entry) => line(kind, entry, words));
  return el("ul", { class: "legend" }, ...lines);
}

function collect(kind: string, features: readonly LayerFeature[], words: Vocabulary) {
  const entries = new Map<string, Entry>();
  const layerKind = words.term("layer_kind", kind);
  for (const { properties } of features) {
    const { operation, traffic } = properties.state ?? {};
    const state = { operation: operation ?? null, traffic: traffic ?? null };
    const term = stateTerm(layerKind, state, words);
    if (!term) continue;
    const entry = entries.get(term.code) ?? { term, state, count: 0 };
    entry.count += 1;
    entries.set(term.code, entry);
  }
  return entries;
}

function line(kind: string, { term, state, count }: Entry, words: Vocabulary): HTMLElement {
  const road = term.shape.startsWith("line-");
  const mark = road ? roadSample(term.shape) : supportMark(kind, state, words);
  const field = Object.values(words.term("layer_kind", kind)?.states ?? {})[0] ?? "";
  const label = words.label(field, term.code);
  return el(
    "li",
    {},
    mark as unknown as HTMLElement,
    label,
    el("span", { class: "count" }, number(count)),
  );
}

function roadSample(shape: string): SVGElement {
  const strokes = roadStrokes(shape).map(({ weight, dash, tone }) =>
    svg("path", {
      class: `road tone-${tone}`,
      d: "M0 9H36",
      "stroke-width": weight,
      "stroke-dasharray": dash,
    }),
  );
  return svg(
    "svg",
    { class: "road-sample", viewBox: "0 0 36 18", "aria-hidden": "true" },
    ...strokes,
  );
}
