/** Above the list, for who comes back: how much came or changed since they last looked. */

import { contextAt, matches, NO_FILTER } from "../core/filter.ts";
import { ngettext, t } from "../core/language.ts";
import { listQuery } from "../core/list_query.ts";
import { type Pace, PacedReading } from "../core/pacing.ts";
import { dayTime } from "../core/times.ts";
import { atNextFrame } from "../dom/at_next_frame.ts";
import { button, byId, el } from "../dom/element.ts";
import type { Desk } from "./desk.ts";
import { narrow } from "./filters.ts";
import type { Looks } from "./looks.ts";

const LOOKED = { ...NO_FILTER, sinceLooked: true };
/** In a large incident the server counts, and not at each change. */
const SELDOM: Pace = { everyMs: 10_000, restTimes: 20, afterFailureMs: 5_000 };

export function setUpLookedLine(desk: Desk, looks: Looks): void {
  const box = byId("looked-line");
  const counts = new CountsThere(desk, () => show());
  const show = atNextFrame(() => {
    draw(box, desk, looks, desk.large.value ? counts.count : countHere(desk));
  });
  const again = () => {
    counts.look();
    show();
  };
  desk.context.changed(again);
  desk.ownAreaOnly.changed(again);
  desk.large.changed(again);
  desk.tally.changed(again);
  desk.filter.changed(show);
  desk.store.changed(show);
}

/** What the server counts in a large incident; what it said last stands until it says more. */
class CountsThere {
  count = 0;
  private readonly desk: Desk;
  private readonly counted: () => void;
  private readonly reading = new PacedReading((unwanted) => this.read(unwanted), SELDOM);
  private asked = "";

  constructor(desk: Desk, counted: () => void) {
    this.desk = desk;
    this.counted = counted;
  }

  /** Something has changed: counts of another time or area are asked for at once. */
  look(): void {
    const { context, large, ownAreaOnly } = this.desk;
    const { lookedAt } = context.value;
    const asked = large.value && lookedAt !== null ? `${lookedAt} ${ownAreaOnly.value}` : "";
    const before = this.asked;
    this.asked = asked;
    if (asked === before) {
      if (asked !== "") this.reading.soon();
      return;
    }
    this.count = 0;
    if (asked === "") this.reading.stop();
    else this.reading.now();
  }

  private async read(unwanted: AbortSignal): Promise<void> {
    const { api, page, ownAreaOnly } = this.desk;
    const query = listQuery(LOOKED, ownAreaOnly.value ? page.area : []);
    const url = `${page.urls.counts}?${query}`;
    const { total } = await api.get<{ total: number }>(url, unwanted);
    if (unwanted.aborted) return;
    this.count = total;
    this.counted();
  }
}

function countHere(desk: Desk): number {
  const { lookedAt } = desk.context.value;
  if (lookedAt === null) return 0;
  const context = { ...contextAt(0), lookedAt };
  return desk.mine.filter((report) => matches(report, LOOKED, context)).length;
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
