/** How old a copy is, and whether it can be brought up to date; with the button that tries. */

import type { Unsubscribe } from "../../core/observable.ts";
import { timeAgo } from "../../core/times.ts";
import { button, el } from "../../dom/element.ts";
import { icon } from "../../dom/icon.ts";
import { plain, say, withReadings } from "../../dom/say.ts";
import { reasonOf } from "../waiting/why.ts";
import type { Around } from "./around.ts";

const TICK_MS = 30_000;

export class AsOfLine {
  readonly root = el("div", { class: "as-of" });
  private readonly around: Around;
  private readonly words = el("p", { class: "as-of__words", role: "status" });
  private readonly again: HTMLButtonElement;
  private readonly ends: Unsubscribe[] = [];

  constructor(around: Around) {
    this.around = around;
    this.again = button(say("Update"), () => void around.refresh({ layers: true }), {
      class: "plain",
    });
    this.root.append(this.words, this.again);
    const draw = () => this.draw();
    this.ends.push(around.trouble.changed(draw), around.busy.changed(draw));
    const copy = around.now.value?.reports;
    if (copy) this.ends.push(copy.asOf.changed(draw));
    const timer = setInterval(draw, TICK_MS);
    this.ends.push(() => clearInterval(timer));
    this.draw();
  }

  stop(): void {
    for (const end of this.ends) end();
  }

  private draw(): void {
    const { trouble, busy, now } = this.around;
    const asOf = now.value?.reports.asOf.value ?? null;
    const age = asOf === null ? plain("Nothing copied yet") : copyWords(asOf);
    this.again.disabled = busy.value;
    const why = trouble.value && reasonOf(trouble.value).words;
    this.root.classList.toggle("as-of--old", why !== null);
    const lines = [
      withReadings(age),
      why ? el("span", {}, icon("ui_offline"), withReadings(why)) : "",
    ];
    this.words.replaceChildren(...lines);
  }
}

function copyWords(at: number): string {
  return plain("As of {time}", { time: timeAgo(at, Date.now()) });
}
