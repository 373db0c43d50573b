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
  const line = new Line(desk, looks);
  const counts = new CountsThere(desk, () => show());
  const show = atNextFrame(() => {
    line.draw(desk.large.value ? counts.count : countHere(desk));
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

/** Made once: what changes under a hand or a screen reader is its words. */
class Line {
  private readonly box = byId("looked-line");
  private readonly words = el("span", { id: "looked-words" });
  private readonly show: HTMLButtonElement;
  private readonly desk: Desk;

  constructor(desk: Desk, looks: Looks) {
    this.desk = desk;
    const turn = () => narrow(desk, { sinceLooked: !desk.filter.value.sinceLooked });
    this.show = button("", turn, { class: "link", "aria-describedby": "looked-words" });
    const done = button(t("Count from now"), () => fromNow(desk, looks), { class: "link" });
    this.box.replaceChildren(this.words, el("span", { class: "looked-acts" }, this.show, done));
  }

  draw(count: number): void {
    const { lookedAt } = this.desk.context.value;
    const [isHidden, hadFocus] = [count === 0 || lookedAt === null, this.hasFocus];
    this.box.hidden = isHidden;
    if (isHidden && hadFocus) byId("list").focus();
    if (lookedAt === null || isHidden) return;
    const time = dayTime(lookedAt, Date.now());
    const words = ngettext("{n} new or changed since {time}", "{n} new or changed since {time}", count, { time }); // biome-ignore format: one sentence
    write(this.words, words);
    write(this.show, this.desk.filter.value.sinceLooked ? t("Show all") : t("Show"));
  }

  private get hasFocus(): boolean {
    return this.box.contains(document.activeElement);
  }
}

function write(place: HTMLElement, words: string): void {
  if (place.textContent !== words) place.textContent = words;
}

function fromNow(desk: Desk, looks: Looks): void {
  if (desk.filter.value.sinceLooked) narrow(desk, { sinceLooked: false });
  looks.fromNow();
}
