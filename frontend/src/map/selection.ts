/** What the map says about the selected report: how sure the place is, and where it looked. */

import { cone, destination, distanceM, markPosition } from "../core/geometry.ts";
import { bearingOf, type Fix, type Positions, type Report } from "../core/report.ts";
import { L, type LatLng, type Layer, type LayerGroup, type LeafletMap } from "./leaflet.ts";

/** Length of the cone on the screen, at every zoom. */
const CONE_PX = 96;
/** Closer than this another position says nothing new; farther it is no fix of this place. */
const NEAR_M = 3;
const FAR_M = 100_000;

export class Selection {
  private readonly group: LayerGroup;
  private readonly map: LeafletMap;
  private report: Report | null = null;

  constructor(map: LeafletMap) {
    this.map = map;
    this.group = L.layerGroup().addTo(map);
    map.on("zoomend", () => this.draw());
  }

  show(report: Report | null): void {
    this.report = report;
    this.draw();
  }

  private draw(): void {
    this.group.clearLayers();
    const at = this.report && markPosition(this.report.geometry);
    if (!this.report || !at) return;
    const place = L.latLng(at[1] ?? 0, at[0] ?? 0);
    const layers = [...this.circle(place), ...this.view(place), ...this.others(place)];
    for (const layer of layers) this.group.addLayer(layer);
  }

  private circle(place: LatLng): Layer[] {
    const radius = this.report?.properties.accuracy_m;
    if (!radius || radius <= 0) return [];
    return [L.circle(place, { radius, className: "accuracy", interactive: false })];
  }

  private view(place: LatLng): Layer[] {
    const bearing = this.report && bearingOf(this.report);
    if (bearing === null) return [];
    const ring = cone([place.lng, place.lat], bearing, this.metres(place, CONE_PX));
    const corners = ring.map(([lng = 0, lat = 0]) => L.latLng(lat, lng));
    return [L.polygon(corners, { className: "bearing", interactive: false })];
  }

  // Metres that `px` pixels span here, now.
  private metres(place: LatLng, px: number): number {
    const [lon = 0, lat = 0] = destination([place.lng, place.lat], 90, 1_000);
    const a = this.map.latLngToLayerPoint(place);
    const b = this.map.latLngToLayerPoint([lat, lon]);
    return (px * 1_000) / Math.max(0.001, a.distanceTo(b));
  }

  private others(place: LatLng): Layer[] {
    const positions = this.report?.properties.positions;
    if (!positions) return [];
    return otherFixes(positions).flatMap(([name, fix]) => this.other(place, name, fix));
  }

  private other(place: LatLng, name: string, fix: Fix): Layer[] {
    const apart = distanceM([place.lng, place.lat], [fix.lon, fix.lat]);
    if (!(apart >= NEAR_M && apart <= FAR_M)) return [];
    const there = L.latLng(fix.lat, fix.lon);
    const line = L.polyline([place, there], { className: "other-line", interactive: false });
    const icon = L.divIcon({ className: `other-place ${name}`, iconSize: [10, 10] });
    return [line, L.marker(there, { icon, interactive: false, keyboard: false })];
  }
}

function otherFixes(positions: Positions): [string, Fix][] {
  const named = { device: positions.device, exif: positions.exif, pin: positions.pin };
  return Object.entries(named).flatMap(([name, fix]) =>
    fix && name !== positions.chosen ? [[name, fix] as [string, Fix]] : [],
  );
}
