/** What organisations have published around a report: as it came in, and now. */

import type { Gone, Item } from "../core/frames.ts";
import { markPosition } from "../core/geometry.ts";
import { t } from "../core/language.ts";
import { layerOf } from "../core/layer_contents.ts";
import { type Context, type NearPlace, sameWord } from "../core/near.ts";
import type { Report } from "../core/report.ts";
import { dayTime } from "../core/times.ts";
import { button, el } from "../dom/element.ts";
import type { Desk } from "./desk.ts";
import { nearItem, nearName, stateWords } from "./near_item.ts";
import { length } from "./place_lines.ts";
import { placeWords } from "./row.ts";

/** In the order of what is asked first; as reports/context.py. */
const KINDS = ["shelter", "water", "road_closure", "passable"];
/** What was read longer ago is read again when the report is drawn (ms). */
const FRESH_MS = 30_000;
const ASK_AGAIN_MS = 800;

export interface ContextHands {
  readonly open: (layer: string, id: string) => void;
  readonly near: (from: readonly number[], title: string) => void;
}

interface Kept {
  readonly context: Context;
  readonly at: number;
  readonly place: string;
}

export class Surroundings {
  private readonly desk: Desk;
  private readonly hands: ContextHands;
  private readonly kept = new Map<string, Kept>();
  private box: HTMLElement | null = null;
  private report: Report | null = null;
  private again: ReturnType<typeof setTimeout> | undefined;

  constructor(desk: Desk, hands: ContextHands) {
    this.desk = desk;
    this.hands = hands;
  }

  /** The part of the detail; it fills itself, and again when places change. */
  section(report: Report): HTMLElement {
    this.report = report;
    this.box = el("div", { class: "context-lines" });
    const kept = this.kept.get(report.id);
    if (kept) this.draw(kept.context);
    const known = kept?.place === placeOf(report) && Date.now() - kept.at < FRESH_MS;
    if (!known) void this.read(report);
    return el(
      "section",
      { class: "context" },
      el("h3", {}, t("Around here")),
      this.box,
      this.more(report),
    );
  }

  changed(changes: readonly (Item | Gone)[]): void {
    if (!changes.some((change) => layerOf(change) !== null)) return;
    clearTimeout(this.again);
    this.again = setTimeout(() => {
      this.kept.clear();
      if (this.report && this.report.id === this.desk.selected.value) void this.read(this.report);
    }, ASK_AGAIN_MS);
  }

  private more(report: Report): HTMLElement | null {
    const at = markPosition(report.geometry);
    if (!at) return null;
    const go = () => this.hands.near(at, placeWords(report));
    return el("p", { class: "buttons" }, button(t("Nearest places…"), go, { id: "report-near" }));
  }

  private async read(report: Report): Promise<void> {
    try {
      const url = `${this.desk.page.urls.report.replace("{id}", report.id)}/context`;
      const context = await this.desk.api.get<Context>(url);
      this.kept.set(report.id, { context, at: Date.now(), place: placeOf(report) });
      if (this.report?.id === report.id) this.draw(context);
    } catch {
      const words = t("What is around cannot be read just now.");
      if (this.report?.id === report.id) this.box?.append(el("p", { class: "error" }, words));
    }
  }

  private draw({ stored, fresh }: Context): void {
    if (!fresh) {
      this.box?.replaceChildren(el("p", { class: "quiet" }, t("Known once it has a place.")));
      return;
    }
    const lines = KINDS.map((kind) => this.kind(kind, fresh.items, stored?.items ?? null));
    const time = stored ? dayTime(stored.at, Date.now()) : "";
    const noted = stored
      ? t("Straight-line distances. At intake: as noted {time}.", { time })
      : t("Straight-line distances. Nothing was noted at intake.");
    this.box?.replaceChildren(el("ul", {}, ...lines.flat()), el("p", { class: "quiet" }, noted));
  }

  private kind(
    kind: string,
    fresh: readonly NearPlace[],
    stored: readonly NearPlace[] | null,
  ): HTMLElement[] {
    const { words } = this.desk;
    const now = fresh.find((place) => place.kind === kind);
    const then = stored?.find((place) => place.kind === kind);
    const open = (place: NearPlace) => () => this.hands.open(place.layer, place.feature_id);
    const lines = [
      now
        ? nearItem(now, words, open(now))
        : el("li", { class: "near-item none" }, noneWords(kind, words.label("layer_kind", kind))),
    ];
    if (stored && !sameWord(now, then)) {
      lines.push(el("li", { class: "context-then" }, this.thenWords(then)));
    }
    return lines;
  }

  private thenWords(then: NearPlace | undefined): string {
    if (!then) return t("At intake: none");
    const { words } = this.desk;
    const state = stateWords(then, words);
    const distance = length(then.distance_m ?? 0);
    return t("At intake: {name}, {distance}, {state}", {
      name: nearName(then, words),
      distance,
      state,
    });
  }
}

function noneWords(kind: string, label: string): string {
  const roads = kind === "road_closure" || kind === "passable";
  return roads
    ? t("{kind}: none published", { kind: label })
    : t("{kind}: none is known to be open", { kind: label });
}

function placeOf({ geometry }: Report): string {
  return JSON.stringify(geometry);
}
