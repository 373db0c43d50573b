/** A place is put on the map: by a click, by dragging, by the own position, or by what is typed. */

import type { Geometry, Position } from "geojson";
import { number, t } from "../core/language.ts";
import { svg } from "../dom/element.ts";
import { use } from "../dom/icon.ts";
import { addBasemap } from "../map/basemap.ts";
import { L, type LatLng, type LeafletMap, type Marker } from "../map/leaflet.ts";
import { goTo } from "../map/view.ts";
import { readLine, readPoint, writeDegrees, writeLine } from "./picked.ts";
import type { PlacesData } from "./places_data.ts";
import { goToExtent } from "./places_map.ts";

export function setUpPick(page: PlacesData, map: LeafletMap): void {
  addBasemap(map);
  const part = document.querySelector<HTMLElement>("[data-place-on-map]");
  if (!part) return;
  if (page.geometry) show(map, page.geometry);
  else goToExtent(page, map);
  // a map that was made in a closed part of the page has no size yet
  part.addEventListener("toggle", () => {
    map.invalidateSize({ animate: false });
    if (page.geometry) goTo(map, page.geometry);
  });
  const help = part.querySelector<HTMLElement>("[data-pick]");
  if (!help) return;
  help.hidden = false;
  new Pick(part, map, page.lines === true).start();
}

function show(map: LeafletMap, geometry: Geometry): void {
  if (geometry.type !== "Point") L.geoJSON(geometry, { interactive: false }).addTo(map);
  goTo(map, geometry);
}

class Pick {
  private readonly part: HTMLElement;
  private readonly map: LeafletMap;
  private readonly lines: boolean;
  private points: Position[] = [];
  private mark: Marker | null = null;
  private readonly line = L.polyline([], { className: "pick-line", interactive: false });

  constructor(part: HTMLElement, map: LeafletMap, lines: boolean) {
    this.part = part;
    this.map = map;
    this.lines = lines;
  }

  start(): void {
    this.line.addTo(this.map);
    this.map.on("click", ({ latlng }: { latlng: LatLng }) => this.clicked(latlng));
    for (const name of ["lat", "lon"])
      this.field(name)?.addEventListener("change", () => this.typed());
    this.part.addEventListener("change", ({ target }) => {
      if (target instanceof HTMLInputElement && target.name === "at") this.candidate(target, true);
    });
    const back = this.part.querySelector<HTMLButtonElement>("[data-line-back]");
    back?.addEventListener("click", () => this.set(this.points.slice(0, -1)));
    this.setUpHere();
    this.first();
  }

  /** What the form came with: a line, a point, or the first of what was found. */
  private first(): void {
    this.points = readLine(this.field("line")?.value ?? "");
    if (this.points.length === 0) {
      const point = readPoint(this.field("lon")?.value ?? "", this.field("lat")?.value ?? "");
      this.points = point ? [point] : [];
    }
    this.draw();
    const found = this.part.querySelector<HTMLInputElement>("input[name=at]:checked");
    if (found) this.candidate(found, false);
  }

  private clicked(latlng: LatLng): void {
    const { lng, lat } = L.latLng(latlng).wrap();
    const point = [lng, lat];
    this.set(this.lines ? [...this.points, point] : [point]);
  }

  private typed(): void {
    const point = readPoint(this.field("lon")?.value ?? "", this.field("lat")?.value ?? "");
    if (!point) return;
    this.set([point]);
    this.map.setView([point[1], point[0]], Math.max(this.map.getZoom(), 15), { animate: false });
  }

  private candidate({ dataset }: HTMLInputElement, moved: boolean): void {
    const point = readPoint(dataset.lon ?? "", dataset.lat ?? "");
    if (!point) return;
    this.map.setView([point[1], point[0]], 15, { animate: false });
    // the server takes it as it was found, and as an estimate
    if (moved) this.set([]);
  }

  private set(points: Position[]): void {
    this.points = points;
    const [lon, lat] = points[0] ?? [];
    this.write("lon", lon === undefined ? "" : writeDegrees(lon));
    this.write("lat", lat === undefined ? "" : writeDegrees(lat));
    this.write("line", writeLine(points));
    if (points.length > 0) {
      const found = this.part.querySelector<HTMLInputElement>("input[name=at]:checked");
      if (found) found.checked = false;
    }
    this.draw();
    this.say(this.words());
  }

  private draw(): void {
    const [at] = this.points;
    this.mark?.remove();
    this.mark = at && this.points.length === 1 ? this.marker(at) : null;
    this.line.setLatLngs(this.points.map(([lon = 0, lat = 0]) => [lat, lon]));
    const back = this.part.querySelector<HTMLElement>("[data-line-back]");
    if (back) back.hidden = this.points.length === 0;
  }

  private marker([lon = 0, lat = 0]: Position): Marker {
    const drawing = svg("svg", { viewBox: "0 0 24 24" }, use("position_pin"));
    const html = drawing as unknown as HTMLElement;
    const icon = L.divIcon({
      html,
      className: "pick-mark",
      iconSize: [40, 40],
      iconAnchor: [20, 37],
    });
    const made = L.marker([lat, lon], { icon, draggable: true, keyboard: false }).addTo(this.map);
    made.on("dragend", () => {
      const { lng, lat } = made.getLatLng().wrap();
      this.set([[lng, lat]]);
    });
    return made;
  }

  private words(): string {
    if (this.points.length > 1) return t("A line of {n} points", { n: number(this.points.length) });
    const [at] = this.points;
    if (!at) return "";
    const [lon = 0, lat = 0] = at;
    return t("Chosen: {lat}, {lon}. Not stored yet.", { lat: lat.toFixed(5), lon: lon.toFixed(5) });
  }

  private setUpHere(): void {
    const press = this.part.querySelector<HTMLButtonElement>("[data-here]");
    if (!press || !("geolocation" in navigator) || !window.isSecureContext) return;
    press.hidden = false;
    press.addEventListener("click", () => {
      this.say(t("Looking for your position…"));
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => this.here(coords),
        () => this.say(t("Your position could not be found. Click on the map.")),
        { enableHighAccuracy: true, maximumAge: 10_000, timeout: 20_000 },
      );
    });
  }

  private here({ longitude, latitude, accuracy }: GeolocationCoordinates): void {
    this.set([[longitude, latitude]]);
    this.map.setView([latitude, longitude], 17, { animate: false });
    this.say(t("Your position, to about {n} m. Not stored yet.", { n: number(accuracy) }));
  }

  private field(name: string): HTMLInputElement | null {
    return this.part.querySelector<HTMLInputElement>(`input[name="${name}"]`);
  }

  private write(name: string, value: string): void {
    const field = this.field(name);
    if (field) field.value = value;
  }

  private say(words: string): void {
    const line = this.part.querySelector("[data-pick-words]");
    if (line) line.textContent = words;
  }
}
