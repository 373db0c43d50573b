/** The questions of a call, in the order in which they are asked; where stands between them. */

import { asLocal, localTime } from "../core/due.ts";
import type { Told } from "../core/entered.ts";
import { t } from "../core/language.ts";
import { button, el } from "../dom/element.ts";
import { icon } from "../dom/icon.ts";
import type { Desk } from "./desk.ts";
import { fillDetails } from "./detail_choice.ts";

const ID = "enter";

export class EnterFields {
  readonly first: readonly HTMLElement[];
  readonly rest: readonly HTMLElement[];
  private readonly desk: Desk;
  private readonly channels: HTMLElement;
  private readonly by = el("input", { id: `${ID}-by`, maxlength: 200, autocomplete: "off" });
  private readonly category = el("select", { id: `${ID}-category`, required: true });
  private readonly detail = el("select", { id: `${ID}-detail` });
  private readonly severity = el("select", { id: `${ID}-severity` });
  private readonly comment = el("textarea", { id: `${ID}-comment`, rows: 3, maxlength: 4000 });
  private readonly floor = el("input", {
    id: `${ID}-floor`,
    maxlength: 20,
    size: 6,
    autocomplete: "off",
  });
  private readonly seen = el("input", { id: `${ID}-seen`, type: "datetime-local" });

  constructor(desk: Desk) {
    this.desk = desk;
    this.channels = this.channelChoice();
    this.first = [this.channels, field(t("Told by (name and number; headquarters only)"), this.by)];
    this.rest = [
      el(
        "div",
        { class: "enter-row" },
        field(t("What"), this.category),
        field(t("In detail"), this.detail),
      ),
      el(
        "div",
        { class: "enter-row" },
        field(t("Severity"), this.severity),
        field(t("Floor"), this.floor),
      ),
      field(t("What was told"), this.comment),
      el(
        "div",
        { class: "enter-row" },
        field(t("Seen at (empty: not said)"), this.seen),
        this.now(),
      ),
    ];
    this.category.addEventListener("change", () => this.fillDetails());
    this.clear();
  }

  get value(): Told {
    const channel = this.channels.querySelector<HTMLInputElement>("input:checked")?.value;
    return {
      channel: channel ?? "phone",
      told_by: this.by.value,
      category: this.category.value,
      detail: this.detail.value,
      severity: this.severity.value,
      comment: this.comment.value,
      floor: this.floor.value,
      captured_at: localTime(this.seen.value, this.desk.page.incident.time_zone),
    };
  }

  focus(): void {
    this.by.focus();
  }

  /** The channel stays: who takes calls takes the next one. */
  clear(): void {
    for (const one of [this.by, this.comment, this.floor, this.seen]) one.value = "";
    const { words } = this.desk;
    const none = el("option", { value: "", selected: true, disabled: true }, t("Choose…"));
    const options = words
      .terms("category")
      .map(({ code }) => option(code, words.label("category", code)));
    this.category.replaceChildren(none, ...options);
    this.severity.replaceChildren(
      ...words.terms("severity").map(({ code }) => option(code, words.label("severity", code))),
    );
    this.severity.value = "unknown";
    this.fillDetails();
  }

  private fillDetails(): void {
    fillDetails(this.detail, this.category.value, this.desk.words);
  }

  private channelChoice(): HTMLElement {
    const { words } = this.desk;
    const ways = words.terms("channel").map(({ code, icon: name }, at) => {
      const radio = el("input", { type: "radio", name: "channel", value: code, checked: at === 0 });
      return el("label", {}, radio, icon(name), words.label("channel", code));
    });
    const legend = el("legend", { class: "unseen" }, t("How it came"));
    return el("fieldset", { class: "enter-channel" }, legend, ...ways);
  }

  private now(): HTMLElement {
    const set = () => {
      this.seen.value = asLocal(Date.now(), this.desk.page.incident.time_zone);
    };
    return button(t("Now"), set, { id: `${ID}-now` });
  }
}

function option(value: string, words: string): HTMLOptionElement {
  return el("option", { value }, words);
}

function field(words: string, input: HTMLElement): HTMLElement {
  return el("label", { class: "enter-field" }, el("span", {}, words), input);
}
