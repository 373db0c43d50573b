/** In a report's detail: pictures seen before, what is merged into it, and what may be the same. */

import { type Duplicates, type Flag, isMerged, type Suggestion } from "../core/duplicates.ts";
import { ngettext, t } from "../core/language.ts";
import { type Pace, PacedReading } from "../core/pacing.ts";
import type { Report } from "../core/report.ts";
import { timeAgo } from "../core/times.ts";
import { button, el } from "../dom/element.ts";
import { reasonList, senders } from "./compare.ts";
import type { Desk } from "./desk.ts";
import { mayBeOne, type Outcome, tellApart, unmerge, url } from "./merge.ts";
import { askMerge } from "./merge_dialog.ts";
import { photoFigure } from "./photo_view.ts";
import { placeWords, thumb, what } from "./row.ts";

/** What was read longer ago is read again when the report is drawn (ms). */
const FRESH_MS = 20_000;
/** How often a stream of new reports has the suggestions of the open one read again. */
const NEWS: Pace = { everyMs: 3_000, restTimes: 20, afterFailureMs: 10_000 };
const NOTHING: Duplicates = { items: [], merged: [], flags: [] };

export class DuplicatesPart {
  private readonly desk: Desk;
  private readonly news = new PacedReading(() => this.readOpen(), NEWS);
  private readonly kept = new Map<string, { readonly told: Duplicates; readonly at: number }>();
  private box: HTMLElement | null = null;
  private report: Report | null = null;
  /** Told apart just now: the way back stays on the screen. */
  private apart: readonly Report[] = [];

  constructor(desk: Desk) {
    this.desk = desk;
    desk.store.changed(({ added, updated }) => {
      this.changed([...added, ...updated]);
      // one of them may be the same
      if (added.length > 0 && this.isOpen) this.news.soon();
    });
  }

  /** The part of the detail; it fills itself, and again when something is merged. */
  section(report: Report): HTMLElement {
    if (report.id !== this.report?.id) this.apart = [];
    this.report = report;
    this.box = el("div", { class: "duplicates-box" });
    const kept = this.kept.get(report.id);
    this.draw(kept?.told ?? null);
    if (Date.now() - (kept?.at ?? 0) > FRESH_MS) void this.read(report);
    return el("section", { class: "duplicates" }, el("h3", {}, t("The same elsewhere")), this.box);
  }

  private get told(): Duplicates {
    return this.kept.get(this.report?.id ?? "")?.told ?? NOTHING;
  }

  private get isOpen(): boolean {
    return this.report !== null && this.report.id === this.desk.selected.value;
  }

  private async readOpen(): Promise<void> {
    if (this.report && this.isOpen) await this.read(this.report);
  }

  /** Another desk merged or freed something here, or changed what is suggested. */
  private changed(reports: readonly Report[]): void {
    const { report, told } = this;
    if (!report || !this.isOpen) return;
    const known = new Set(
      [...told.merged, ...told.items.map((item) => item.report)].map((r) => r.id),
    );
    const concerns = (one: Report) =>
      known.has(one.id) || one.properties.merged_into === report.id || one.id === report.id;
    if (reports.some(concerns)) void this.read(report);
  }

  private async read(report: Report): Promise<void> {
    try {
      const told = await this.desk.api.get<Duplicates>(`${url(report, this.desk)}/duplicates`);
      this.kept.set(report.id, { told, at: Date.now() });
      if (this.report?.id === report.id) this.draw(told);
    } catch {
      const words = t("What may be the same cannot be read just now.");
      if (this.report?.id === report.id) this.box?.append(el("p", { class: "error" }, words));
    }
  }

  private draw(told: Duplicates | null): void {
    const { report } = this;
    if (!report) return;
    if (!told) {
      this.box?.replaceChildren(el("p", { class: "quiet" }, t("Loading…")));
      return;
    }
    const parts = isMerged(report)
      ? [this.mergedInto(report)]
      : [this.alsoBy(told.merged), this.suggestions(report, told.items)];
    this.box?.replaceChildren(this.flags(told.flags), ...parts);
  }

  private flags(flags: readonly Flag[]): HTMLElement {
    const lines = flags.map((flag) => {
      const known =
        flag.report !== null &&
        (this.desk.large.value || this.desk.store.get(flag.report) !== null);
      const open = button(t("Open"), () => this.desk.open(flag.report ?? ""), { class: "link" });
      return el("li", { class: "doubtful", "data-code": flag.code }, flag.words, known && open);
    });
    return el("ul", { class: "lines picture-flags", hidden: lines.length === 0 }, ...lines);
  }

  private mergedInto(report: Report): HTMLElement {
    const id = report.properties.merged_into ?? "";
    const receipt = this.desk.store.get(id)?.properties.receipt ?? "";
    const open = button(t("Open the report it is merged into"), () => this.desk.open(id));
    return el(
      "div",
      {},
      el("p", {}, t("Merged into {receipt}. The reporter is told.", { receipt })),
      el("p", { class: "buttons" }, open, this.freeButton(report)),
    );
  }

  private freeButton(report: Report): HTMLElement {
    const act = () => void this.act(unmerge(report, this.desk));
    return button(t("Take out again"), act, { class: "unmerge", "data-report": report.id });
  }

  private alsoBy(merged: readonly Report[]): HTMLElement {
    const cards = merged.map((report) => this.mergedCard(report));
    const n = merged.length;
    const title = ngettext("Also reported by {n} other", "Also reported by {n} others", n);
    return el("div", { class: "also", hidden: n === 0 }, el("h4", {}, title), ...cards);
  }

  private mergedCard(report: Report): HTMLElement {
    const { receipt, comment, received_at, photos } = report.properties;
    const alt = `${what(report, this.desk.words)} ${placeWords(report)}`;
    const figures = (photos ?? []).map((photo) => photoFigure(photo, this.desk.words, alt));
    return el(
      "article",
      { class: "also-card", "data-report": report.id },
      el("p", {}, el("b", {}, senders(report)), ` ${timeAgo(received_at, Date.now())} ${receipt}`),
      comment ? el("p", { class: "comment" }, comment) : null,
      el("div", { class: "also-photos" }, ...figures),
      el("p", { class: "buttons" }, this.freeButton(report)),
    );
  }

  private suggestions(report: Report, items: readonly Suggestion[]): HTMLElement {
    const none = el("p", { class: "quiet" }, t("Nothing resembles this report."));
    const open = (first: number) => () => void this.open(report, items, first);
    const cards = items.map((item, at) => this.card(report, item, open(at)));
    const go = button(t("Merge into… (D)"), open(0), { id: "duplicates-open" });
    return el(
      "div",
      { class: "suggestions" },
      ...(cards.length > 0 ? cards : [none]),
      ...this.apart.map((other) => this.wayBack(report, other)),
      el("p", { class: "buttons" }, go),
    );
  }

  private card(report: Report, item: Suggestion, open: () => void): HTMLElement {
    const { receipt } = item.report.properties;
    const apart = () => {
      this.apart = [...this.apart, item.report];
      void this.act(tellApart(report, item.report, this.desk));
    };
    return el(
      "article",
      { class: "suggestion", "data-report": item.report.id },
      thumb(item.report.properties.photos?.[0]),
      el(
        "div",
        { class: "suggestion-words" },
        el("b", {}, `${receipt} ${what(item.report, this.desk.words)}`),
        reasonList(item),
        el(
          "p",
          { class: "buttons" },
          button(t("Compare…"), open, { class: "compare-open" }),
          button(t("Not the same"), apart, { class: "tell-apart" }),
        ),
      ),
    );
  }

  private wayBack(report: Report, other: Report): HTMLElement {
    const { receipt } = other.properties;
    const back = () => {
      this.apart = this.apart.filter((one) => one.id !== other.id);
      void this.act(mayBeOne(report, other, this.desk));
    };
    return el(
      "p",
      { class: "quiet" },
      t("{receipt} is another one.", { receipt }),
      button(t("Undo"), back, { class: "link" }),
    );
  }

  private async open(report: Report, items: readonly Suggestion[], first: number): Promise<void> {
    const holders = new Set(this.told.merged.length > 0 ? [report.id] : []);
    const stays = await askMerge(this.desk, report, items, first, holders);
    if (stays) this.desk.open(stays);
  }

  private async act(outcome: Outcome): Promise<void> {
    const wrong = await outcome;
    const { report } = this;
    if (report) await this.read(report);
    if (wrong) this.box?.append(el("p", { class: "error", role: "alert" }, wrong));
  }
}
