/** The dialog that merges a report: what may be the same beside it, or any other by its code. */

import { type Suggestion, staying } from "../core/duplicates.ts";
import { t } from "../core/language.ts";
import type { Report } from "../core/report.ts";
import { button, el } from "../dom/element.ts";
import { compareView } from "./compare.ts";
import type { Desk } from "./desk.ts";
import { merge } from "./merge.ts";

/** The id of the report that stands for both afterwards, or null when nothing was merged. */
export function askMerge(
  desk: Desk,
  report: Report,
  items: readonly Suggestion[],
  first: number,
  holders: ReadonlySet<string>,
): Promise<string | null> {
  return new Promise((resolve) => new MergeDialog(desk, report, items, first, holders, resolve));
}

class MergeDialog {
  private readonly body = el("div", { class: "merge-body" });
  private readonly wrong = el("p", { class: "error", role: "alert" });
  private readonly dialog: HTMLDialogElement;
  private result: string | null = null;
  private chosen: Suggestion | null;
  private readonly desk: Desk;
  private readonly report: Report;
  private readonly items: readonly Suggestion[];
  private readonly holders: ReadonlySet<string>;

  constructor(
    desk: Desk,
    report: Report,
    items: readonly Suggestion[],
    first: number,
    holders: ReadonlySet<string>,
    done: (stays: string | null) => void,
  ) {
    this.desk = desk;
    this.report = report;
    this.items = items;
    this.holders = holders;
    this.chosen = items[first] ?? null;
    const title = el("h2", { id: "merge-title" }, t("Merge two reports into one"));
    this.dialog = el(
      "dialog",
      { class: "ask merge-dialog", "aria-labelledby": "merge-title" },
      title,
      this.body,
      this.wrong,
      this.byCode(),
    );
    this.dialog.addEventListener("close", () => {
      this.dialog.remove();
      done(this.result);
    });
    this.draw();
    document.body.append(this.dialog);
    this.dialog.showModal();
    this.dialog.querySelector<HTMLElement>(".primary")?.focus();
  }

  private draw(): void {
    const { chosen } = this;
    const cancel = button(t("Cancel"), () => this.dialog.close());
    if (!chosen) {
      const words = t("Nothing resembles it. Name the other report by its receipt code.");
      this.body.replaceChildren(el("p", {}, words), el("p", { class: "buttons" }, cancel));
      return;
    }
    const why = chosen.reasons.length > 0 ? chosen : null;
    this.body.replaceChildren(
      compareView(this.report, chosen.report, why, this.desk),
      el("p", { class: "quiet" }, t("Photos, words and reporters of both are kept.")),
      el("p", { class: "buttons" }, ...this.ways(chosen.report), ...this.turning(), cancel),
    );
  }

  /** Both ways, the likely one as the main button; one that others are merged into must stay. */
  private ways(other: Report): HTMLElement[] {
    const stays = staying(this.report, other, this.holders);
    const goes = stays === other ? this.report : other;
    const ways = [this.way(goes, stays, true)];
    if (!this.holders.has(stays.id)) ways.push(this.way(stays, goes, false));
    return ways;
  }

  private way(report: Report, into: Report, main: boolean): HTMLElement {
    const [one, other] = [report.properties.receipt, into.properties.receipt];
    const says = t("Merge {one} into {other}", { one, other });
    const act = () => void this.merge(report, into);
    return button(says, act, { class: main ? "primary" : "", "data-into": into.id });
  }

  private turning(): HTMLElement[] {
    if (this.items.length < 2) return [];
    const at = this.chosen ? this.items.indexOf(this.chosen) : -1;
    const next = () => {
      this.chosen = this.items[(at + 1) % this.items.length] ?? null;
      this.draw();
      this.dialog.querySelector<HTMLElement>(".next-one")?.focus();
    };
    const place = { at: at + 1, of: this.items.length };
    return [button(t("Next one ({at} of {of})", place), next, { class: "next-one" })];
  }

  private byCode(): HTMLElement {
    const field = el("input", { id: "merge-code", maxlength: 7, autocomplete: "off", size: 8 });
    const form = el(
      "form",
      { class: "merge-code" },
      el("label", { for: "merge-code" }, t("Another report by its receipt code")),
      field,
      el("button", { type: "submit" }, t("Compare")),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.find(field.value.trim().toUpperCase().replace("-", ""));
    });
    return form;
  }

  private async find(receipt: string): Promise<void> {
    const found = await findReport(receipt, this.desk);
    const usable = found && found.id !== this.report.id && found.properties.status !== "duplicate";
    this.wrong.textContent = usable ? "" : t("There is no such report to merge with.");
    if (!usable) return;
    this.chosen = { report: found, score: 0, likely: false, reasons: [] };
    this.draw();
    this.dialog.querySelector<HTMLElement>(".primary")?.focus();
  }

  private async merge(report: Report, into: Report): Promise<void> {
    const wrong = await merge(report, into, this.desk);
    this.wrong.textContent = wrong ?? "";
    if (wrong) return;
    this.result = into.id;
    this.dialog.close();
  }
}

async function findReport(receipt: string, desk: Desk): Promise<Report | null> {
  const is = (report: Report) => report.properties.receipt === receipt;
  const here = desk.store.all().find(is);
  if (here || receipt === "") return here ?? null;
  const query = new URLSearchParams({ q: receipt, limit: "5" });
  try {
    const { features } = await desk.api.get<{ features: readonly Report[] }>(
      `${desk.page.urls.reports}?${query}`,
    );
    return features.find(is) ?? null;
  } catch {
    return null;
  }
}
