/** Places of support, usable ones first, then by distance; one kind or all of them. */

import { number } from "../../core/language.ts";
import type { Unsubscribe } from "../../core/observable.ts";
import { el } from "../../dom/element.ts";
import { plain, say, withoutReadings, withReadings } from "../../dom/say.ts";
import type { Here } from "../place/here.ts";
import type { State } from "../state.ts";
import type { Surroundings } from "./around.ts";
import { mayBeOffered, nearestFirst, PLACE_KINDS, type SupportPlace } from "./nearest.ts";
import { pieces } from "./pieces.ts";
import { placeCard } from "./place_card.ts";

export interface PlaceListOptions {
  readonly kind: string | null;
  readonly changed: () => void;
}

export class PlaceList {
  readonly root = el("div", { class: "stack" });
  kind: string | null;
  private readonly state: State;
  private readonly surroundings: Surroundings;
  private readonly here: Here;
  private readonly changed: () => void;
  private readonly choice = el("select", { name: "kind" });
  private readonly list = el("div", { class: "stack" });
  private readonly ends: Unsubscribe[];

  constructor(state: State, surroundings: Surroundings, here: Here, options: PlaceListOptions) {
    this.state = state;
    this.surroundings = surroundings;
    this.here = here;
    this.kind = options.kind;
    this.changed = options.changed;
    this.choice.addEventListener("change", () => this.choose(this.choice.value));
    const label = el("span", {}, say("What do you need?"));
    const field = el("label", { class: "field" }, label, this.choice);
    const shelters = el(
      "a",
      { class: "button", href: "/m/shelter", "data-go": "shelter" },
      say("Report how a facility is"),
    );
    this.root.append(field, this.list);
    // the service takes an official's word only
    if (state.device.value?.audience !== "volunteer") this.root.append(shelters);
    const draw = () => this.root.isConnected && this.draw();
    this.ends = [surroundings.layers.copies.changed(draw), here.fix.changed(draw)];
  }

  stop(): void {
    for (const end of this.ends) end();
  }

  draw(): void {
    const offered = this.offered();
    this.drawChoice(offered);
    const wanted = offered.filter(({ info }) => this.kind === null || info.kind === this.kind);
    const ranked = nearestFirst(wanted, this.here.at);
    const now = Date.now();
    const shown = pieces(ranked, (place) => placeCard(place, this.state.words, now), {
      label: plain("Places of support"),
    });
    const children = [this.note(), ranked.length > 0 ? shown.body : this.empty(), this.part()];
    this.list.replaceChildren(...children.filter((child) => child !== null));
  }

  private offered(): SupportPlace[] {
    const { incident, layers } = this.surroundings;
    return layers.places().filter((place) => mayBeOffered(place, incident.hazard ?? null));
  }

  private choose(kind: string): void {
    this.kind = kind || null;
    this.changed();
    this.draw();
  }

  private drawChoice(offered: readonly SupportPlace[]): void {
    const counts = new Map<string, number>();
    for (const { info } of offered) counts.set(info.kind, (counts.get(info.kind) ?? 0) + 1);
    const kinds = PLACE_KINDS.filter((kind) => counts.has(kind) || kind === this.kind);
    const options = kinds.map((kind) => {
      const name = withoutReadings(this.state.words.label("layer_kind", kind));
      const text = `${name} (${number(counts.get(kind) ?? 0)})`;
      return el("option", { value: kind, selected: kind === this.kind }, text);
    });
    this.choice.replaceChildren(el("option", { value: "" }, plain("Everything")), ...options);
  }

  /** Distances are of straight lines, and without a position there are none. */
  private note(): HTMLElement {
    const words = this.here.at
      ? say("Usable ones first, then the nearest. The way there may be longer or blocked.")
      : say("This phone does not know where it is: no distances.");
    return el("p", { class: "soft" }, words);
  }

  private empty(): HTMLElement {
    const words =
      this.surroundings.layers.copies.value.length > 0
        ? say("None is known here.")
        : say("Nothing has been copied to this phone yet. It needs a network once.");
    return el("p", { class: "empty" }, words);
  }

  /** Never silently: of large layers only the part around the incident is here. */
  private part(): HTMLElement | null {
    const cut = this.surroundings.layers.copies.value.filter((c) => c.total > c.features.length);
    const left = cut.reduce((sum, { total, features }) => sum + total - features.length, 0);
    if (left === 0) return null;
    const words = plain("{n} more outside this area are not on this phone.", { n: number(left) });
    return el("p", { class: "soft" }, withReadings(words));
  }
}
