/** What is ticked, changed at once: a bar under the list, each change to be taken back by U. */

import type { Changed } from "../core/deeds.ts";
import { intoSituation } from "../core/into_situation.ts";
import { ngettext, number, t } from "../core/language.ts";
import type { Report } from "../core/report.ts";
import { button, byId, el } from "../dom/element.ts";
import { askAssign, leaveNotes } from "./assign.ts";
import { askBulk, unsentWords } from "./bulk_result.ts";
import { type BulkOutcome, sendBulk } from "./bulk_send.ts";
import { askRejection } from "./decide.ts";
import { editWords } from "./deed_words.ts";
import type { Desk } from "./desk.ts";
import { toast } from "./undo.ts";

interface Act {
  readonly edit: Readonly<Record<string, unknown>>;
  /** Goes with each that was changed. */
  readonly note?: string;
}

const STEPS = ["received", "in_progress", "handed_over", "resolved"];

export class Bulk {
  private readonly desk: Desk;
  private readonly box = byId("bulk");
  private readonly count = el("strong", { class: "bulk-count", role: "status" });
  private readonly news = el("span", { class: "bulk-news" });
  private readonly acts: HTMLElement;
  /** Opens beside the desk, where everything stays ticked. */
  private readonly paper = el("a", { id: "bulk-situation", target: "_blank" });
  private isBusy = false;
  /** Why reports are rejected: what was typed outlives a failed try. */
  private reason = "";

  constructor(desk: Desk) {
    this.desk = desk;
    this.acts = el("div", { class: "bulk-acts" }, ...this.buttons());
    this.box.replaceChildren(el("p", { class: "bulk-head" }, this.count, this.news), this.acts);
    desk.ticks.chosen.watch(() => this.show());
    desk.store.changed(() => this.show());
  }

  private buttons(): HTMLElement[] {
    const { desk } = this;
    const act = (label: string, run: () => void, id: string) => button(label, run, { id });
    return [
      act(t("Verify"), () => void this.run({ edit: { status: "verified" } }), "bulk-verify"),
      this.choice("severity", t("Severity…"), desk.words.terms("severity").map(codeOf)),
      this.choice("status", t("Status…"), STEPS),
      act(t("Assign…"), () => void this.assign(), "bulk-assign"),
      act(t("Reject…"), () => void this.reject(), "bulk-reject"),
      act(t("All in the list"), () => tickAll(desk), "bulk-all"),
      act(t("Choose none"), () => desk.ticks.clear(), "bulk-none"),
      ...(desk.page.urls.situation ? [this.paper] : []),
    ];
  }

  /** A list that acts when something is chosen from it. */
  private choice(kind: "severity" | "status", label: string, codes: string[]): HTMLElement {
    const options = codes.map((code) =>
      el("option", { value: code }, this.desk.words.label(kind, code)),
    );
    const first = el("option", { value: "" }, label);
    const made = el("select", { id: `bulk-${kind}`, "aria-label": label }, first, ...options);
    made.addEventListener("change", () => {
      const code = made.value;
      made.value = "";
      if (code) void this.run({ edit: { [kind]: code } });
    });
    return made;
  }

  private show(): void {
    const { ticks, store } = this.desk;
    const n = ticks.chosen.value.size;
    this.box.hidden = n === 0 && !this.isBusy;
    if (this.isBusy || n === 0) return;
    this.count.textContent = ngettext("{n} chosen", "{n} chosen", n);
    this.offerPaper([...ticks.chosen.value.keys()]);
    const late = ticks.overtaken((id) => store.get(id));
    this.news.textContent =
      late === 0
        ? ""
        : ngettext("{n} changed by somebody since", "{n} changed by somebody since", late);
  }

  private offerPaper(ids: readonly string[]): void {
    const { urls, review } = this.desk.page;
    const { href, words } = intoSituation(urls.situation ?? "", ids, review.situation);
    this.paper.href = href;
    this.paper.textContent = words;
  }

  private async assign(): Promise<void> {
    const n = this.desk.ticks.chosen.value.size;
    const title = ngettext("Assign {n} report", "Assign {n} reports", n);
    const chosen = await askAssign(this.desk, title);
    if (chosen) await this.run(chosen);
  }

  private async reject(): Promise<void> {
    const reason = await askRejection(this.reason);
    if (reason !== null) await this.run({ edit: { status: "rejected", reason } });
  }

  private async run(act: Act, reports = [...this.desk.ticks.chosen.value.values()]) {
    if (this.isBusy || reports.length === 0) return;
    this.busy(true);
    const seen = reports.map(seenOf);
    const done = await sendBulk(this.desk, seen, { change: act.edit }, (at) => {
      this.count.textContent = t("{done} / {total}", { done: at, total: seen.length });
    });
    this.busy(false);
    const { reason } = act.edit;
    if (typeof reason === "string") this.reason = done.unsent.length > 0 ? reason : "";
    this.tell(done, act, reports);
  }

  private busy(is: boolean): void {
    this.isBusy = is;
    for (const control of this.acts.children) control.toggleAttribute("disabled", is);
    this.show();
  }

  /** What went through can be taken back; what did not stays ticked, and is shown. */
  private tell(done: BulkOutcome, act: Act, seen: readonly Report[]): void {
    const { desk } = this;
    const through = new Set(done.changed.map(({ id }) => id));
    desk.ticks.drop(through);
    if (through.size > 0) {
      const what = editWords(act.edit, desk.words);
      const words = ngettext("{what}: {n} report", "{what}: {n} reports", through.size, { what });
      const reports = seen.filter(({ id }) => through.has(id)).map(seenOf);
      desk.deeds.did({ words, reports: reports.map(madeBy) });
      if (act.note) void leaveNotes(done.changed, act.note, desk);
    }
    if (done.stale.length + done.refused.length > 0) {
      void this.ask(done, act, seen);
    } else if (done.unsent.length > 0) {
      toast(unsentWords(done));
    }
  }

  private async ask(done: BulkOutcome, act: Act, seen: readonly Report[]): Promise<void> {
    const isWanted = await askBulk(done, act.edit, seen, this.desk.words);
    this.desk.ticks.drop([...done.stale, ...done.refused].map(({ id }) => id));
    if (isWanted)
      await this.run(
        act,
        done.stale.map(({ current }) => current),
      );
  }
}

/** In a large incident the rest of the list is not here, and cannot be seen as it is now. */
function tickAll({ ticks, listed, rows }: Desk): void {
  ticks.add(listed);
  const { total } = rows.value;
  if (listed.length === total) return;
  const values = { n: number(listed.length), total: number(total) };
  toast(t("Chosen are the {n} that have been read here, of {total} in the list.", values));
}

function codeOf({ code }: { readonly code: string }): string {
  return code;
}

function seenOf({ id, properties }: Report): Changed {
  return { id, version: properties.version };
}

/** The version that a change to the one seen has made. */
function madeBy({ id, version }: Changed): Changed {
  return { id, version: version + 1 };
}
