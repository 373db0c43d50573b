/** Opening one published place by its address: from a list, a report, or the page's own address. */

import { Problem } from "../core/api.ts";
import { t } from "../core/language.ts";
import type { LayerFeature } from "../core/layer.ts";
import { byId } from "../dom/element.ts";
import type { LeafletMap } from "../map/leaflet.ts";
import { Pointed } from "../map/pointed.ts";
import type { Desk } from "./desk.ts";
import { showFeature } from "./feature_card.ts";
import type { Layers } from "./layers.ts";

export class Places {
  private readonly desk: Desk;
  private readonly layers: Layers;
  private readonly pointed: Pointed;

  constructor(desk: Desk, map: LeafletMap, layers: Layers) {
    this.desk = desk;
    this.layers = layers;
    this.pointed = new Pointed(map);
  }

  /** Shows its card and rings it; the map moves only where it would not be seen. */
  async open(layer: string, id: string): Promise<void> {
    try {
      const shelf = this.layers.shelves.get(layer);
      const feature = shelf?.get(id) ?? (await this.read(layer, id));
      const info = this.layers.shelves.get(layer)?.info;
      if (!info) return;
      showFeature(feature, info, this.desk);
      this.pointed.show(feature);
    } catch (error) {
      const words = error instanceof Problem ? error.message : t("This cannot be read just now.");
      byId("announcer").textContent = words;
    }
  }

  clear(): void {
    this.pointed.clear();
  }

  private read(layer: string, id: string): Promise<LayerFeature> {
    const { feature } = this.desk.page.urls;
    const url = feature.replace("{slug}", layer).replace("{id}", encodeURIComponent(id));
    return this.desk.api.get<LayerFeature>(url);
  }
}
