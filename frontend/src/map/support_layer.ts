/** One published layer on the map: places as square marks, roads as lines, areas as outlines. */

import type { Position } from "geojson";
import { markPosition } from "../core/geometry.ts";
import type { LayerFeature, LayerInfo } from "../core/layer.ts";
import { featureId } from "../core/layer_contents.ts";
import type { Vocabulary } from "../core/vocabulary.ts";
import {
  L,
  type LatLng,
  type Layer,
  type LayerGroup,
  type LeafletMap,
  type Marker,
  type Path,
} from "./leaflet.ts";
import { roadLine } from "./road_line.ts";
import { stateTerm, supportMark } from "./support_icon.ts";

export interface SupportHandlers {
  readonly pick: (feature: LayerFeature, layer: LayerInfo) => void;
  readonly title: (feature: LayerFeature) => string;
}

export class SupportLayer {
  private readonly group: LayerGroup;
  private readonly drawn = new Map<string, Layer[]>();
  private readonly map: LeafletMap;
  private readonly info: LayerInfo;
  private readonly words: Vocabulary;
  private readonly handlers: SupportHandlers;
  private old = false;

  constructor(map: LeafletMap, info: LayerInfo, words: Vocabulary, handlers: SupportHandlers) {
    this.map = map;
    this.info = info;
    this.words = words;
    this.handlers = handlers;
    this.group = L.layerGroup();
  }

  /** Shows exactly these. */
  fill(features: readonly LayerFeature[]): void {
    this.group.clearLayers();
    this.drawn.clear();
    for (const feature of features) this.put(feature);
  }

  /** Draws one that is new or has changed. */
  put(feature: LayerFeature): void {
    this.remove(featureId(feature));
    const layers = this.layersOf(feature);
    this.drawn.set(featureId(feature), layers);
    for (const layer of layers) this.add(feature, layer);
  }

  remove(id: string): void {
    for (const layer of this.drawn.get(id) ?? []) this.group.removeLayer(layer);
    this.drawn.delete(id);
  }

  setShown(shown: boolean): void {
    if (shown) this.group.addTo(this.map);
    else this.group.remove();
  }

  /** Older than promised: it fades, as what it says may not be so any more. */
  setOld(old: boolean): void {
    if (old === this.old) return;
    this.old = old;
    for (const layer of [...this.drawn.values()].flat()) this.age(layer);
  }

  private add(feature: LayerFeature, layer: Layer): void {
    layer.on("click", () => this.handlers.pick(feature, this.info));
    layer.on("add", () => this.age(layer));
    this.group.addLayer(layer);
  }

  private age(layer: Layer): void {
    (layer as Marker | Path).getElement?.()?.classList.toggle("is-old", this.old);
  }

  private layersOf(feature: LayerFeature): Layer[] {
    const at = markPosition(feature.geometry);
    if (!at) return [];
    return [...this.shapeOf(feature), this.marker(feature, latLng(at))];
  }

  private shapeOf(feature: LayerFeature): Layer[] {
    const { geometry } = feature;
    if (geometry?.type === "LineString") return this.road(feature, [geometry.coordinates]);
    if (geometry?.type === "MultiLineString") return this.road(feature, geometry.coordinates);
    if (geometry?.type !== "Polygon" && geometry?.type !== "MultiPolygon") return [];
    const style = { className: "support-area", weight: 2, fillOpacity: 0.12 };
    return [L.geoJSON(geometry, { style })];
  }

  private road(feature: LayerFeature, parts: Position[][]): Layer[] {
    const kind = this.words.term("layer_kind", this.info.kind);
    const shape =
      stateTerm(kind, feature.properties.state ?? {}, this.words)?.shape ?? "line-plain";
    return roadLine(
      shape,
      parts.map((part) => part.map(latLng)),
    );
  }

  private marker(feature: LayerFeature, place: LatLng): Marker {
    const drawing = supportMark(this.info.kind, feature.properties.state ?? {}, this.words);
    const html = drawing as unknown as HTMLElement;
    return L.marker(place, {
      keyboard: false,
      title: this.handlers.title(feature),
      icon: L.divIcon({ html, className: "support-place", iconSize: [0, 0] }),
      // always below the reports: those are the news
      zIndexOffset: -1_000,
    });
  }
}

function latLng(position: Position): LatLng {
  return L.latLng(position[1] ?? 0, position[0] ?? 0);
}
