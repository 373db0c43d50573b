/** The occupancy of a place as a small drawing, with the same in words for who does not see it. */

import type { Api } from "../core/api.ts";
import { number, t } from "../core/language.ts";
import { type Count, counts, type SeriesItem, stepPath } from "../core/occupancy.ts";
import { dayTime } from "../core/times.ts";
import { el, svg } from "../dom/element.ts";

const [WIDTH, HEIGHT] = [120, 28];
/** So many words of the series are enough for a drawing of this size. */
const MOST = 200;

/** null while there are fewer than two counts: one count is no course. */
export async function occupancy(url: string, api: Api): Promise<HTMLElement | null> {
  const query = `${url.includes("?") ? "&" : "?"}limit=${MOST}`;
  const { items } = await api.get<{ items: readonly SeriesItem[] }>(url + query);
  const told = counts(items);
  return told.length < 2 ? null : drawing(told, Date.now());
}

function drawing(told: readonly Count[], now: number): HTMLElement {
  const [first, last] = [told[0], told.at(-1)];
  const most = Math.max(...told.map(({ persons }) => persons));
  const words = t("People: {first} at {start}, {last} at {end}, at most {most}", {
    first: number(first?.persons ?? 0),
    start: dayTime(first?.at ?? 0, now),
    last: number(last?.persons ?? 0),
    end: dayTime(last?.at ?? 0, now),
    most: number(most),
  });
  const look = { class: "occupancy", viewBox: `-1 -1 ${WIDTH + 2} ${HEIGHT + 2}` };
  const line = svg("path", { d: stepPath(told, WIDTH, HEIGHT, now) });
  const made = svg("svg", { ...look, role: "img", "aria-label": words }, line);
  return el("span", { class: "occupancy-box", title: words }, made as unknown as HTMLElement);
}

/** `{slug}` and `{id}` of an address filled in. */
export function placeUrl(url: string, layer: string, id: string): string {
  return url.replace("{slug}", layer).replace("{id}", encodeURIComponent(id));
}
