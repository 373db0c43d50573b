/** Grid squares or municipalities under the reports: hatched where nobody has reported, outlined
 * where all was clear, filled where something was. */

import type { Municipality, Square } from "../core/coverage.ts";
import { svg } from "../dom/element.ts";
import { L, type LatLng, type LeafletMap, type Path, type PathOptions } from "./leaflet.ts";

const PANE = "coverage";
const HATCH = "coverage-hatch";

export type Part = Square | Municipality;

export interface CoverageHandlers {
  /** A few signs for the part itself; "" for none. */
  readonly label: (part: Part) => string;
  readonly words: (part: Part) => HTMLElement;
  readonly opened: () => void;
  /** hadFocus: it is nowhere now. */
  readonly closed: (part: Part, hadFocus: boolean) => void;
}

export class CoverageLayer {
  private readonly map: LeafletMap;
  private readonly handlers: CoverageHandlers;
  private readonly group = L.layerGroup();
  private readonly renderer: ReturnType<typeof L.svg>;

  constructor(map: LeafletMap, handlers: CoverageHandlers) {
    this.map = map;
    this.handlers = handlers;
    map.createPane(PANE);
    this.renderer = L.svg({ pane: PANE, padding: 0.2 });
  }

  /** Shows exactly these; none takes the layer off the map. */
  show(parts: readonly Part[]): void {
    this.group.clearLayers();
    if (parts.length === 0) {
      this.group.remove();
      return;
    }
    this.group.addTo(this.map);
    hatch();
    for (const part of parts) this.draw(part);
  }

  /** Its words, at the middle of it unless said where: those made now, as others may still fade. */
  open(part: Part, at: LatLng = middle(part)): HTMLElement {
    const { words, opened, closed } = this.handlers;
    const made = words(part);
    // the desk has an order of its own in which Esc closes things
    const popup = L.popup({ closeOnEscapeKey: false }).setLatLng(at).setContent(made);
    popup.on("remove", () => closed(part, isLeft(popup.getElement())));
    popup.openOn(this.map);
    opened();
    return made;
  }

  private draw(part: Part): void {
    const look = part.state === "none" ? { fillColor: `url(#${HATCH})`, fillOpacity: 1 } : {};
    const className = `coverage-square is-${part.state} severity-${part.worst ?? "unknown"}`;
    const drawn = outline(part, { pane: PANE, renderer: this.renderer, className, ...look });
    // no popup bound to it: that would swallow the click of whoever picks a place on the map
    drawn?.on("click", ({ latlng }) => this.open(part, latlng));
    if (drawn) this.group.addLayer(drawn);
    const label = this.handlers.label(part);
    if (drawn && label) this.group.addLayer(this.label(part, label));
  }

  private label(part: Part, text: string) {
    const html = document.createElement("span");
    html.textContent = text;
    const className = `coverage-label is-${part.state}`;
    const icon = L.divIcon({ html, className, iconSize: [0, 0] });
    return L.marker(middle(part), { pane: PANE, interactive: false, keyboard: false, icon });
  }
}

function isLeft(closing: HTMLElement | undefined): boolean {
  const held = document.activeElement;
  return held === null || held === document.body || closing?.contains(held) === true;
}

function outline(part: Part, options: PathOptions): Path | null {
  if ("box" in part) {
    const [west, south, east, north] = part.box;
    return L.rectangle(L.latLngBounds([south, west], [north, east]), options);
  }
  if (part.geometry === null) return null;
  const { type, coordinates } = part.geometry;
  const corners = L.GeoJSON.coordsToLatLngs(coordinates, type === "MultiPolygon" ? 2 : 1);
  // as it is: made simpler one by one, neighbours would part
  return L.polygon(corners, { ...options, smoothFactor: 0 });
}

function middle(part: Part): LatLng {
  if ("at" in part) return L.latLng(part.at[1] ?? 0, part.at[0] ?? 0);
  const [west, south, east, north] = part.box;
  return L.latLngBounds([south, west], [north, east]).getCenter();
}

/** Once a page: a pattern is found by its id in the whole document. */
function hatch(): void {
  if (document.getElementById(HATCH)) return;
  const size = { width: 8, height: 8 };
  const pattern = svg(
    "pattern",
    { id: HATCH, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)", ...size },
    svg("rect", { class: "hatch-ground", ...size }),
    svg("rect", { class: "hatch-line", width: 2, height: 8 }),
  );
  const holder = { class: "coverage-patterns", width: 0, height: 0, "aria-hidden": "true" };
  document.body.append(svg("svg", holder, svg("defs", {}, pattern)));
}
