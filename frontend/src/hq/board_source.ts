/** Where the board's cards come from: what the page holds, or pages of the server's lists. */

import {
  CARDS,
  CARDS_MAX,
  type Cards,
  COLUMNS,
  type Column,
  columns,
  STATUSES,
} from "../core/board.ts";
import { Observable } from "../core/observable.ts";
import type { Report } from "../core/report.ts";
import type { Desk } from "./desk.ts";
import { ServerList } from "./server_list.ts";

export class BoardSource {
  readonly cards = new Observable<Cards>(columns([]));
  private readonly desk: Desk;
  private readonly limits = new Map<Column, number>();
  private readonly lists: readonly ServerList[];
  private isOn = false;

  constructor(desk: Desk) {
    this.desk = desk;
    this.lists = COLUMNS.map((column) => new ServerList(desk, () => this.query(column)));
    for (const list of this.lists) list.items.changed(() => this.again());
    desk.shown.changed(() => this.again());
    desk.tally.changed(() => this.again());
  }

  /** Nothing is sorted or read while nobody looks. */
  turn(on: boolean): void {
    this.isOn = on;
    for (const list of this.lists) list.turn(on);
    this.again();
  }

  limit(column: Column): number {
    return this.limits.get(column) ?? CARDS;
  }

  more(column: Column): void {
    this.limits.set(column, Math.min(CARDS_MAX, this.limit(column) + CARDS));
    this.lists[COLUMNS.indexOf(column)]?.now();
    this.again();
  }

  /** How many there are, shown or not. */
  total(column: Column): number {
    const of = this.desk.tally.value.of.status;
    return STATUSES[column].reduce((sum, code) => sum + (of.get(code)?.shown ?? 0), 0);
  }

  find(id: string): Report | null {
    const here = this.desk.store.get(id);
    if (here || !this.desk.large.value) return here;
    return this.listed.find((report) => report.id === id) ?? null;
  }

  private query(column: Column): URLSearchParams {
    const { query } = this.desk;
    query.set("status", STATUSES[column].join(","));
    query.set("order", "severity");
    query.set("limit", String(this.limit(column)));
    return query;
  }

  private get listed(): readonly Report[] {
    return this.lists.flatMap((list) => list.items.value);
  }

  private again(): void {
    if (!this.isOn) return;
    const { large, shown } = this.desk;
    this.cards.set(columns(large.value ? unique(this.listed) : shown.value));
  }
}

/** One that has just moved may still stand in the answer for its old column. */
export function unique(reports: readonly Report[]): Report[] {
  return [...new Map(reports.map((report) => [report.id, report])).values()];
}
