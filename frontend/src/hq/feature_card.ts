/** An official place or road that was clicked: state, who says so, and when. */

import { number, t } from "../core/language.ts";
import type { LayerFeature, LayerInfo } from "../core/layer.ts";
import { timeAgo } from "../core/times.ts";
import type { Vocabulary } from "../core/vocabulary.ts";
import { button, byId, el } from "../dom/element.ts";
import type { Desk } from "./desk.ts";
import { featureName, layerTitle, publisherName, sourceLine } from "./layers.ts";
import { situationSection } from "./situation.ts";

/** What the card shows now: layer and feature. */
let shown: string | null = null;

export function showFeature(feature: LayerFeature, layer: LayerInfo, desk: Desk): void {
  const card = byId("feature-card");
  shown = keyOf(feature, layer);
  const close = button("×", () => hideFeature(), { class: "square", "aria-label": t("Close") });
  const { properties } = feature;
  const source = sourceLine({
    source_name: properties.source_name ?? layer.source_name ?? null,
    source_as_of: properties.source_as_of ?? layer.source_as_of ?? null,
    publisher: publisherName(layer),
  });
  card.replaceChildren(
    el("header", {}, el("h2", {}, featureName(feature) ?? layerTitle(layer)), close),
    el("p", { class: "quiet" }, desk.words.label("layer_kind", layer.kind)),
    el("dl", { class: "facts" }, ...states(feature, layer, desk.words)),
    ...situationSection(feature, layer, desk),
    el("p", {}, properties.address ?? ""),
    el("p", { class: "layer-source" }, source),
  );
  if (properties.estimated) card.append(el("p", { class: "doubtful" }, t("Place estimated")));
  if (properties.conflict?.length)
    card.append(el("p", { class: "doubtful" }, t("Sources disagree")));
  card.hidden = false;
}

/** News of the feature that is shown; who reads in its series goes on reading. */
export function refreshFeature(feature: LayerFeature, layer: LayerInfo, desk: Desk): void {
  const card = byId("feature-card");
  if (card.hidden || shown !== keyOf(feature, layer)) return;
  const open = card.querySelector("details")?.open ?? false;
  const reading = document.activeElement?.closest("#feature-card details") !== null;
  showFeature(feature, layer, desk);
  const series = card.querySelector("details");
  if (series) series.open = open;
  if (reading) series?.querySelector("summary")?.focus();
}

function keyOf(feature: LayerFeature, layer: LayerInfo): string {
  return `${layer.slug}/${feature.properties.feature_id ?? feature.id}`;
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
