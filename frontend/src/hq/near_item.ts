/** A near or found place in a list: its name opens it, then distance, state, and whose word it is. */

import { t } from "../core/language.ts";
import type { NearPlace } from "../core/near.ts";
import { timeAgo } from "../core/times.ts";
import type { Vocabulary } from "../core/vocabulary.ts";
import { button, el } from "../dom/element.ts";
import { supportMark } from "../map/support_icon.ts";
import { inLanguage } from "./layer_words.ts";
import { length } from "./place_lines.ts";

export function nearName(place: NearPlace, words: Vocabulary): string {
  return inLanguage(place) ?? words.label("layer_kind", place.kind);
}

export function nearItem(place: NearPlace, words: Vocabulary, open: () => void): HTMLElement {
  const mark = supportMark(place.kind, place, words) as unknown as HTMLElement;
  const name = button(nearName(place, words), open, { class: "link near-name" });
  return el(
    "li",
    { class: "near-item" },
    mark,
    el(
      "div",
      {},
      name,
      el("p", { class: "near-facts" }, ...facts(place, words)),
      // where it is says more of a place that was looked for than of one that is measured
      place.distance_m === undefined ? el("p", { class: "quiet" }, place.address) : null,
      el("p", { class: "quiet" }, whose(place)),
    ),
  );
}

function facts(place: NearPlace, words: Vocabulary): (Node | string | null)[] {
  const { distance_m: metres } = place;
  return [
    metres === undefined ? null : el("b", {}, length(metres)),
    stateWords(place, words),
    place.estimated ? el("span", { class: "doubtful" }, ` ${t("Place estimated")}`) : null,
  ].map((part) => (typeof part === "string" ? ` ${part}` : part));
}

/** Open · Crowded; the word for "unknown" where the kind has a state and nobody said it. */
export function stateWords(place: NearPlace, words: Vocabulary): string {
  const states = words.term("layer_kind", place.kind)?.states ?? {};
  const said = Object.entries(states).map(([field, codes]) => {
    const code = place[field as "operation" | "congestion" | "traffic"];
    return field === "congestion" && !code ? null : words.label(codes, code ?? "unknown");
  });
  return said.filter(Boolean).join(" · ");
}

function whose(place: NearPlace): string {
  const publisher = inLanguage({ name: place.publisher, name_en: place.publisher_en ?? null });
  const at = place.operation_as_of ?? place.traffic_as_of ?? place.source_as_of;
  const source = place.source_name || publisher || "";
  // the time first: where the line is cut, it is not
  return at ? `${timeAgo(at, Date.now())} ${source}` : source;
}
