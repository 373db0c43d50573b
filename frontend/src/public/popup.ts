/** What a mark says when it is pressed: the same words as in the list. Text is always text. */

import { language, t } from "../core/language.ts";
import type { LayerFeature, LayerInfo } from "../core/layer.ts";
import type { Photo, Report } from "../core/report.ts";
import { dayTime } from "../core/times.ts";
import type { Vocabulary } from "../core/vocabulary.ts";
import { el } from "../dom/element.ts";
import { say, withoutReadings, withReadings } from "../dom/say.ts";

export function reportWords({ properties }: Report, words: Vocabulary): HTMLElement {
  const { category, severity, status, comment } = properties;
  const seen = properties.captured_at ?? properties.received_at;
  const place = inLanguage(properties.place, properties.place_en) ?? properties.municipality_name;
  const said = words.label("status", status);
  const title = t("Photo: {what}", { what: withoutReadings(words.label("category", category)) });
  return el(
    "div",
    { class: "popup" },
    el("strong", {}, withReadings(words.label("category", category))),
    el("p", {}, withReadings(`${words.label("severity", severity)} · ${said}`)),
    place ? el("p", {}, place) : null,
    comment ? el("p", {}, comment) : null,
    ...(properties.photos ?? []).map((photo) => photoLink(photo, title)),
    el("p", { class: "soft" }, dayTime(seen, Date.now())),
  );
}

function photoLink({ display_url, thumb_url, width, height }: Photo, alt: string): HTMLElement {
  const image = el("img", { src: thumb_url, alt, width, height, class: "popup__photo" });
  return el("a", { href: display_url, target: "_blank", rel: "noopener" }, image);
}

export function placeWords(
  feature: LayerFeature,
  layer: LayerInfo,
  words: Vocabulary,
): HTMLElement {
  const { properties } = feature;
  const state = properties.state ?? {};
  const checked = state.checked_at;
  const source = properties.source_name ?? layer.source_name;
  const publisher = inLanguage(properties.publisher, properties.publisher_en) ?? "";
  return el(
    "div",
    { class: "popup" },
    el("strong", {}, placeName(feature, layer)),
    el("p", {}, withReadings(stateWords(feature, layer, words))),
    state.note ? el("p", {}, state.note) : null,
    properties.address ? el("p", {}, properties.address) : null,
    checked ? el("p", { class: "soft" }, say("Checked"), " ", dayTime(checked, Date.now())) : null,
    el(
      "p",
      { class: "soft" },
      say("{source} / published by {publisher}", { source: source || t("not given"), publisher }),
    ),
    properties.estimated ? el("p", { class: "soft" }, say("Place estimated")) : null,
  );
}

export function placeName({ properties }: LayerFeature, layer: LayerInfo): string {
  const title = inLanguage(layer.title, layer.title_en) ?? layer.title;
  return inLanguage(properties.name, properties.name_en) ?? title;
}

function stateWords({ properties }: LayerFeature, layer: LayerInfo, words: Vocabulary): string {
  const kind = words.term("layer_kind", layer.kind);
  const said = Object.entries(kind?.states ?? {}).map(([field, codes]) => {
    const code = properties.state?.[field as "operation" | "congestion" | "traffic"];
    return field === "congestion" && !code ? null : words.label(codes, code ?? "unknown");
  });
  return [words.label("layer_kind", layer.kind), ...said.filter(Boolean)].join(" · ");
}

function inLanguage(
  japanese: string | null | undefined,
  english: string | null | undefined,
): string | null {
  return (language() === "en" && english) || japanese || null;
}
