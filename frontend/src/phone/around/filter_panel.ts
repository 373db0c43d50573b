/** The filters of list and map: closed to one line, with words for what is chosen. */

import { ngettext } from "../../core/language.ts";
import type { Vocabulary } from "../../core/vocabulary.ts";
import { button, el } from "../../dom/element.ts";
import { plain, say, withoutReadings, withReadings } from "../../dom/say.ts";
import { metresInWords } from "../place/distance.ts";
import { EVERYTHING, HOURS, METRES, narrowings, type ReportFilter } from "./report_filter.ts";

type Option = readonly [value: string, label: string];
type CodeField = "category" | "severity" | "status";

export class FilterPanel {
  readonly root = el("details", { class: "filters" });
  private readonly summary = el("summary", { class: "button button--wide" });
  private readonly words: Vocabulary;
  private readonly changed: (filter: ReportFilter) => void;
  private filter: ReportFilter;

  constructor(filter: ReportFilter, words: Vocabulary, changed: (filter: ReportFilter) => void) {
    this.filter = filter;
    this.words = words;
    this.changed = changed;
    this.draw();
  }

  private draw(): void {
    this.drawSummary();
    const fields = el(
      "div",
      { class: "filters__fields" },
      this.codes("category", plain("What")),
      this.codes("severity", plain("How bad")),
      this.codes("status", plain("State")),
      this.select("hours", plain("When"), hourOptions()),
      this.select("within_m", plain("How far"), metreOptions()),
      this.mine(),
      button(say("Show everything"), () => this.reset(), { class: "button" }),
    );
    this.root.replaceChildren(this.summary, fields);
  }

  private drawSummary(): void {
    const n = narrowings(this.filter);
    const words = n === 0 ? plain("Filter") : ngettext("{n} filter", "{n} filters", n);
    this.summary.replaceChildren(withReadings(words));
  }

  private codes(field: CodeField, label: string): HTMLElement {
    const options = this.words
      .terms(field)
      .map(({ code }): Option => [code, withoutReadings(this.words.label(field, code))]);
    return this.select(field, label, options);
  }

  private select(field: keyof ReportFilter, label: string, options: Option[]): HTMLElement {
    const now = this.filter[field];
    const select = el(
      "select",
      { name: field },
      el("option", { value: "" }, plain("All")),
      ...options.map(([value, text]) =>
        el("option", { value, selected: value === String(now) }, text),
      ),
    );
    select.addEventListener("change", () => this.set({ [field]: read(field, select.value) }));
    return el("label", { class: "field" }, el("span", {}, label), select);
  }

  private mine(): HTMLElement {
    const box = el("input", { type: "checkbox", name: "mine", checked: this.filter.mine });
    box.addEventListener("change", () => this.set({ mine: box.checked }));
    return el("label", { class: "switch" }, box, el("span", {}, say("Only from this phone")));
  }

  private reset(): void {
    this.set(EVERYTHING);
    this.draw();
  }

  private set(part: Partial<ReportFilter>): void {
    this.filter = { ...this.filter, ...part };
    this.drawSummary();
    this.changed(this.filter);
  }
}

function read(field: keyof ReportFilter, value: string): string | number | null {
  if (value === "") return null;
  return field === "hours" || field === "within_m" ? Number(value) : value;
}

function hourOptions(): Option[] {
  return HOURS.map((n) => [String(n), ngettext("Last hour", "Last {n} hours", n)]);
}

function metreOptions(): Option[] {
  return METRES.map((n) => [String(n), plain("Within {distance}", { distance: metresInWords(n) })]);
}
