/** How visitors found a facility: the latest with its age, and the series when it is opened. */

import { number, t } from "../core/language.ts";
import type { LayerFeature, LayerInfo } from "../core/layer.ts";
import type { Series, Situation } from "../core/situation.ts";
import { exactTime, timeAgo } from "../core/times.ts";
import type { Vocabulary } from "../core/vocabulary.ts";
import { button, el } from "../dom/element.ts";
import type { Desk } from "./desk.ts";

/** So many rows are read at a time. */
const ROWS = 30;
const LIFELINES = ["power", "water", "toilets"] as const;

/** Nothing where nobody has been yet. */
export function situationSection(
  feature: LayerFeature,
  layer: LayerInfo,
  desk: Desk,
): HTMLElement[] {
  const { situation } = feature.properties;
  if (!situation) return [];
  const seen = timeAgo(situation.as_of, Date.now());
  const who = situation.by
    ? t("Visited {time} by {name}", { time: seen, name: situation.by })
    : t("Visited {time}", { time: seen });
  return [
    el("h3", { title: exactTime(situation.captured_at) }, who),
    el("dl", { class: "facts" }, ...latest(situation, desk.words)),
    series(feature, layer, desk),
  ];
}

function latest(situation: Situation, words: Vocabulary): HTMLElement[] {
  const counts: [string, number | null][] = [
    [t("People"), situation.persons],
    [t("Households"), situation.households],
    [t("In cars"), situation.car_stayers],
  ];
  const said: [string, string | null | undefined][] = [
    ...counts.map(([name, n]): [string, string | null] => [name, n === null ? null : number(n)]),
    ...LIFELINES.map((name): [string, string | null] => {
      const code = situation[name];
      return [lifelineName(name), code && words.label("lifeline", code)];
    }),
    [t("Needed"), situation.needs],
    [t("Note"), situation.note],
  ];
  return said.flatMap(([name, value]) =>
    value ? [el("dt", {}, name), el("dd", { class: "comment" }, value)] : [],
  );
}

function lifelineName(name: (typeof LIFELINES)[number]): string {
  return { power: t("Power"), water: t("Water"), toilets: t("Toilets") }[name];
}

function series(feature: LayerFeature, layer: LayerInfo, desk: Desk): HTMLElement {
  const body = el("tbody");
  const head = columns().map((name) => el("th", { scope: "col" }, name));
  const table = el("table", { class: "series" }, el("thead", {}, el("tr", {}, ...head)), body);
  const more = button(t("Earlier visits"), () => void read(), { class: "link", hidden: true });
  const note = el("p", { class: "quiet", role: "status" });
  const box = el("div", { class: "series-box", tabindex: "0" }, table);
  const whole = el("details", {}, el("summary", {}, t("All visits")), box, note, more);
  let cursor: string | null = null;

  async function read(): Promise<void> {
    note.textContent = t("Loading…");
    try {
      const url = seriesUrl(feature, layer, desk) + (cursor ? `&cursor=${cursor}` : "");
      const answer = await desk.api.get<Series>(url);
      body.append(...answer.items.flatMap((item) => rows(item, layer, desk.words)));
      cursor = answer.cursor;
      more.hidden = cursor === null;
      note.textContent = t("– means not reported.");
    } catch {
      note.textContent = t("The visits cannot be read just now.");
      more.hidden = false;
    }
  }

  whole.addEventListener("toggle", () => {
    if (whole.open && body.childElementCount === 0) void read();
  });
  return whole;
}

function seriesUrl(feature: LayerFeature, layer: LayerInfo, desk: Desk): string {
  const id = encodeURIComponent(feature.properties.feature_id ?? "");
  const url = desk.page.urls.situations.replace("{slug}", layer.slug).replace("{id}", id);
  return `${url}&limit=${ROWS}`;
}

function columns(): string[] {
  return [
    t("Time"),
    t("State"),
    t("People"),
    t("Households"),
    t("In cars"),
    t("How full"),
    ...LIFELINES.map(lifelineName),
    t("By"),
  ];
}

function rows(item: Situation, layer: LayerInfo, words: Vocabulary): HTMLElement[] {
  const states = words.term("layer_kind", layer.kind)?.states ?? {};
  const label = (kind: string | undefined, code: string | null) =>
    code && kind ? words.label(kind, code) : code;
  const time = el("th", { scope: "row", title: exactTime(item.captured_at) });
  time.append(timeAgo(item.as_of, Date.now()));
  if (item.as_of !== item.captured_at)
    time.append(" ", el("span", { class: "doubtful" }, t("Lies in the future")));
  const cells = [
    label(states.operation, item.operation),
    ...[item.persons, item.households, item.car_stayers].map((n) => (n === null ? n : number(n))),
    label(states.congestion, item.congestion),
    ...LIFELINES.map((name) => label("lifeline", item[name])),
    item.by ?? null,
  ];
  const row = el("tr", {}, time, ...cells.map((text) => el("td", {}, text ?? "–")));
  return [row, ...wordsOf(item)];
}

function wordsOf({ needs, note }: Situation): HTMLElement[] {
  const said = [
    needs ? t("Needed: {text}", { text: needs }) : null,
    note ? t("Note: {text}", { text: note }) : null,
  ].filter((text) => text !== null);
  if (said.length === 0) return [];
  const span = columns().length;
  const lines = said.map((text) => el("div", { class: "comment" }, text));
  return [el("tr", { class: "series-words" }, el("td", { colspan: span }, ...lines))];
}
