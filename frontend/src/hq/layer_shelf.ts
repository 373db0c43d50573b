/** One layer of the rail: what of it is known, and whether it is drawn. */

import type { Gone, Item } from "../core/frames.ts";
import { isStale, type LayerFeature, type LayerFeatures, type LayerInfo } from "../core/layer.ts";
import { LayerContents } from "../core/layer_contents.ts";
import type { LeafletMap } from "../map/leaflet.ts";
import { type SupportHandlers, SupportLayer } from "../map/support_layer.ts";
import type { Desk } from "./desk.ts";

/** A layer with more features is read for the map's view only, at most so many. */
const MOST_FEATURES = 2_000;

export class Shelf {
  info: LayerInfo;
  shown: boolean;
  error = "";
  private contents: LayerContents;
  private readonly drawing: SupportLayer;
  private readonly desk: Desk;
  private reading: Promise<void> | null = null;

  constructor(
    info: LayerInfo,
    shown: boolean,
    desk: Desk,
    map: LeafletMap,
    handlers: SupportHandlers,
  ) {
    this.info = info;
    this.shown = shown;
    this.desk = desk;
    this.contents = new LayerContents(info.slug);
    this.drawing = new SupportLayer(map, info, desk.words, handlers);
  }

  /** null while nothing has been read. */
  get features(): readonly LayerFeature[] | null {
    return this.contents.read ? this.contents.all : null;
  }

  get stale(): boolean {
    return isStale(this.info, Date.now()) === true;
  }

  /** How many there are, drawn or not. */
  get total(): number {
    const all = this.info.feature_count ?? 0;
    if (!this.contents.read) return all;
    return this.isLarge ? Math.max(all, this.contents.matched) : this.contents.matched;
  }

  /** How many are on the map now. */
  get drawn(): number {
    return this.shown ? this.contents.all.filter((one) => one.geometry !== null).length : 0;
  }

  get isLarge(): boolean {
    return (this.info.feature_count ?? 0) > MOST_FEATURES;
  }

  get(id: string): LayerFeature | null {
    return this.contents.get(id);
  }

  /** Draws it if it is to be seen; reads it first where that has not been done. */
  async show(shown: boolean): Promise<void> {
    this.shown = shown;
    if (shown && !this.contents.read) await this.read();
    this.drawing.setShown(this.shown);
    this.drawing.setOld(this.stale);
  }

  hide(): void {
    this.drawing.setShown(false);
  }

  /** Reads it anew; who asks while it is being read waits for that and for one more. */
  async read(): Promise<void> {
    const before = this.reading;
    const mine = (async () => {
      await before?.catch(() => undefined);
      const answer = await this.desk.api.get<LayerFeatures>(this.url());
      const { features, numberMatched } = answer;
      this.contents.replace(features, answer.seq ?? 0, numberMatched ?? features.length);
      this.drawing.fill(this.contents.all);
      this.drawing.setOld(this.stale);
    })();
    this.reading = mine;
    await mine;
  }

  private url(): string {
    const url = this.desk.page.urls.features.replace("{slug}", this.info.slug);
    if (!this.isLarge) return url;
    const box = this.desk.view.value.map((degrees) => degrees.toFixed(6)).join();
    return `${url}&limit=${MOST_FEATURES}&bbox=${box}`;
  }

  /** One change of the feed; null when it is not news. */
  take(change: Item | Gone): { readonly id: string; readonly feature: LayerFeature | null } | null {
    const news = this.contents.take(change);
    if (!news || !this.contents.read) return news;
    if (news.feature) this.drawing.put(news.feature);
    else this.drawing.remove(news.id);
    return news;
  }
}
