/** When a report was received: the last hours, since I last looked, or from one time to another. */

import { asLocal, localTime } from "../core/due.ts";
import type { Filter } from "../core/filter.ts";
import { recentWords } from "../core/filter_chips.ts";
import { t } from "../core/language.ts";
import { el } from "../dom/element.ts";
import type { Desk } from "./desk.ts";
import { choice, labelled, narrow, part } from "./filters.ts";

const HOURS = [1, 6, 24];
const NO_TIME = { since: null, until: null, recentH: null, sinceLooked: false };

export function timePart(desk: Desk): HTMLElement {
  const zone = desk.page.incident.time_zone;
  const select = choice([
    ["", t("At any time")],
    ...HOURS.map((hours) => [String(hours), recentWords(hours)] as const),
    ["looked", t("Since I last looked")],
    ["own", t("From … to …")],
  ]);
  select.id = "narrow-time";
  const [from, to] = [timeField("narrow-from"), timeField("narrow-to")];
  const own = el("div", { class: "narrow-own" }, labelled(t("From"), from), labelled(t("To"), to));
  select.addEventListener("change", () => {
    own.hidden = select.value !== "own";
    if (own.hidden) narrow(desk, chosen(select.value));
    else from.focus();
  });
  for (const field of [from, to]) {
    field.addEventListener("change", () => {
      const [since, until] = [from, to].map(({ value }) => millis(localTime(value, zone)));
      narrow(desk, { ...NO_TIME, since: since ?? null, until: until ?? null });
    });
  }
  desk.filter.watch((filter) => {
    show(select, filter);
    own.hidden = select.value !== "own";
    from.value = filter.since === null ? "" : asLocal(filter.since, zone);
    to.value = filter.until === null ? "" : asLocal(filter.until, zone);
  });
  return part(t("Received"), labelled(t("When"), select), own);
}

function timeField(id: string): HTMLInputElement {
  return el("input", { id, type: "datetime-local" });
}

function chosen(value: string): Partial<Filter> {
  if (value === "looked") return { ...NO_TIME, sinceLooked: true };
  return { ...NO_TIME, recentH: value === "" ? null : Number(value) };
}

/** Hours of an address that are not offered are offered as long as they hold. */
function show(select: HTMLSelectElement, filter: Filter): void {
  const { recentH, sinceLooked, since, until } = filter;
  select.querySelector("[data-odd]")?.remove();
  if (recentH !== null && !HOURS.includes(recentH)) {
    select.append(el("option", { value: recentH, "data-odd": true }, recentWords(recentH)));
  }
  const own = since !== null || until !== null ? "own" : "";
  select.value = recentH !== null ? String(recentH) : sinceLooked ? "looked" : own;
}

function millis(at: string | null): number | null {
  return at === null ? null : Date.parse(at);
}
