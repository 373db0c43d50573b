/** Grid squares under the reports: hatched where nobody has reported, outlined where all was clear,
 * filled where something was. */

import type { Square } from "../core/coverage.ts";
import { svg } from "../dom/element.ts";
import { L, type LatLng, type LeafletMap } from "./leaflet.ts";

const PANE = "coverage";
const HATCH = "coverage-hatch";

export interface CoverageHandlers {
  /** A few signs for the square itself; "" for none. */
  readonly label: (square: Square) => string;
  readonly words: (square: Square) => HTMLElement;
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
  show(squares: readonly Square[]): void {
    this.group.clearLayers();
    if (squares.length === 0) {
      this.group.remove();
      return;
    }
    this.group.addTo(this.map);
    hatch();
    for (const square of squares) this.draw(square);
  }

  private draw(square: Square): void {
    const [west, south, east, north] = square.box;
    const bounds = L.latLngBounds([south, west], [north, east]);
    const look = square.state === "none" ? { fillColor: `url(#${HATCH})`, fillOpacity: 1 } : {};
    const className = `coverage-square is-${square.state} severity-${square.worst ?? "unknown"}`;
    const drawn = L.rectangle(bounds, { pane: PANE, renderer: this.renderer, className, ...look });
    // no popup bound to it: that would swallow the click of whoever picks a place on the map
    drawn.on("click", ({ latlng }) => this.open(square, latlng));
    this.group.addLayer(drawn);
    const label = this.handlers.label(square);
    if (label) this.group.addLayer(this.label(square, label, bounds.getCenter()));
  }

  private label(square: Square, text: string, at: LatLng) {
    const html = document.createElement("span");
    html.textContent = text;
    const className = `coverage-label is-${square.state}`;
    const icon = L.divIcon({ html, className, iconSize: [0, 0] });
    return L.marker(at, { pane: PANE, interactive: false, keyboard: false, icon });
  }

  private open(square: Square, at: LatLng): void {
    L.popup().setLatLng(at).setContent(this.handlers.words(square)).openOn(this.map);
  }
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
