/** The map of what is around: reports, places and roads, and where the phone is. */

import type { Position } from "geojson";
import { type Box, boxesMeet, boxOf, distanceM, markPosition } from "../core/geometry.ts";
import type { Report } from "../core/report.ts";
import { L, type LayerGroup, type LeafletMap } from "../map/leaflet.ts";
import { ReportMarks } from "../map/report_marks.ts";
import { SupportLayer } from "../map/support_layer.ts";
import { viewBox } from "../map/view.ts";
import type { LayerCopy } from "../phone/around/layers.ts";
import type { AroundMap, AroundOptions, Drawn, LonLat } from "../phone/place/map_bundle.ts";
import { drawHere, makeMap } from "./make_map.ts";

/** Drawings that a phone moves smoothly; more reports become dots, farther places are left out. */
const MOST_REPORT_MARKS = 300;
const MOST_PLACES = 300;
/** Drawn beyond the edge, so that a small move shows nothing empty; a share of the view. */
const MARGIN = 0.25;
const CLOSE_UP = 16;

export function around(element: HTMLElement, options: AroundOptions): AroundMap {
  return new Shown(element, options);
}

class Shown implements AroundMap {
  private readonly map: LeafletMap;
  private readonly options: AroundOptions;
  private readonly marks: ReportMarks;
  private readonly layers = new Map<string, SupportLayer>();
  private reports: readonly Report[] = [];
  private copies: readonly LayerCopy[] = [];
  private here: LayerGroup | null = null;

  constructor(element: HTMLElement, options: AroundOptions) {
    this.options = options;
    this.map = makeMap(element, options.start);
    this.marks = new ReportMarks(this.map, options.words, {
      pick: (id) => options.pickReport(id),
      title: (report) => options.titleOfReport(report),
      mostDomMarks: MOST_REPORT_MARKS,
    });
    const { zoomIn, zoomOut } = options.labels;
    const position = "bottomright";
    L.control.zoom({ position, zoomInTitle: zoomIn, zoomOutTitle: zoomOut }).addTo(this.map);
    L.control.scale({ imperial: false, position: "bottomleft" }).addTo(this.map);
    options.credits.append(this.map.attributionControl.getContainer() ?? "");
    this.map.on("moveend", () => this.draw());
    this.map.on("click", () => options.pickNothing());
    if (options.start.extent && !options.start.centre) this.frame(options.start.extent);
  }

  showReports(reports: readonly Report[]): void {
    this.reports = reports;
    this.draw();
  }

  showLayers(copies: readonly LayerCopy[]): void {
    this.copies = copies;
    this.draw();
  }

  showHere(at: LonLat | null, accuracy_m: number | null): void {
    this.here?.remove();
    this.here = at && drawHere(at, accuracy_m).addTo(this.map);
  }

  select(report: string | null): void {
    this.marks.select(report);
  }

  goTo([lon, lat]: LonLat): void {
    this.map.setView([lat, lon], Math.max(this.map.getZoom(), CLOSE_UP), { animate: false });
  }

  frame([west, south, east, north]: Box): void {
    this.map.fitBounds(
      [
        [south, west],
        [north, east],
      ],
      { animate: false },
    );
  }

  view(): { readonly extent: Box; readonly zoom: number; readonly centre: LonLat } {
    const { lng, lat } = this.map.getCenter().wrap();
    return { extent: viewBox(this.map), zoom: this.map.getZoom(), centre: [lng, lat] };
  }

  stop(): void {
    this.map.remove();
  }

  private draw(): void {
    const around = widened(viewBox(this.map));
    const reports = this.reports.filter((report) => meets(report, around));
    this.marks.show(reports);
    const places = this.drawPlaces(around);
    const drawn: Drawn = { ...this.view(), reports, ...places };
    this.options.moved(drawn);
  }

  /** The nearest to the middle first, where there are too many for one view. */
  private drawPlaces(around: Box): Pick<Drawn, "places" | "leftOut"> {
    const { centre } = this.view();
    const inView = this.copies.flatMap(({ info, features }) =>
      features.filter((one) => meets(one, around)).map((feature) => ({ feature, info })),
    );
    const far = ({ geometry }: { geometry: Report["geometry"] }) =>
      distanceM([...centre], markPosition(geometry) ?? ([0, 0] as Position));
    const shown =
      inView.length <= MOST_PLACES
        ? inView
        : inView.sort((a, b) => far(a.feature) - far(b.feature)).slice(0, MOST_PLACES);
    const slugs = new Set([...this.layers.keys(), ...this.copies.map(({ info }) => info.slug)]);
    for (const slug of slugs) {
      const mine = shown.filter(({ info }) => info.slug === slug);
      this.layer(slug)?.fill(mine.map(({ feature }) => feature));
    }
    return { places: shown, leftOut: inView.length - shown.length };
  }

  private layer(slug: string): SupportLayer | null {
    const found = this.layers.get(slug);
    if (found) return found;
    const info = this.copies.find((copy) => copy.info.slug === slug)?.info;
    if (!info) return null;
    const made = new SupportLayer(this.map, info, this.options.words, {
      pick: (feature) => this.options.pickPlace({ feature, info }),
      title: (feature) => feature.properties.name ?? info.title,
    });
    made.setShown(true);
    this.layers.set(slug, made);
    return made;
  }
}

function meets({ geometry }: { readonly geometry: Report["geometry"] }, around: Box): boolean {
  const box = boxOf(geometry);
  return box !== null && boxesMeet(box, around);
}

function widened([west, south, east, north]: Box): Box {
  const [x, y] = [(east - west) * MARGIN, (north - south) * MARGIN];
  return [west - x, south - y, east + x, north + y];
}
