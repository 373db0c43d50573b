/** By when: in half an hour, an hour, three, or at a time on the incident's clock. */

import { asLocal, localTime } from "../core/due.ts";
import { t } from "../core/language.ts";
import { dayTime, duration } from "../core/times.ts";
import { el } from "../dom/element.ts";

const PRESETS_MIN = [30, 60, 180];

export class DueChoice {
  readonly box: HTMLElement;
  private readonly before: string | null;
  private readonly zone: string;
  private readonly at: HTMLInputElement;

  constructor(before: string | null, zone: string) {
    this.before = before;
    this.zone = zone;
    const soon = before ? Date.parse(before) : Date.now() + 3_600_000;
    this.at = el("input", { type: "datetime-local", value: asLocal(soon, zone), "aria-label": t("Due at") }); // biome-ignore format: one field
    this.at.addEventListener("input", () => this.pick("at"));
    const kept = before ? this.way("keep", dayTime(before, Date.now())) : null;
    const presets = PRESETS_MIN.map((min) => this.way(String(min), duration(min * 60)));
    this.box = el(
      "fieldset",
      { class: "assign-due" },
      el("legend", {}, t("Due")),
      kept,
      this.way("none", t("No time")),
      ...presets,
      el("span", { class: "assign-at" }, this.way("at", t("At")), this.at),
    );
    this.pick(before ? "keep" : "none");
  }

  /** undefined: as it was; null: no time. */
  value(): string | null | undefined {
    const chosen = this.chosen;
    if (chosen === "keep" || (chosen === "none" && !this.before)) return undefined;
    if (chosen === "none") return null;
    if (chosen === "at") return localTime(this.at.value, this.zone);
    return new Date(Date.now() + Number(chosen) * 60_000).toISOString();
  }

  /** Whether a time of one's own is to be said. */
  get isOwn(): boolean {
    return this.chosen === "at";
  }

  private get chosen(): string {
    return this.box.querySelector<HTMLInputElement>("input[name=due]:checked")?.value ?? "none";
  }

  private pick(value: string): void {
    const wanted = this.box.querySelector<HTMLInputElement>(`input[name=due][value="${value}"]`);
    if (wanted) wanted.checked = true;
  }

  private way(value: string, words: string): HTMLElement {
    return el("label", {}, el("input", { type: "radio", name: "due", value }), " ", words);
  }
}
