/** Where the board's cards come from: what the page holds, or pages of the server's lists. */

import { CARDS, CARDS_MAX, type Cards, type Column, columns, STATUSES } from "../core/board.ts";
import { Observable } from "../core/observable.ts";
import type { Report } from "../core/report.ts";
import type { Desk } from "./desk.ts";

export class BoardSource {
  readonly cards = new Observable<Cards>(columns([]));
  private readonly desk: Desk;
  private readonly limits = new Map<Column, number>();
  private isOn = false;

  constructor(desk: Desk) {
    this.desk = desk;
    desk.shown.changed(() => this.again());
    desk.tally.changed(() => this.again());
  }

  /** Nothing is sorted or read while nobody looks. */
  turn(on: boolean): void {
    this.isOn = on;
    this.again();
  }

  limit(column: Column): number {
    return this.limits.get(column) ?? CARDS;
  }

  more(column: Column): void {
    this.limits.set(column, Math.min(CARDS_MAX, this.limit(column) + CARDS));
    this.again();
  }

  /** How many there are, shown or not. */
  total(column: Column): number {
    const of = this.desk.tally.value.of.status;
    return STATUSES[column].reduce((sum, code) => sum + (of.get(code)?.shown ?? 0), 0);
  }

  find(id: string): Report | null {
    return this.desk.store.get(id);
  }

  private again(): void {
    if (this.isOn) this.cards.set(columns(this.desk.shown.value));
  }
}
