/** Which kinds of official places the map shows; remembered on this phone. */

import { number } from "../../core/language.ts";
import { SHOWN_AT_FIRST } from "../../core/layer.ts";
import type { Unsubscribe } from "../../core/observable.ts";
import { el } from "../../dom/element.ts";
import { icon } from "../../dom/icon.ts";
import { say, withReadings } from "../../dom/say.ts";
import type { State } from "../state.ts";
import { COPIED_KINDS, type LayerCopy, type Layers } from "./layers.ts";

/** A kept value: codes of layer kinds. */
const SHOWN = "map_kinds";

export class KindSwitches {
  readonly root = el("details", { class: "filters" });
  private readonly state: State;
  private readonly layers: Layers;
  private readonly changed: () => void;
  private readonly fields = el("div", { class: "filters__fields" });
  private readonly end: Unsubscribe;
  private kinds: ReadonlySet<string> = SHOWN_AT_FIRST;

  constructor(state: State, layers: Layers, changed: () => void) {
    this.state = state;
    this.layers = layers;
    this.changed = changed;
    const summary = el("summary", { class: "button button--wide" }, say("Places on the map"));
    this.root.append(summary, this.fields);
    this.end = layers.copies.changed(() => this.draw());
  }

  stop(): void {
    this.end();
  }

  async recall(): Promise<void> {
    const kept = await this.state.box.kept<readonly string[]>(SHOWN);
    if (kept) this.kinds = new Set(kept);
    this.draw();
  }

  shown(): readonly LayerCopy[] {
    return this.layers.copies.value.filter(({ info }) => this.kinds.has(info.kind));
  }

  private draw(): void {
    const copies = this.layers.copies.value;
    const made = [...COPIED_KINDS].flatMap((kind) => {
      const mine = copies.filter(({ info }) => info.kind === kind);
      const count = mine.reduce((sum, { features }) => sum + features.length, 0);
      return mine.length > 0 ? [this.switchOf(kind, count)] : [];
    });
    const none = el("p", { class: "soft" }, say("None is known here."));
    this.fields.replaceChildren(...(made.length > 0 ? made : [none]));
  }

  private switchOf(kind: string, count: number): HTMLElement {
    const { words } = this.state;
    const box = el("input", { type: "checkbox", name: kind, checked: this.kinds.has(kind) });
    box.addEventListener("change", () => this.set(kind, box.checked));
    const name = withReadings(words.label("layer_kind", kind));
    const mark = icon(words.term("layer_kind", kind)?.icon ?? "layer_other");
    const label = el("span", {}, mark, " ", name, ` ${number(count)}`);
    return el("label", { class: "switch" }, box, label);
  }

  private set(kind: string, on: boolean): void {
    const next = new Set(this.kinds);
    if (on) next.add(kind);
    else next.delete(kind);
    this.kinds = next;
    void this.state.box.keep(SHOWN, [...next]);
    this.changed();
  }
}
