/** The public support layers on the map, kept at the head of the feed. */

import type { Api } from "../core/api.ts";
import type { Gone, Item } from "../core/frames.ts";
import {
  type KeptLayer,
  KeptLayers,
  type LayerNews,
  type LayerReading,
} from "../core/kept_layers.ts";
import { number } from "../core/language.ts";
import {
  type LayerFeature,
  type LayerFeatures,
  type LayerInfo,
  SHOWN_AT_FIRST,
} from "../core/layer.ts";
import type { Vocabulary } from "../core/vocabulary.ts";
import { byId } from "../dom/element.ts";
import { say } from "../dom/say.ts";
import { L, type LeafletMap } from "../map/leaflet.ts";
import { SupportLayer } from "../map/support_layer.ts";
import type { PageData } from "./page_data.ts";
import { placeName, placeWords } from "./popup.ts";

/** Of each layer; a phone cannot draw more. */
const MOST_FEATURES = 2_000;
/** New files come as several changes; and not all phones read them in the same moment (ms). */
const PAUSES = { every: 300, afterFailure: 5_000, spread: 400 };

export class PublicLayers {
  private readonly page: PageData;
  private readonly api: Api;
  private readonly map: LeafletMap;
  private readonly words: Vocabulary;
  private readonly kept: KeptLayers;
  private layers: readonly KeptLayer[] = [];
  private drawn = new Map<string, SupportLayer>();

  constructor(page: PageData, api: Api, map: LeafletMap, words: Vocabulary) {
    this.page = page;
    this.api = api;
    this.map = map;
    this.words = words;
    const source = {
      list: () => this.list(),
      wants: (kind: string) => SHOWN_AT_FIRST.has(kind),
      read: (info: LayerInfo) => this.read(info),
    };
    const read = (layers: readonly KeptLayer[]) => this.draw(layers);
    const told = (slug: string, news: LayerNews) => this.put(slug, news);
    this.kept = new KeptLayers(source, { read, told }, PAUSES);
  }

  begin(): Promise<void> {
    return this.kept.begin();
  }

  changed(changes: readonly (Item | Gone)[]): void {
    this.kept.changed(changes);
  }

  /** How many there are, drawn or not: to be said again when the page has learnt its words. */
  tell(): void {
    const shown = sum(this.layers.map(({ contents }) => contents.all.length));
    const total = sum(this.layers.map(({ contents }) => contents.matched));
    const line = byId("map-cut");
    line.hidden = shown >= total;
    const counts = { shown: number(shown), total: number(total) };
    line.replaceChildren(say("The map shows {shown} of {total} places.", counts));
  }

  private async list(): Promise<readonly LayerInfo[]> {
    return (await this.api.get<{ items: LayerInfo[] }>(this.page.urls.layers)).items;
  }

  private async read(info: LayerInfo): Promise<LayerReading> {
    const url = this.page.urls.features.replace("{slug}", info.slug);
    const answer = await this.api.get<LayerFeatures>(`${url}?limit=${MOST_FEATURES}`);
    const { features, seq = 0, numberMatched: matched = features.length } = answer;
    return { features, seq, matched };
  }

  private draw(layers: readonly KeptLayer[]): void {
    const before = this.drawn;
    this.layers = layers;
    this.drawn = new Map(layers.map((one) => [one.info.slug, this.drawingOf(one)]));
    // the former drawings stand until the new ones do
    for (const drawing of before.values()) drawing.setShown(false);
    this.tell();
  }

  private drawingOf({ info, contents }: KeptLayer): SupportLayer {
    const drawing = new SupportLayer(this.map, info, this.words, {
      title: (feature) => placeName(feature, info),
      pick: (feature) => this.open(feature, info),
    });
    drawing.fill(contents.all);
    drawing.setShown(true);
    return drawing;
  }

  private open(feature: LayerFeature, info: LayerInfo): void {
    const box = feature.geometry && L.geoJSON(feature.geometry).getBounds();
    if (!box?.isValid()) return;
    const content = placeWords(feature, info, this.words);
    L.popup().setLatLng(box.getCenter()).setContent(content).openOn(this.map);
  }

  private put(slug: string, { id, feature }: LayerNews): void {
    const drawing = this.drawn.get(slug);
    if (feature) drawing?.put(feature);
    else drawing?.remove(id);
    this.tell();
  }
}

function sum(counts: readonly number[]): number {
  return counts.reduce((all, one) => all + one, 0);
}
