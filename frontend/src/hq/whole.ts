/** The desk of an incident that the page holds whole: every list and count is made here. */

import { type Split, splitByView } from "../core/filter.ts";
import { WholeRows } from "../core/rows.ts";
import { inOrder } from "../core/sort_key.ts";
import { isUrgent, tallied } from "../core/tally.ts";
import { atNextFrame } from "../dom/at_next_frame.ts";
import type { Desk } from "./desk.ts";

export class Whole {
  private readonly desk: Desk;
  private split: Split = { inside: [], outside: [], placeless: [] };

  constructor(desk: Desk) {
    this.desk = desk;
    const again = atNextFrame(() => this.filterAll());
    desk.store.changed(again);
    desk.filter.changed(again);
    desk.context.changed(again);
    desk.order.changed(again);
    desk.ownAreaOnly.changed(again);
    desk.large.changed(again);
    desk.begun.changed(again);
    desk.view.changed(() => this.splitAll());
    desk.tab.changed(() => this.listTab());
  }

  private filterAll(): void {
    const { desk } = this;
    if (desk.large.value) return;
    desk.urgent.set(inOrder(desk.store.all().filter(isUrgent), "newest"));
    desk.shown.set(
      inOrder(
        desk.mine.filter((report) => desk.lets(report)),
        desk.order.value,
      ),
    );
    this.splitAll();
  }

  private splitAll(): void {
    const { desk } = this;
    if (desk.large.value) return;
    this.split = splitByView(desk.shown.value, desk.view.value);
    const tally = tallied(desk.mine, desk.shown.value, this.split);
    desk.tally.set({ ...tally, known: desk.begun.value });
    this.listTab();
  }

  private listTab(): void {
    const { desk } = this;
    if (!desk.large.value) desk.rows.set(new WholeRows(this.split[desk.tab.value]));
  }
}
