/** The legend of a kind: the states that occur in it, then how full, with mark, word and count. */

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
  return el("ul", { class: "legend" }, ...lines, ...crowdLines(kind, features, words));
}

/** The bars below a mark, each that occurs; "not known" and "not reported" draw none. */
function crowdLines(
  kind: string,
  features: readonly LayerFeature[],
  words: Vocabulary,
): HTMLElement[] {
  const said = features.flatMap(({ properties }) => properties.state?.congestion ?? []);
  return words.terms("congestion").flatMap((term) => {
    const count = said.filter((code) => code === term.code).length;
    if (count === 0 || !term.shape.startsWith("bar-")) return [];
    const mark = supportMark(kind, { congestion: term.code }, words);
    return [entryLine(mark, words.label("congestion", term.code), count)];
  });
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
  return entryLine(mark, words.label(field, term.code), count);
}

function entryLine(mark: SVGElement, label: string, count: number): HTMLElement {
  const counted = el("span", { class: "count" }, number(count));
  return el("li", {}, mark as unknown as HTMLElement, label, counted);
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
