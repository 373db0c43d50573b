/** An official place or road that was clicked: state, who says so, and when. */

import { number, t } from "../core/language.ts";
import type { LayerFeature, LayerInfo, Word } from "../core/layer.ts";
import { featureId } from "../core/layer_contents.ts";
import { timeAgo } from "../core/times.ts";
import type { Vocabulary } from "../core/vocabulary.ts";
import { button, byId, el } from "../dom/element.ts";
import type { Desk } from "./desk.ts";
import { featureName, layerTitle, publisherName, sourceLine } from "./layer_words.ts";
import { occupancy, placeUrl } from "./occupancy.ts";
import { situationSection } from "./situation.ts";

/** What the card shows now: layer and feature. */
let shown: string | null = null;

export function showFeature(feature: LayerFeature, layer: LayerInfo, desk: Desk): void {
  const card = byId("feature-card");
  shown = keyOf(featureId(feature), layer);
  const { properties } = feature;
  const close = button("×", () => hideFeature(), { class: "square", "aria-label": t("Close") });
  card.classList.remove("is-gone");
  card.replaceChildren(
    el("header", {}, el("h2", {}, featureName(feature) ?? layerTitle(layer)), close),
    el("p", { class: "quiet" }, desk.words.label("layer_kind", layer.kind)),
    el("dl", { class: "facts" }, ...states(feature, layer, desk.words)),
    el("div", { class: "card-chart" }),
    ...situationSection(feature, layer, desk),
    el("p", {}, properties.address ?? ""),
    el("p", { class: "layer-source" }, source(feature, layer)),
    ...doubts(feature),
  );
  card.hidden = false;
  void drawOccupancy(card, feature, layer, desk);
}

/** News of the feature that is shown; who reads in its series goes on reading. */
export function refreshFeature(feature: LayerFeature, layer: LayerInfo, desk: Desk): void {
  const card = byId("feature-card");
  if (card.hidden || shown !== keyOf(featureId(feature), layer)) return;
  const open = card.querySelector("details")?.open ?? false;
  const reading = document.activeElement?.closest("#feature-card details") !== null;
  showFeature(feature, layer, desk);
  const series = card.querySelector("details");
  if (series) series.open = open;
  if (reading) series?.querySelector("summary")?.focus();
}

/** It was taken out of its layer while somebody reads: said, not taken away from under the eyes. */
export function featureGone(id: string, layer: LayerInfo): void {
  const card = byId("feature-card");
  if (card.hidden || shown !== keyOf(id, layer) || card.classList.contains("is-gone")) return;
  card.classList.add("is-gone");
  const words = t("This place has just been withdrawn. What stands here was last said of it.");
  card.querySelector("header")?.after(el("p", { class: "doubtful", role: "alert" }, words));
}

function keyOf(id: string, layer: LayerInfo): string {
  return `${layer.slug}/${id}`;
}

export function hideFeature(): boolean {
  const card = byId("feature-card");
  const was = !card.hidden;
  card.hidden = true;
  return was;
}

function states(feature: LayerFeature, layer: LayerInfo, words: Vocabulary): HTMLElement[] {
  const { state_sources } = feature.properties;
  const state = feature.properties.state ?? {};
  const fields = words.term("layer_kind", layer.kind)?.states ?? {};
  const names: Record<string, string> = {
    operation: t("State"),
    congestion: t("How full"),
    traffic: t("Traffic"),
  };
  const lines = Object.entries(fields).flatMap(([field, codes]) => {
    const code = state[field as "operation" | "congestion" | "traffic"] ?? "unknown";
    return pair(names[field] ?? field, words.label(codes, code), state_sources?.[field]);
  });
  const { persons, note, checked_at } = state;
  if (typeof persons === "number")
    lines.push(...pair(t("People"), number(persons), state_sources?.persons));
  if (note) lines.push(...pair(t("Note"), note, state_sources?.note));
  if (checked_at) lines.push(...pair(t("Checked"), timeAgo(checked_at, Date.now())));
  return lines;
}

function pair(name: string, value: string, word?: Word): HTMLElement[] {
  const shown = el("dd", {}, value);
  if (word?.source_as_of) shown.append(" ", el("span", { class: "quiet" }, whose(word)));
  return [el("dt", {}, name), shown];
}

function whose({ by, source_as_of }: Word): string {
  const time = source_as_of ? timeAgo(source_as_of, Date.now()) : "";
  return by ? `${time} ${by}` : time;
}

function source({ properties }: LayerFeature, layer: LayerInfo): string {
  return sourceLine({
    source_name: properties.source_name ?? layer.source_name ?? null,
    source_as_of: properties.source_as_of ?? layer.source_as_of ?? null,
    publisher: publisherName(layer),
    published_at: layer.published_at ?? null,
  });
}

function doubts({ properties, geometry }: LayerFeature): HTMLElement[] {
  const said = [
    properties.estimated ? t("Place estimated") : null,
    geometry === null ? t("It has no place: it is in lists only.") : null,
    properties.conflict?.length ? t("Sources disagree") : null,
  ];
  return said.flatMap((words) => (words ? [el("p", { class: "doubtful" }, words)] : []));
}

async function drawOccupancy(
  card: HTMLElement,
  feature: LayerFeature,
  layer: LayerInfo,
  desk: Desk,
): Promise<void> {
  if (typeof feature.properties.state?.persons !== "number") return;
  const holder = card.querySelector(".card-chart");
  const url = placeUrl(desk.page.urls.series, layer.slug, featureId(feature));
  const chart = await occupancy(url, desk.api).catch(() => null);
  if (chart) holder?.replaceChildren(chart);
}
