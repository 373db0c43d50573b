/** The board beside the map: reports as cards in columns, moved by dragging or with [ and ]. */

import { beside, COLUMNS, type Column, columnOf } from "../core/board.ts";
import { t } from "../core/language.ts";
import type { Report } from "../core/report.ts";
import { hasFlag, setFlag } from "../dom/address_flag.ts";
import { byId } from "../dom/element.ts";
import { BoardColumn } from "./board_column.ts";
import { BoardSource } from "./board_source.ts";
import { take } from "./decide.ts";
import type { Desk } from "./desk.ts";
import { type Key, useKey } from "./keyboard.ts";

const NAME = "board";

export class Board {
  private readonly desk: Desk;
  private readonly box = byId("board");
  private readonly source: BoardSource;
  private readonly lists: Record<Column, BoardColumn>;

  constructor(desk: Desk) {
    this.desk = desk;
    this.source = new BoardSource(desk);
    const hands = {
      drop: (id: string, column: Column) => void this.move(this.source.find(id), column),
      more: (column: Column) => this.source.more(column),
    };
    const made = COLUMNS.map((column) => [column, new BoardColumn(column, desk, hands)] as const);
    this.lists = Object.fromEntries(made) as Record<Column, BoardColumn>;
    byId("board-columns").replaceChildren(...made.map(([, list]) => list.box));
    this.listen();
    this.turn(hasFlag(NAME));
  }

  private get isOpen(): boolean {
    return !this.box.hidden;
  }

  private listen(): void {
    byId("show-map").addEventListener("click", () => this.turn(false));
    byId("show-board").addEventListener("click", () => this.turn(true));
    this.box.addEventListener("keydown", (event) => this.pressed(event));
    for (const key of this.keys()) useKey(key);
    this.source.cards.changed(() => this.draw());
    this.desk.selected.changed(() => this.draw());
    this.desk.claims.others.changed(() => this.draw(true));
    // ages and due times in words go stale by themselves
    setInterval(() => this.draw(true), 30_000);
  }

  private turn(open: boolean): void {
    this.box.hidden = !open;
    document.body.classList.toggle("with-board", open);
    byId("show-map").setAttribute("aria-pressed", String(!open));
    byId("show-board").setAttribute("aria-pressed", String(open));
    this.source.turn(open);
    setFlag(NAME, open);
    this.draw();
  }

  private draw(anew = false): void {
    if (!this.isOpen) return;
    const focused = document.activeElement?.id;
    const cards = this.source.cards.value;
    for (const column of COLUMNS) {
      const total = this.source.total(column);
      const shown = cards[column].slice(0, this.source.limit(column));
      this.lists[column].show(shown, total, anew);
    }
    if (focused?.startsWith("card-")) document.getElementById(focused)?.focus();
  }

  private keys(): Key[] {
    const turn = () => this.turn(!this.isOpen);
    const aside = (by: 1 | -1) => () => {
      if (this.isOpen) this.moveAside(by);
    };
    const board = { keys: ["b"], shown: "B", does: () => t("Board or map"), act: turn };
    if (!this.desk.mayEdit) return [board];
    return [
      board,
      { keys: ["["], shown: "[", does: () => t("Card to the left"), act: aside(-1) },
      { keys: ["]"], shown: "]", does: () => t("Card to the right"), act: aside(1) },
    ];
  }

  /** Arrows go from card to card. */
  private pressed(event: KeyboardEvent): void {
    const steps: Record<string, readonly [number, number]> = {
      ArrowDown: [0, 1],
      ArrowUp: [0, -1],
      ArrowLeft: [-1, 0],
      ArrowRight: [1, 0],
    };
    const step = steps[event.key];
    const from = this.focused;
    if (!step || !from || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    this.walk(from, step);
  }

  private get focused(): Report | null {
    const id = document.activeElement?.id ?? "";
    return id.startsWith("card-") ? this.source.find(id.slice("card-".length)) : null;
  }

  private moveAside(by: 1 | -1): void {
    const report = this.focused ?? this.desk.report;
    const column = report && columnOf(report);
    const to = column && beside(column, by);
    if (to) void this.move(report, to);
  }

  private async move(report: Report | null, to: Column): Promise<void> {
    if (!report || !this.desk.mayEdit || columnOf(report) === to) return;
    await take(to, report, this.desk);
    const now = this.source.find(report.id);
    if (now && columnOf(now) === to) this.tell(now, to);
  }

  private tell({ properties }: Report, to: Column): void {
    const values = { receipt: properties.receipt, status: this.desk.words.label("status", to) };
    byId("announcer").textContent = t("{receipt} is now: {status}", values);
  }

  private walk(from: Report, [across, down]: readonly [number, number]): void {
    const column = columnOf(from);
    if (!column) return;
    const cards = this.source.cards.value;
    const at = cards[column].findIndex(({ id }) => id === from.id);
    let to: Column | null = column;
    if (across) to = beside(column, across as 1 | -1);
    while (across && to && cards[to].length === 0) to = beside(to, across as 1 | -1);
    if (!to) return;
    const last = Math.min(cards[to].length, this.source.limit(to)) - 1;
    const next = cards[to][Math.max(0, Math.min(last, at + down))];
    if (next) document.getElementById(`card-${next.id}`)?.focus();
  }
}
