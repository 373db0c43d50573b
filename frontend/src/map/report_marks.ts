/** The reports on the map: one mark each, changed in place, never moving the map. */

import { rank } from "../core/filter.ts";
import { markPosition } from "../core/geometry.ts";
import type { Report } from "../core/report.ts";
import { Slices } from "../core/slices.ts";
import type { Vocabulary } from "../core/vocabulary.ts";
import {
  type CircleMarker,
  L,
  type LatLng,
  type Layer,
  type LayerGroup,
  type LeafletMap,
  type Marker,
} from "./leaflet.ts";
import { reportMark } from "./report_icon.ts";

/** Above this many, DOM marks freeze the page; a canvas draws plain dots instead. */
export const MOST_DOM_MARKS = 2_000;

interface Drawn {
  readonly report: Report;
  readonly layer: LayerGroup;
}

export interface MarkHandlers {
  readonly pick: (id: string) => void;
  /** For the tooltip: a line of words. */
  readonly title: (report: Report) => string;
  /** Instead of MOST_DOM_MARKS, for slower machines. */
  readonly mostDomMarks?: number;
}

export class ReportMarks {
  private readonly drawn = new Map<string, Drawn>();
  private readonly map: LeafletMap;
  private readonly words: Vocabulary;
  private readonly handlers: MarkHandlers;
  private readonly canvas = L.canvas({ padding: 0.3 });
  private many = false;
  private readonly slices = new Slices<Report>((one) => this.draw(one, this.arrived.has(one.id)));
  private arrived: ReadonlySet<string> = new Set();
  private selected: string | null = null;

  constructor(map: LeafletMap, words: Vocabulary, handlers: MarkHandlers) {
    this.map = map;
    this.words = words;
    this.handlers = handlers;
  }

  /** Shows exactly these; `arrived` are the ids that pulse. */
  show(reports: readonly Report[], arrived: ReadonlySet<string> = new Set()): void {
    this.chooseWay(reports.length);
    const wanted = new Set(reports.map((report) => report.id));
    for (const id of [...this.drawn.keys()]) if (!wanted.has(id)) this.erase(id);
    this.arrived = arrived;
    this.slices.begin(reports.filter((one) => this.drawn.get(one.id)?.report !== one));
  }

  /** Raises one mark above its neighbours and keeps the others as they are. */
  select(id: string | null): void {
    const before = this.selected;
    this.selected = id;
    for (const changed of [before, id]) this.redraw(changed);
  }

  private redraw(id: string | null): void {
    const drawn = id === null ? undefined : this.drawn.get(id);
    if (!drawn) return;
    this.erase(drawn.report.id);
    this.draw(drawn.report, false);
  }

  private chooseWay(count: number): void {
    const many = count > (this.handlers.mostDomMarks ?? MOST_DOM_MARKS);
    if (many === this.many) return;
    for (const id of [...this.drawn.keys()]) this.erase(id);
    this.many = many;
  }

  private draw(report: Report, arriving: boolean): void {
    const before = this.drawn.get(report.id);
    if (before?.report === report) return;
    if (before) this.erase(report.id);
    const layer = L.layerGroup(this.layersOf(report, arriving)).addTo(this.map);
    this.drawn.set(report.id, { report, layer });
  }

  private erase(id: string): void {
    this.drawn.get(id)?.layer.remove();
    this.drawn.delete(id);
  }

  private layersOf(report: Report, arriving: boolean): Layer[] {
    const at = markPosition(report.geometry);
    if (at === null) return [];
    const place = L.latLng(at[1] ?? 0, at[0] ?? 0);
    const plain = this.many && report.id !== this.selected;
    const mark = plain ? this.dot(report, place) : this.marker(report, place, arriving);
    mark.on("click", () => this.handlers.pick(report.id));
    return [...this.shapeOf(report), mark];
  }

  private marker(report: Report, place: LatLng, arriving: boolean): Marker {
    const chosen = report.id === this.selected;
    const html = reportMark(report, this.words, { arriving }) as unknown as HTMLElement;
    const className = chosen ? "report-place chosen" : "report-place";
    return L.marker(place, {
      // The list beside the map is the way by keyboard; 2,000 tab stops would be none.
      keyboard: false,
      title: this.handlers.title(report),
      icon: L.divIcon({ html, className, iconSize: [0, 0] }),
      zIndexOffset: chosen ? 10_000 : (5 - rank(report.properties.severity)) * 200,
    });
  }

  private dot(report: Report, place: LatLng): CircleMarker {
    const { severity } = report.properties;
    const fillColor = this.words.term("severity", severity)?.colour ?? "";
    const look = { radius: 6, weight: 1.5, color: colourOf("--halo"), fillColor, fillOpacity: 1 };
    return L.circleMarker(place, { ...look, renderer: this.canvas });
  }

  private shapeOf(report: Report): Layer[] {
    const { geometry } = report;
    if (geometry === null || geometry.type === "Point") return [];
    const className = `report-shape severity-${report.properties.severity}`;
    const layer = L.geoJSON(geometry, {
      style: { className, weight: 5, fillOpacity: 0.18 },
      pointToLayer: (_, at) => L.circleMarker(at, { className, radius: 5 }),
    });
    return [layer.on("click", () => this.handlers.pick(report.id))];
  }
}

function colourOf(token: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(token).trim();
}
