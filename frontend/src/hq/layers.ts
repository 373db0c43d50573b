/** The rail, lower part: what the organisations publish, with source, age, legend and counts. */

import { Problem } from "../core/api.ts";
import type { Gone, Item } from "../core/frames.ts";
import { language, number, t } from "../core/language.ts";
import {
  type LayerFeature,
  type LayerFeatures,
  type LayerInfo,
  SHOWN_AT_FIRST,
} from "../core/layer.ts";
import { dayTime } from "../core/times.ts";
import { byId, el } from "../dom/element.ts";
import { icon } from "../dom/icon.ts";
import type { LeafletMap } from "../map/leaflet.ts";
import { SupportLayer } from "../map/support_layer.ts";
import type { Desk } from "./desk.ts";
import { layerLegend } from "./legend.ts";

interface Shelf {
  readonly info: LayerInfo;
  readonly drawing: SupportLayer;
  readonly leaf: HTMLElement;
  shown: boolean;
  features: readonly LayerFeature[] | null;
  /** How many there are in all of what was asked for. */
  matched: number;
}

export interface Hands {
  readonly pick: (feature: LayerFeature, layer: LayerInfo) => void;
  /** The feed brought this feature anew. */
  readonly changed: (feature: LayerFeature, layer: LayerInfo) => void;
}

/** Many changes of live states come together; one reading serves them all (ms). */
const REREAD_AFTER_MS = 700;
/** A layer with more features is read for the map's view only, at most so many. */
const MOST_FEATURES = 2_000;

export class Layers {
  private readonly shelves = new Map<string, Shelf>();
  private readonly desk: Desk;
  private readonly map: LeafletMap;
  private readonly hands: Hands;
  private rereading: ReturnType<typeof setTimeout> | undefined;

  constructor(desk: Desk, map: LeafletMap, hands: Hands) {
    this.desk = desk;
    this.map = map;
    this.hands = hands;
    desk.view.changed(() => this.moved());
  }

  async load(): Promise<void> {
    const tree = byId("layer-tree");
    const old = [...this.shelves.values()];
    try {
      const { items } = await this.desk.api.get<{ items: LayerInfo[] }>(this.desk.page.urls.layers);
      this.shelves.clear();
      for (const info of this.inOrder(items)) this.shelves.set(info.slug, this.shelfOf(info));
      await Promise.all([...this.shelves.values()].map((shelf) => this.show(shelf)));
      // the former drawings stand until the new ones do: no blink on the wall
      for (const shelf of old) shelf.drawing.setShown(false);
      tree.replaceChildren(...[...this.shelves.values()].map((shelf) => shelf.leaf));
      byId("layer-empty").hidden = items.length > 0;
    } catch (error) {
      byId("layer-error").textContent = sayWhy(error);
      return;
    }
    byId("layer-error").textContent = "";
  }

  /** A hand-set state comes whole with the feed; a changed or withdrawn layer is read anew. */
  changed(changes: readonly (Item | Gone)[]): void {
    for (const change of changes) if ("feature" in change) this.takeState(change);
    if (!changes.some((change) => this.needsReading(change))) return;
    clearTimeout(this.rereading);
    this.rereading = setTimeout(() => void this.load(), REREAD_AFTER_MS);
  }

  private needsReading(change: Item | Gone): boolean {
    return change.kind === "layer" || (change.kind === "feature" && !("feature" in change));
  }

  private takeState(item: Item): void {
    if (item.kind !== "feature") return;
    const feature = item.feature as LayerFeature;
    const shelf = this.shelves.get(feature.properties.layer ?? "");
    if (!shelf?.features) return;
    const id = String(feature.id);
    shelf.features = shelf.features.map((old) => (isSame(old, id) ? feature : old));
    shelf.drawing.fill(shelf.features);
    this.drawLeaf(shelf);
    this.hands.changed(feature, shelf.info);
  }

  /** What the page opens with comes first, then the order of the vocabulary. */
  private inOrder(infos: readonly LayerInfo[]): LayerInfo[] {
    const kinds = this.desk.words.terms("layer_kind").map((term) => term.code);
    const place = ({ kind }: LayerInfo) =>
      kinds.indexOf(kind) - (SHOWN_AT_FIRST.has(kind) ? 100 : 0);
    return [...infos].sort((a, b) => place(a) - place(b));
  }

  private shelfOf(info: LayerInfo): Shelf {
    const title = (feature: LayerFeature) => featureName(feature) ?? info.title;
    const handlers = { pick: this.hands.pick, title };
    const drawing = new SupportLayer(this.map, info, this.desk.words, handlers);
    const kept = this.desk.memory.get<boolean>(`layer.${info.slug}`);
    const shown = kept ?? SHOWN_AT_FIRST.has(info.kind);
    return { info, drawing, leaf: el("li", { class: "layer" }), shown, features: null, matched: 0 };
  }

  private async show(shelf: Shelf): Promise<void> {
    this.drawLeaf(shelf);
    if (shelf.shown && shelf.features === null) await this.read(shelf);
    shelf.drawing.setShown(shelf.shown);
    this.drawLeaf(shelf);
  }

  private async read(shelf: Shelf): Promise<void> {
    const url = this.desk.page.urls.features.replace("{slug}", shelf.info.slug);
    const box = this.desk.view.value.map((degrees) => degrees.toFixed(6)).join();
    const query = isLarge(shelf.info) ? `&limit=${MOST_FEATURES}&bbox=${box}` : "";
    const answer = await this.desk.api.get<LayerFeatures>(url + query);
    shelf.features = answer.features;
    shelf.matched = answer.numberMatched ?? answer.features.length;
    shelf.drawing.fill(answer.features);
  }

  private moved(): void {
    const large = [...this.shelves.values()].filter((shelf) => shelf.shown && isLarge(shelf.info));
    for (const shelf of large)
      this.read(shelf).then(
        () => this.drawLeaf(shelf),
        () => undefined,
      );
  }

  private drawLeaf(shelf: Shelf): void {
    const { info } = shelf;
    const box = el("input", { type: "checkbox", checked: shelf.shown });
    box.addEventListener("change", () => this.toggle(shelf, box.checked));
    const mark = icon(this.desk.words.term("layer_kind", info.kind)?.icon ?? "layer_other");
    mark.classList.add("leaf-mark");
    const count = el("span", { class: "count" }, countOf(shelf));
    const name = el("span", { class: "layer-name" }, layerTitle(info));
    const head = el("label", {}, box, mark as unknown as HTMLElement, name, count);
    shelf.leaf.replaceChildren(head, ...this.underneath(shelf));
  }

  private underneath(shelf: Shelf): HTMLElement[] {
    const said = sourceLine({ ...shelf.info, publisher: publisherName(shelf.info) });
    const late = shelf.info.stale ? t(" – older than promised") : "";
    const source = el("p", { class: late ? "layer-source doubtful" : "layer-source" }, said, late);
    if (!shelf.shown || !shelf.features) return [source];
    return [source, layerLegend(shelf.info.kind, shelf.features, this.desk.words)];
  }

  private toggle(shelf: Shelf, shown: boolean): void {
    shelf.shown = shown;
    this.desk.memory.set(`layer.${shelf.info.slug}`, shown);
    this.show(shelf).catch((error: unknown) => {
      shelf.leaf.append(el("p", { class: "error" }, sayWhy(error)));
    });
  }
}

// The feed may name a feature with its layer: "<slug>/<id>".
function isSame(feature: LayerFeature, id: string): boolean {
  return id === String(feature.id) || id === `${feature.properties.layer}/${feature.id}`;
}

function isLarge(info: LayerInfo): boolean {
  return (info.feature_count ?? 0) > MOST_FEATURES;
}

/** "drawn / all" where not all are drawn. */
function countOf({ info, features, matched }: Shelf): string {
  const all = info.feature_count ?? matched;
  if (!features) return all ? number(all) : "";
  return features.length === all ? number(all) : `${number(features.length)} / ${number(all)}`;
}

export function publisherName({ publisher }: LayerInfo): string | null {
  return (language() === "en" && publisher?.name_en) || (publisher?.name ?? null);
}

export function layerTitle(info: LayerInfo): string {
  return (language() === "en" && info.title_en) || info.title;
}

export function featureName({ properties }: LayerFeature): string | null {
  return (language() === "en" && properties.name_en) || properties.name || null;
}

/** Who said it and when; who put it here. Two different things. */
export function sourceLine(about: {
  readonly publisher?: string | null;
  readonly source_name?: string | null;
  readonly source_as_of?: string | null;
}): string {
  const { source_name, publisher, source_as_of } = about;
  const time = source_as_of ? dayTime(source_as_of, Date.now()) : t("time not given");
  const source = t("Source: {source}, {time}", { source: source_name || t("not given"), time });
  if (!publisher || publisher === source_name) return source;
  return t("{source} / published by {publisher}", { source, publisher });
}

function sayWhy(error: unknown): string {
  return error instanceof Problem ? error.message : t("The layers cannot be read just now.");
}
