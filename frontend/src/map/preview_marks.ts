/** Places that are not public yet: quiet dots; those with a finding carry its sign. */

import { boxOf, markPosition } from "../core/geometry.ts";
import type { LayerFeature, LayerProperties } from "../core/layer.ts";
import { icon } from "../dom/icon.ts";
import { L, type LatLng, type Layer, type LeafletMap, type Marker } from "./leaflet.ts";

export interface PreviewFeature extends LayerFeature {
  readonly properties: LayerProperties & {
    /** Where the person's file has it; null where a hand made it. */
    readonly row?: number | null;
  };
}

export type Level = "refused" | "doubted" | "repaired";

export interface PreviewHandlers {
  readonly pick: (feature: PreviewFeature) => void;
  readonly words: (feature: PreviewFeature) => HTMLElement;
}

const SIGNS: Readonly<Record<Level, string>> = {
  refused: "ui_close",
  doubted: "ui_alert",
  repaired: "ui_check",
};
const CLOSE_ZOOM = 15;

export class PreviewMarks {
  /** How many were given, and how many of them have a place. */
  seen = 0;
  shown = 0;
  private readonly map: LeafletMap;
  private readonly levels: ReadonlyMap<number, Level>;
  private readonly handlers: PreviewHandlers;
  private readonly known = new Set<string>();
  private readonly byRow = new Map<number, PreviewFeature>();
  private readonly signs = new Map<number, Marker>();
  // one drawing for all: 20,000 elements would not move
  private readonly canvas = L.canvas({ padding: 0.3 });
  private chosen: HTMLElement | undefined;

  constructor(map: LeafletMap, levels: ReadonlyMap<number, Level>, handlers: PreviewHandlers) {
    this.map = map;
    this.levels = levels;
    this.handlers = handlers;
  }

  fit(extent: readonly [number, number, number, number] | null): void {
    if (!extent) return;
    const [west, south, east, north] = extent;
    const bounds = L.latLngBounds([south, west], [north, east]);
    this.map.fitBounds(bounds, { maxZoom: CLOSE_ZOOM, animate: false, padding: [24, 24] });
  }

  add(features: readonly PreviewFeature[]): void {
    for (const feature of features) {
      if (this.known.has(String(feature.id))) continue;
      this.known.add(String(feature.id));
      this.seen += 1;
      const at = markPosition(feature.geometry);
      if (!at) continue;
      this.shown += 1;
      const { row } = feature.properties;
      if (row) this.byRow.set(row, feature);
      const place = L.latLng(at[1] ?? 0, at[0] ?? 0);
      for (const layer of this.layersOf(feature, place))
        layer.on("click", () => this.open(feature, place)).addTo(this.map);
    }
  }

  has(row: number): boolean {
    return this.byRow.has(row);
  }

  goTo(row: number): void {
    const feature = this.byRow.get(row);
    const box = feature && boxOf(feature.geometry);
    if (!feature || !box) return;
    const bounds = L.latLngBounds([box[1], box[0]], [box[3], box[2]]);
    const zoom = Math.max(this.map.getZoom(), CLOSE_ZOOM);
    this.map.setView(bounds.getCenter(), zoom, { animate: false });
    this.show(feature, bounds.getCenter());
  }

  private open(feature: PreviewFeature, place: LatLng): void {
    this.show(feature, place);
    this.handlers.pick(feature);
  }

  private show(feature: PreviewFeature, place: LatLng): void {
    this.chosen?.classList.remove("is-chosen");
    this.chosen = this.signs.get(feature.properties.row ?? -1)?.getElement();
    this.chosen?.classList.add("is-chosen");
    L.popup().setLatLng(place).setContent(this.handlers.words(feature)).openOn(this.map);
  }

  private layersOf(feature: PreviewFeature, place: LatLng): Layer[] {
    const { geometry } = feature;
    const level = this.levels.get(feature.properties.row ?? -1);
    const shape =
      geometry && geometry.type !== "Point"
        ? L.geoJSON(geometry, {
            style: { ...this.ink(), renderer: this.canvas, weight: 3, fillOpacity: 0.15 },
            pointToLayer: (_, at) => this.dot(at),
          })
        : this.dot(place);
    return level ? [shape, this.sign(level, feature, place)] : [shape];
  }

  private dot(place: LatLng): Layer {
    const { color } = this.ink();
    return L.circleMarker(place, {
      renderer: this.canvas,
      radius: 6,
      weight: 2,
      color: token("--halo"),
      fillColor: color,
      fillOpacity: 1,
    });
  }

  private ink(): { color: string } {
    return { color: token("--accent") };
  }

  private sign(level: Level, feature: PreviewFeature, place: LatLng): Marker {
    const html = document.createElement("span");
    html.append(icon(SIGNS[level]));
    const made = L.marker(place, {
      keyboard: false,
      icon: L.divIcon({ html, className: `row-mark row-mark--${level}`, iconSize: [0, 0] }),
    });
    if (feature.properties.row) this.signs.set(feature.properties.row, made);
    return made;
  }
}

/** A canvas knows no classes: the token's colour as it is in this theme. */
function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
