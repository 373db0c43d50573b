/** An official place as a row of a list: state first, then who says so and when. */

import { language } from "../../core/language.ts";
import type { LayerFeature, LayerInfo } from "../../core/layer.ts";
import { timeAgo } from "../../core/times.ts";
import type { Vocabulary } from "../../core/vocabulary.ts";
import { el } from "../../dom/element.ts";
import { icon } from "../../dom/icon.ts";
import { plain, say, withoutReadings, withReadings } from "../../dom/say.ts";
import { isVisited } from "../facility/facility.ts";
import type { RankedPlace } from "./nearest.ts";
import { distance } from "./report_card.ts";

/** Older than this nobody should rely on a state that nobody promised to keep. */
const OLD_MS = 12 * 3_600_000;

export function placeCard(place: RankedPlace, words: Vocabulary, now: number): HTMLElement {
  const { feature, info } = place;
  const stale = isOld(feature, info, now);
  const head = el(
    "span",
    { class: "place-card__head" },
    el("strong", {}, featureName(feature, info)),
    distance(place.metres),
  );
  const body = [
    head,
    el("span", { class: "place-card__state" }, ...stateBadges(feature, info, words)),
    feature.properties.address ? el("span", { class: "soft" }, feature.properties.address) : null,
    ...warnings(feature, info),
    el("span", { class: "soft place-card__source" }, sourceWords(feature, info, now)),
    stale
      ? el("span", { class: "place-card__old" }, icon("ui_alert"), say("May be out of date"))
      : null,
  ];
  const mark = el("span", { class: "place-mark" }, icon(kindIcon(info, words)));
  const inner = el("span", { class: "place-card__words" }, ...body);
  const path = facilityPath(info.slug, String(feature.id));
  const card = isVisited(info.kind, words)
    ? el("a", { class: "place-card__link", href: `/m/${path}`, "data-go": path }, mark, inner)
    : el("div", { class: "place-card__link" }, mark, inner);
  return el("li", { class: stale ? "place-card place-card--old" : "place-card" }, card);
}

export function facilityPath(layer: string, feature: string): string {
  return `shelter/${encodeURIComponent(layer)}/${encodeURIComponent(feature)}`;
}

export function featureName({ properties }: LayerFeature, info: LayerInfo): string {
  const own = (language() === "en" && properties.name_en) || properties.name;
  return own || layerTitle(info);
}

export function layerTitle({ title, title_en }: LayerInfo): string {
  return (language() === "en" && title_en) || title;
}

export function kindIcon({ kind }: LayerInfo, words: Vocabulary): string {
  return words.term("layer_kind", kind)?.icon ?? "layer_other";
}

/** The kind, and what is known of each of its states; unknown is said, never left out. */
export function stateBadges(
  { properties }: LayerFeature,
  { kind }: LayerInfo,
  words: Vocabulary,
): HTMLElement[] {
  const fields = Object.entries(words.term("layer_kind", kind)?.states ?? {});
  const badges = fields.flatMap(([field, codes]) => {
    const code = properties.state?.[field as "operation" | "congestion" | "traffic"];
    if (!code && field === "congestion") return [];
    return [codeBadge(codes, code ?? "unknown", words)];
  });
  return [el("span", { class: "soft" }, withReadings(words.label("layer_kind", kind))), ...badges];
}

export function codeBadge(codes: string, code: string, words: Vocabulary): HTMLElement {
  const term = words.term(codes, code);
  const look = `badge badge--${term?.shape ?? "dashed"}`;
  const word = withReadings(words.label(codes, code));
  return el("span", { class: look }, term?.icon ? icon(term.icon) : null, word);
}

function warnings({ properties }: LayerFeature, { kind }: LayerInfo): (HTMLElement | null)[] {
  const disputed = (properties.conflict ?? []).length > 0;
  return [
    kind === "evacuation_site"
      ? el("span", { class: "soft" }, say("A place to run to. This does not say that it is open."))
      : null,
    disputed ? el("span", { class: "place-card__old" }, say("Sources disagree")) : null,
    properties.estimated ? el("span", { class: "soft" }, say("Place estimated")) : null,
    properties.state?.note ? el("span", {}, properties.state.note) : null,
  ];
}

/** 熊本市 14:05（3分前）／ 掲載 北九州市: publisher and source are two things. */
export function sourceWords(feature: LayerFeature, info: LayerInfo, now: number): string {
  const { properties } = feature;
  const source = properties.source_name ?? info.source_name ?? "";
  const asOf = knownAt(feature, info);
  const publisher = publisherName(feature, info);
  const said = [source, asOf ? timeAgo(asOf, now) : plain("time not given")];
  const line = said.filter(Boolean).join(" ");
  if (!publisher || publisher === source) return withoutReadings(line);
  return withoutReadings(plain("{source} / published by {publisher}", { source: line, publisher }));
}

function publisherName({ properties }: LayerFeature, { publisher }: LayerInfo): string {
  const own = (language() === "en" && properties.publisher_en) || properties.publisher;
  return own || (language() === "en" && publisher?.name_en) || publisher?.name || "";
}

/** As of when its state is so, as far as anybody said; null when nobody did. */
export function knownAt({ properties }: LayerFeature, info: LayerInfo): string | null {
  const { state, situation, source_as_of } = properties;
  const told = [state?.checked_at, situation?.as_of, source_as_of ?? info.source_as_of];
  const times = told.filter((one): one is string => typeof one === "string");
  return times.sort((a, b) => Date.parse(b) - Date.parse(a))[0] ?? null;
}

function isOld(feature: LayerFeature, info: LayerInfo, now: number): boolean {
  // sites and the like do not change within hours
  if (!feature.properties.state?.operation) return info.stale === true;
  const at = knownAt(feature, info);
  return info.stale === true || at === null || now - Date.parse(at) > OLD_MS;
}
