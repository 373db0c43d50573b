/** Above the list, for who comes back: how much came or changed since they last looked. */

import { contextAt, matches, NO_FILTER } from "../core/filter.ts";
import { ngettext, t } from "../core/language.ts";
import { listQuery } from "../core/list_query.ts";
import { dayTime } from "../core/times.ts";
import { button, byId, el } from "../dom/element.ts";
import type { Desk } from "./desk.ts";
import { narrow } from "./filters.ts";
import type { Looks } from "./looks.ts";
import { atNextFrame } from "./whole.ts";

const LOOKED = { ...NO_FILTER, sinceLooked: true };
/** In a large incident the server counts, and not at each change (ms). */
const ASK_MS = 10_000;

export function setUpLookedLine(desk: Desk, looks: Looks): void {
  const box = byId("looked-line");
  const show = atNextFrame(() => {
    if (!desk.large.value) draw(box, desk, looks, countHere(desk));
  });
  let asked = 0;
  const ask = async () => {
    if (!desk.large.value || Date.now() - asked < ASK_MS) return;
    asked = Date.now();
    draw(box, desk, looks, await countThere(desk));
  };
  for (const source of [desk.context, desk.filter, desk.ownAreaOnly, desk.large]) {
    (source as typeof desk.large).changed(() => {
      show();
      void ask();
    });
  }
  desk.store.changed(show);
  desk.tally.changed(() => void ask());
}

function countHere(desk: Desk): number {
  const { lookedAt } = desk.context.value;
  if (lookedAt === null) return 0;
  const context = { ...contextAt(0), lookedAt };
  return desk.mine.filter((report) => matches(report, LOOKED, context)).length;
}

async function countThere(desk: Desk): Promise<number> {
  const { api, page, ownAreaOnly } = desk;
  const query = listQuery(LOOKED, ownAreaOnly.value ? page.area : []);
  try {
    return (await api.get<{ total: number }>(`${page.urls.counts}?${query}`)).total;
  } catch {
    return 0;
  }
}

function draw(box: HTMLElement, desk: Desk, looks: Looks, count: number): void {
  const { lookedAt } = desk.context.value;
  box.hidden = count === 0 || lookedAt === null;
  if (lookedAt === null || box.hidden) return;
  const time = dayTime(lookedAt, Date.now());
  const words = ngettext("{n} new or changed since {time}", "{n} new or changed since {time}", count, { time }); // biome-ignore format: one sentence
  const shown = desk.filter.value.sinceLooked;
  const show = button(
    shown ? t("Show all") : t("Show"),
    () => narrow(desk, { sinceLooked: !shown }),
    { class: "link", "aria-describedby": "looked-words" },
  );
  const done = button(t("Count from now"), () => fromNow(desk, looks), { class: "link" });
  box.replaceChildren(
    el("span", { id: "looked-words" }, words),
    el("span", { class: "looked-acts" }, show, done),
  );
}

function fromNow(desk: Desk, looks: Looks): void {
  if (desk.filter.value.sinceLooked) narrow(desk, { sinceLooked: false });
  looks.fromNow();
}
