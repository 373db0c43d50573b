/** What is nearest to a point, in a straight line: from a click on the map, or from a report. */

import type { Position } from "geojson";
import { Problem } from "../core/api.ts";
import type { Gone, Item } from "../core/frames.ts";
import { t } from "../core/language.ts";
import { layerOf } from "../core/layer_contents.ts";
import type { NearPlace } from "../core/near.ts";
import { clockTime } from "../core/times.ts";
import { button, byId, el } from "../dom/element.ts";
import type { LeafletMap } from "../map/leaflet.ts";
import { NearLines } from "../map/near_lines.ts";
import { pickPlace } from "../map/pick_place.ts";
import type { Desk } from "./desk.ts";
import { mapHint } from "./map_hint.ts";
import { nearItem } from "./near_item.ts";

const HOW_MANY = 5;
/** Changes come in swarms; one answer serves them all (ms). */
const ASK_AGAIN_MS = 500;

export interface NearHands {
  readonly kinds: () => readonly string[];
  readonly open: (layer: string, id: string) => void;
}

export class Near {
  private readonly panel = byId("near");
  private readonly list = el("ol", { class: "near-list" });
  private readonly note = el("p", { class: "quiet", role: "status" });
  private readonly kind = el("select", { id: "near-kind" });
  private readonly openOnly = el("input", { type: "checkbox", id: "near-open", checked: true });
  private readonly title = el("h2");
  private readonly desk: Desk;
  private readonly hands: NearHands;
  private readonly lines: NearLines;
  private from: Position | null = null;
  private asked = 0;
  private again: ReturnType<typeof setTimeout> | undefined;

  constructor(desk: Desk, map: LeafletMap, hands: NearHands) {
    this.desk = desk;
    this.hands = hands;
    this.lines = new NearLines(map);
    this.build();
    byId("near-start").addEventListener("click", () => void this.pick(map));
  }

  /** Opens the list for a point. */
  measure(from: Position, title: string): void {
    this.from = from;
    this.title.textContent = t("Nearest to: {place}", { place: title });
    this.panel.hidden = false;
    this.fillKinds();
    void this.ask();
  }

  close(): boolean {
    const was = !this.panel.hidden;
    this.panel.hidden = true;
    this.from = null;
    this.lines.clear();
    return was;
  }

  /** News of places: what is near may be another one now. */
  changed(changes: readonly (Item | Gone)[]): void {
    if (!this.from || !changes.some((change) => layerOf(change) !== null)) return;
    clearTimeout(this.again);
    this.again = setTimeout(() => void this.ask(), ASK_AGAIN_MS);
  }

  private build(): void {
    const close = button("×", () => this.close(), { class: "square", "aria-label": t("Close") });
    const open = el("label", {}, this.openOnly, t("Open only"));
    const kind = el("label", {}, el("span", { class: "unseen" }, t("Kind")), this.kind);
    this.panel.replaceChildren(
      el("header", {}, this.title, close),
      el("div", { class: "near-choice" }, kind, open),
      this.list,
      this.note,
      el("p", { class: "quiet" }, t("Straight-line distances; the way there may be longer.")),
    );
    this.kind.addEventListener("change", () => {
      this.desk.memory.set("near.kind", this.kind.value);
      void this.ask();
    });
    this.openOnly.addEventListener("change", () => void this.ask());
  }

  private fillKinds(): void {
    const there = this.hands.kinds();
    const { words, memory } = this.desk;
    const kinds = words.terms("layer_kind").filter(({ code }) => there.includes(code));
    const chosen = this.kind.value || memory.get<string>("near.kind") || "shelter";
    this.kind.replaceChildren(
      ...kinds.map(({ code }) =>
        el("option", { value: code, selected: code === chosen }, words.label("layer_kind", code)),
      ),
    );
  }

  private async pick(map: LeafletMap): Promise<void> {
    const words = t(
      "Click the point from which to measure, or Space for the middle of the map. Esc cancels.",
    );
    const unsay = mapHint(words);
    const from = await pickPlace(map);
    unsay();
    if (from) this.measure(from, t("This point"));
  }

  private async ask(): Promise<void> {
    const { from } = this;
    this.asked += 1;
    const mine = this.asked;
    if (!from) return;
    // of a kind that has no state nothing can be said to be open
    const stateful = Object.keys(this.desk.words.term("layer_kind", this.kind.value)?.states ?? {});
    this.openOnly.disabled = stateful.length === 0;
    const open = this.openOnly.checked && !this.openOnly.disabled;
    try {
      const { items } = await this.desk.api.get<{ items: NearPlace[] }>(this.url(from, open));
      if (mine === this.asked) this.show(from, items, open);
    } catch (error) {
      if (mine !== this.asked) return;
      this.note.textContent =
        error instanceof Problem ? error.message : t("This cannot be looked up just now.");
    }
  }

  private url([lon = 0, lat = 0]: Position, open: boolean): string {
    const asked = { kind: this.kind.value, lon, lat, n: HOW_MANY, open };
    const query = new URLSearchParams(
      Object.entries(asked).map(([name, value]) => [name, String(value)]),
    );
    return `${this.desk.page.urls.nearest}?${query}`;
  }

  private show(from: Position, items: readonly NearPlace[], open: boolean): void {
    const { words } = this.desk;
    this.list.replaceChildren(
      ...items.map((place) =>
        nearItem(place, words, () => this.hands.open(place.layer, place.feature_id)),
      ),
    );
    const none = open ? t("None is known to be open.") : t("None is published.");
    const time = clockTime(Date.now());
    this.note.textContent = items.length === 0 ? none : t("As of {time}", { time });
    this.lines.show(
      from,
      items.map(({ lon, lat }) => [lon ?? 0, lat ?? 0]),
    );
  }
}
