/** The public support layers on the map. One feature comes whole; a layer is read again. */

import type { Api } from "../core/api.ts";
import type { Gone, Item } from "../core/frames.ts";
import {
  type LayerFeature,
  type LayerFeatures,
  type LayerInfo,
  SHOWN_AT_FIRST,
} from "../core/layer.ts";
import type { Vocabulary } from "../core/vocabulary.ts";
import { L, type LeafletMap } from "../map/leaflet.ts";
import { SupportLayer } from "../map/support_layer.ts";
import type { PageData } from "./page_data.ts";
import { placeName, placeWords } from "./popup.ts";

const MOST_FEATURES = 2_000;
/** New files come as several changes; and not all phones read them in the same moment (ms). */
const REREAD_AFTER_MS = 300;
const SPREAD_MS = 400;

interface Drawn {
  readonly layer: SupportLayer;
  /** By the identifier within the layer. */
  readonly features: Map<string, LayerFeature>;
}

export class PublicLayers {
  private readonly drawn = new Map<string, Drawn>();
  private readonly page: PageData;
  private readonly api: Api;
  private readonly map: LeafletMap;
  private readonly words: Vocabulary;
  private rereading: ReturnType<typeof setTimeout> | undefined;

  constructor(page: PageData, api: Api, map: LeafletMap, words: Vocabulary) {
    this.page = page;
    this.api = api;
    this.map = map;
    this.words = words;
  }

  async load(): Promise<void> {
    const { items } = await this.api.get<{ items: LayerInfo[] }>(this.page.urls.layers);
    const shown = items.filter((info) => SHOWN_AT_FIRST.has(info.kind));
    await Promise.all(shown.map((info) => this.read(info)));
    const slugs = new Set(shown.map((info) => info.slug));
    for (const [slug, { layer }] of this.drawn) if (!slugs.has(slug)) layer.setShown(false);
  }

  changed(items: readonly Item[], gone: readonly Gone[]): void {
    for (const item of items) if (item.kind === "feature") this.take(item);
    for (const item of gone) if (item.kind === "feature") this.drop(item.id);
    if (![...items, ...gone].some((item) => item.kind === "layer")) return;
    clearTimeout(this.rereading);
    const wait = REREAD_AFTER_MS + SPREAD_MS * Math.random();
    this.rereading = setTimeout(() => void this.load().catch(() => undefined), wait);
  }

  private take({ id, feature }: Item): void {
    const [slug, ident] = apart(id);
    const drawn = this.drawn.get(slug);
    if (!drawn || !feature) return;
    drawn.features.set(ident, feature as LayerFeature);
    drawn.layer.fill([...drawn.features.values()]);
  }

  private drop(id: string): void {
    const [slug, ident] = apart(id);
    const drawn = this.drawn.get(slug);
    if (drawn?.features.delete(ident)) drawn.layer.fill([...drawn.features.values()]);
  }

  private async read(info: LayerInfo): Promise<void> {
    const url = this.page.urls.features.replace("{slug}", info.slug);
    const answer = await this.api.get<LayerFeatures>(`${url}?limit=${MOST_FEATURES}`);
    const { layer, features } = this.drawn.get(info.slug) ?? this.make(info);
    features.clear();
    for (const feature of answer.features) features.set(String(feature.id), feature);
    layer.fill(answer.features);
    layer.setShown(true);
  }

  private make(info: LayerInfo): Drawn {
    const layer = new SupportLayer(this.map, info, this.words, {
      title: (feature) => placeName(feature, info),
      pick: (feature) => {
        const box = feature.geometry && L.geoJSON(feature.geometry).getBounds();
        if (!box?.isValid()) return;
        const content = placeWords(feature, info, this.words);
        L.popup().setLatLng(box.getCenter()).setContent(content).openOn(this.map);
      },
    });
    const made = { layer, features: new Map<string, LayerFeature>() };
    this.drawn.set(info.slug, made);
    return made;
  }
}

/** The feed names a feature with its layer: "<slug>/<id>". */
function apart(id: string): [string, string] {
  const at = id.indexOf("/");
  return [id.slice(0, at), id.slice(at + 1)];
}
