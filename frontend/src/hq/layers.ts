/** What the organisations publish, kept at the head of the feed: read, drawn, listed in the rail. */

import { Problem } from "../core/api.ts";
import type { Gone, Item } from "../core/frames.ts";
import { t } from "../core/language.ts";
import { type LayerFeature, type LayerInfo, SHOWN_AT_FIRST } from "../core/layer.ts";
import { layerOf } from "../core/layer_contents.ts";
import type { LeafletMap } from "../map/leaflet.ts";
import type { Desk } from "./desk.ts";
import { Shelf } from "./layer_shelf.ts";
import { LayerTree } from "./layer_tree.ts";
import { featureName, layerTitle } from "./layer_words.ts";

export interface Hands {
  readonly pick: (feature: LayerFeature, layer: LayerInfo) => void;
  /** The feed brought this feature anew. */
  readonly changed: (feature: LayerFeature, layer: LayerInfo) => void;
  /** It has left its layer. */
  readonly gone: (id: string, layer: LayerInfo) => void;
}

/** A version comes as several changes; the first is read at once, the rest together (ms). */
const REREAD_AFTER_MS = 300;
/** Somebody who pans on is not there yet (ms). */
const MOVED_AFTER_MS = 200;
/** Promises of a layer are broken by the clock alone (ms). */
const AGE_EVERY_MS = 60_000;

export class Layers {
  readonly shelves = new Map<string, Shelf>();
  private readonly desk: Desk;
  private readonly map: LeafletMap;
  private readonly hands: Hands;
  private readonly tree: LayerTree;
  private changedSlugs = new Set<string>();
  private rereading = false;
  private moving: ReturnType<typeof setTimeout> | undefined;

  constructor(desk: Desk, map: LeafletMap, hands: Hands) {
    this.desk = desk;
    this.map = map;
    this.hands = hands;
    this.tree = new LayerTree(desk, { show: (shelves, shown) => this.show(shelves, shown) });
    desk.view.changed(() => {
      clearTimeout(this.moving);
      this.moving = setTimeout(() => void this.moved(), MOVED_AFTER_MS);
    });
    setInterval(() => this.age(), AGE_EVERY_MS);
  }

  /** Reads everything anew: at the start, and when the feed begins again. */
  async load(): Promise<void> {
    this.changedSlugs = new Set(["*"]);
    await this.reread();
  }

  /** A changed feature comes whole with the feed; a changed or withdrawn layer is read anew. */
  changed(changes: readonly (Item | Gone)[]): void {
    for (const change of changes) {
      const slug = layerOf(change);
      if (slug === null) continue;
      if (change.kind === "layer") this.changedSlugs.add(slug);
      else this.takeFeature(slug, change);
    }
    if (this.changedSlugs.size > 0) void this.reread();
  }

  kinds(): string[] {
    return [...new Set([...this.shelves.values()].map((shelf) => shelf.info.kind))];
  }

  private takeFeature(slug: string, change: Item | Gone): void {
    const shelf = this.shelves.get(slug);
    const news = shelf?.take(change);
    if (!shelf || !news) return;
    this.tree.refresh(shelf);
    if (news.feature) this.hands.changed(news.feature, shelf.info);
    else this.hands.gone(news.id, shelf.info);
  }

  private async reread(): Promise<void> {
    if (this.rereading) return;
    this.rereading = true;
    while (this.changedSlugs.size > 0) {
      const slugs = this.changedSlugs;
      this.changedSlugs = new Set();
      await this.readThese(slugs);
      await new Promise((resolve) => setTimeout(resolve, REREAD_AFTER_MS));
    }
    this.rereading = false;
  }

  private async readThese(slugs: ReadonlySet<string>): Promise<void> {
    try {
      const { items } = await this.desk.api.get<{ items: LayerInfo[] }>(this.desk.page.urls.layers);
      const before = new Map(this.shelves);
      this.shelves.clear();
      for (const info of items) this.shelves.set(info.slug, this.shelfOf(info, slugs, before));
      this.tree.draw([...this.shelves.values()]);
      await Promise.all([...this.shelves.values()].map((shelf) => this.showOne(shelf)));
      // the former drawings stand until the new ones do: no blink on the wall
      for (const old of before.values()) {
        if (this.shelves.get(old.info.slug) !== old) old.hide();
      }
      this.tree.said(items.length === 0 ? "empty" : "");
    } catch (error) {
      this.tree.said(sayWhy(error));
    }
  }

  private shelfOf(
    info: LayerInfo,
    changed: ReadonlySet<string>,
    before: ReadonlyMap<string, Shelf>,
  ): Shelf {
    const old = before.get(info.slug);
    if (old && !changed.has(info.slug) && !changed.has("*")) {
      old.info = info;
      return old;
    }
    const kept = this.desk.memory.get<boolean>(`layer.${info.slug}`);
    const shown = old?.shown ?? kept ?? SHOWN_AT_FIRST.has(info.kind);
    return new Shelf(info, shown, this.desk, this.map, {
      pick: this.hands.pick,
      title: (feature) => featureName(feature) ?? layerTitle(info),
    });
  }

  private show(shelves: readonly Shelf[], shown: boolean): void {
    for (const shelf of shelves) {
      this.desk.memory.set(`layer.${shelf.info.slug}`, shown);
      shelf.shown = shown;
      void this.showOne(shelf);
    }
  }

  private async showOne(shelf: Shelf): Promise<void> {
    this.tree.refresh(shelf);
    try {
      await shelf.show(shelf.shown);
      shelf.error = "";
    } catch (error) {
      shelf.error = sayWhy(error);
    }
    this.tree.refresh(shelf);
  }

  private async moved(): Promise<void> {
    const large = [...this.shelves.values()].filter((shelf) => shelf.shown && shelf.isLarge);
    for (const shelf of large) {
      await shelf.read().catch(() => undefined);
      this.tree.refresh(shelf);
    }
  }

  private age(): void {
    for (const shelf of this.shelves.values()) void this.showOne(shelf);
  }
}

function sayWhy(error: unknown): string {
  return error instanceof Problem ? error.message : t("The layers cannot be read just now.");
}
