/** An official place or road that was clicked: state, who says so, and when. */

import { number, t } from "../core/language.ts";
import type { LayerFeature, LayerInfo } from "../core/layer.ts";
import { timeAgo } from "../core/times.ts";
import type { Vocabulary } from "../core/vocabulary.ts";
import { button, byId, el } from "../dom/element.ts";
import { featureName, layerTitle, publisherName, sourceLine } from "./layers.ts";

export function showFeature(feature: LayerFeature, layer: LayerInfo, words: Vocabulary): void {
  const card = byId("feature-card");
  const close = button("×", () => hideFeature(), { class: "square", "aria-label": t("Close") });
  const { properties } = feature;
  const source = sourceLine({
    source_name: properties.source_name ?? layer.source_name ?? null,
    source_as_of: properties.source_as_of ?? layer.source_as_of ?? null,
    publisher: publisherName(layer),
  });
  card.replaceChildren(
    el("header", {}, el("h2", {}, featureName(feature) ?? layerTitle(layer)), close),
    el("p", { class: "quiet" }, words.label("layer_kind", layer.kind)),
    el("dl", { class: "facts" }, ...states(feature, layer, words)),
    el("p", {}, properties.address ?? ""),
    el("p", { class: "layer-source" }, source),
  );
  if (properties.estimated) card.append(el("p", { class: "doubtful" }, t("Place estimated")));
  if (properties.conflict?.length)
    card.append(el("p", { class: "doubtful" }, t("Sources disagree")));
  card.hidden = false;
}

export function hideFeature(): boolean {
  const card = byId("feature-card");
  const was = !card.hidden;
  card.hidden = true;
  return was;
}

function states(feature: LayerFeature, layer: LayerInfo, words: Vocabulary): HTMLElement[] {
  const state = feature.properties.state ?? {};
  const fields = words.term("layer_kind", layer.kind)?.states ?? {};
  const names: Record<string, string> = {
    operation: t("State"),
    congestion: t("How full"),
    traffic: t("Traffic"),
  };
  const lines = Object.entries(fields).flatMap(([field, codes]) => {
    const code = state[field as "operation" | "congestion" | "traffic"] ?? "unknown";
    return pair(names[field] ?? field, words.label(codes, code));
  });
  if (typeof state.persons === "number") lines.push(...pair(t("People"), number(state.persons)));
  if (state.note) lines.push(...pair(t("Note"), state.note));
  if (state.checked_at) lines.push(...pair(t("Checked"), timeAgo(state.checked_at, Date.now())));
  return lines;
}

function pair(name: string, value: string): HTMLElement[] {
  return [el("dt", {}, name), el("dd", {}, value)];
}
