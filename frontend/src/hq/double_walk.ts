/** All pairs of unsorted reports that are probably one, for working through one after the other. */

import { isMerged, type Pair, type Walk } from "../core/duplicates.ts";
import { ngettext, t } from "../core/language.ts";
import type { Report } from "../core/report.ts";
import { button, byId, el } from "../dom/element.ts";
import { compareView } from "./compare.ts";
import type { Desk } from "./desk.ts";
import { mayBeOne, merge, type Outcome, tellApart, unmerge } from "./merge.ts";

export function setUpDoubleWalk(desk: Desk): void {
  const open = byId("doubles-open");
  open.hidden = !desk.mayEdit;
  open.addEventListener("click", () => new DoubleWalk(desk));
}

interface Done {
  readonly words: string;
  readonly back: () => Outcome;
}

class DoubleWalk {
  private readonly desk: Desk;
  private readonly body = el("div", { class: "walk-body" });
  private readonly note = el("p", { class: "quiet", role: "status" });
  private readonly wrong = el("p", { class: "error", role: "alert" });
  private readonly dialog: HTMLDialogElement;
  private waiting: Pair[] = [];
  private cursor: string | null = "";
  private looked = 0;
  private settled = 0;
  private last: Done | null = null;

  constructor(desk: Desk) {
    this.desk = desk;
    const close = button(t("Close"), () => this.dialog.close());
    this.dialog = el(
      "dialog",
      { class: "ask merge-dialog", "aria-labelledby": "walk-title" },
      el("h2", { id: "walk-title" }, t("Probably double")),
      this.note,
      this.body,
      this.wrong,
      el("p", { class: "buttons" }, close),
    );
    this.dialog.addEventListener("close", () => this.dialog.remove());
    document.body.append(this.dialog);
    this.dialog.showModal();
    void this.more();
  }

  /** Walks on until there is a pair to show, or nothing left to look at. */
  private async more(): Promise<void> {
    this.body.replaceChildren(el("p", { class: "quiet" }, t("Loading…")));
    try {
      while (this.waiting.length === 0 && this.cursor !== null && this.dialog.isConnected) {
        const query = new URLSearchParams({ cursor: this.cursor });
        const walk = await this.desk.api.get<Walk>(`${this.desk.page.urls.duplicates}?${query}`);
        this.waiting = [...walk.items];
        this.cursor = walk.cursor;
        this.looked += walk.looked;
        this.tell();
      }
      this.draw();
    } catch {
      this.wrong.textContent = t("What is probably double cannot be read just now.");
      this.body.replaceChildren(button(t("Try again"), () => void this.more()));
    }
  }

  private tell(): void {
    const looked = ngettext(
      "{n} unsorted report looked at",
      "{n} unsorted reports looked at",
      this.looked,
    );
    this.note.textContent = `${looked} · ${t("{n} pairs settled", { n: this.settled })}`;
  }

  private draw(): void {
    this.tell();
    // a report that was merged, here or at another desk, is in no pair any more
    this.waiting = this.waiting.map((pair) => this.current(pair)).filter(isOpen);
    const pair = this.waiting[0];
    const back = this.last ? this.wayBack(this.last) : null;
    if (!pair) {
      const words = t("Nothing is left that is probably double.");
      this.body.replaceChildren(el("p", { id: "walk-end" }, words), ...(back ? [back] : []));
      return;
    }
    const acts = el("p", { class: "buttons" }, ...this.acts(pair));
    this.body.replaceChildren(
      ...(back ? [back] : []),
      compareView(pair.report, pair.other, pair, this.desk),
      acts,
    );
    acts.querySelector<HTMLElement>(".primary")?.focus();
  }

  private now(report: Report): Report {
    return this.desk.store.get(report.id) ?? report;
  }

  private current(pair: Pair): Pair {
    return { ...pair, report: this.now(pair.report), other: this.now(pair.other) };
  }

  private acts(pair: Pair): HTMLElement[] {
    const [one, other] = [pair.report.properties.receipt, pair.other.properties.receipt];
    const merging = () => void this.settle(this.merging(pair));
    const apart = () => void this.settle(this.telling(pair));
    return [
      button(t("Merge {one} into {other}", { one, other }), merging, { class: "primary" }),
      button(t("Not the same"), apart, { class: "tell-apart" }),
      button(t("Later"), () => this.next(), { class: "walk-later" }),
    ];
  }

  private async merging({ report, other }: Pair): Promise<Done | string> {
    const wrong = await merge(report, other, this.desk);
    const [one, into] = [report.properties.receipt, other.properties.receipt];
    const back = () => unmerge(this.now(report), this.desk);
    return wrong ?? { words: t("{one} is merged into {into}.", { one, into }), back };
  }

  private async telling({ report, other }: Pair): Promise<Done | string> {
    const wrong = await tellApart(report, other, this.desk);
    const { receipt } = other.properties;
    const back = () => mayBeOne(report, other, this.desk);
    return wrong ?? { words: t("{receipt} is another one.", { receipt }), back };
  }

  private async settle(outcome: Promise<Done | string>): Promise<void> {
    const pair = this.waiting[0];
    const done = await outcome;
    if (typeof done === "string") {
      this.wrong.textContent = done;
      return;
    }
    this.last = { ...done, back: () => this.takeBack(done, pair) };
    this.settled += 1;
    this.next();
  }

  private async takeBack(done: Done, pair: Pair | undefined): Outcome {
    const wrong = await done.back();
    if (wrong) return wrong;
    this.settled -= 1;
    this.last = null;
    if (pair) this.waiting.unshift(pair);
    return null;
  }

  private wayBack(done: Done): HTMLElement {
    const undo = async () => {
      const wrong = await done.back();
      this.wrong.textContent = wrong ?? "";
      if (!wrong) this.draw();
    };
    return el(
      "p",
      { class: "walk-done", role: "status" },
      done.words,
      button(t("Undo"), () => void undo(), { class: "link walk-undo" }),
    );
  }

  private next(): void {
    this.wrong.textContent = "";
    this.waiting.shift();
    if (this.waiting.length > 0) this.draw();
    else void this.more();
  }
}

function isOpen({ report, other }: Pair): boolean {
  return !isMerged(report) && !isMerged(other);
}
