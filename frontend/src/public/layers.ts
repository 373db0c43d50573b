/** The public support layers on the map; read again when the feed says that one has changed. */

import type { Item } from "../core/frames.ts";
import { type LayerFeatures, type LayerInfo, SHOWN_AT_FIRST } from "../core/layer.ts";
import type { Vocabulary } from "../core/vocabulary.ts";
import { L, type LeafletMap } from "../map/leaflet.ts";
import { SupportLayer } from "../map/support_layer.ts";
import { publicApi } from "./follow.ts";
import type { PageData } from "./page_data.ts";
import { placeName, placeWords } from "./popup.ts";

const MOST_FEATURES = 2_000;
const REREAD_AFTER_MS = 1_000;

export class PublicLayers {
  private readonly drawn = new Map<string, SupportLayer>();
  private readonly page: PageData;
  private readonly map: LeafletMap;
  private readonly words: Vocabulary;
  private rereading: ReturnType<typeof setTimeout> | undefined;

  constructor(page: PageData, map: LeafletMap, words: Vocabulary) {
    this.page = page;
    this.map = map;
    this.words = words;
  }

  async load(): Promise<void> {
    const { items } = await publicApi.get<{ items: LayerInfo[] }>(this.page.urls.layers);
    const shown = items.filter((info) => SHOWN_AT_FIRST.has(info.kind));
    await Promise.all(shown.map((info) => this.read(info)));
    const slugs = new Set(shown.map((info) => info.slug));
    for (const [slug, layer] of this.drawn) if (!slugs.has(slug)) layer.setShown(false);
  }

  changed(items: readonly Item[]): void {
    if (!items.some((item) => item.kind === "layer" || item.kind === "feature")) return;
    clearTimeout(this.rereading);
    this.rereading = setTimeout(() => void this.load().catch(() => undefined), REREAD_AFTER_MS);
  }

  private async read(info: LayerInfo): Promise<void> {
    const url = this.page.urls.features.replace("{slug}", info.slug);
    const answer = await publicApi.get<LayerFeatures>(`${url}?limit=${MOST_FEATURES}`);
    const layer = this.drawn.get(info.slug) ?? this.make(info);
    layer.fill(answer.features);
    layer.setShown(true);
  }

  private make(info: LayerInfo): SupportLayer {
    const layer = new SupportLayer(this.map, info, this.words, {
      title: (feature) => placeName(feature, info),
      pick: (feature) => {
        const box = feature.geometry && L.geoJSON(feature.geometry).getBounds();
        if (!box?.isValid()) return;
        const content = placeWords(feature, info, this.words);
        L.popup().setLatLng(box.getCenter()).setContent(content).openOn(this.map);
      },
    });
    this.drawn.set(info.slug, layer);
    return layer;
  }
}
