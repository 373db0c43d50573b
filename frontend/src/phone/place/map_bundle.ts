/** The map (Leaflet and phone-map.js), fetched when a screen first needs it; never in phone.js. */

import type { Box } from "../../core/geometry.ts";
import type { Report } from "../../core/report.ts";
import type { Vocabulary } from "../../core/vocabulary.ts";
import { el } from "../../dom/element.ts";
import type { Fix } from "../../outbox/entry.ts";
import type { LayerCopy } from "../around/layers.ts";
import type { SupportPlace } from "../around/nearest.ts";
import type { Urls } from "../page_data.ts";

/** Positions are [lon, lat] in degrees WGS 84. */
export type LonLat = readonly [number, number];

export interface CrosshairOptions {
  /** Where the map begins; null = as well as the bundle knows (the whole country). */
  readonly centre: LonLat | null;
  readonly zoom: number;
  /** Radius (metres) of the circle around the fix. */
  readonly accuracy_m: number | null;
  /** Where the phone says it was; drawn as a dot. */
  readonly fix: Fix | null;
}

export interface Crosshair {
  /** What is under the crosshair now. */
  position(): LonLat;
  stop(): void;
}

export interface AroundOptions {
  readonly words: Vocabulary;
  /** Without a centre the extent fills the map; without either it is the whole country. */
  readonly start: {
    readonly centre: LonLat | null;
    readonly zoom: number;
    readonly extent: Box | null;
  };
  readonly labels: { readonly zoomIn: string; readonly zoomOut: string };
  /** Where it is said whose map it is: beside the map, which is small. */
  readonly credits: HTMLElement;
  titleOfReport(report: Report): string;
  pickReport(id: string): void;
  pickPlace(place: SupportPlace): void;
  pickNothing(): void;
  /** After each move, and whenever something else is shown. */
  moved(drawn: Drawn): void;
}

/** What the map shows now, a little beyond its edges. */
export interface Drawn {
  readonly extent: Box;
  readonly zoom: number;
  readonly reports: readonly Report[];
  readonly places: readonly SupportPlace[];
  /** Places in view for which there was no room. */
  readonly leftOut: number;
}

export interface AroundMap {
  showReports(reports: readonly Report[]): void;
  showLayers(copies: readonly LayerCopy[]): void;
  showHere(at: LonLat | null, accuracy_m: number | null): void;
  /** Raises a report's mark; null none. */
  select(report: string | null): void;
  goTo(at: LonLat): void;
  view(): { readonly extent: Box; readonly zoom: number; readonly centre: LonLat };
  stop(): void;
}

/** What src/phone-map/main.ts leaves on the window. */
export interface PhoneMap {
  crosshair(element: HTMLElement, options: CrosshairOptions): Crosshair;
  around(element: HTMLElement, options: AroundOptions): AroundMap;
}

declare global {
  interface Window {
    gspacePhoneMap?: PhoneMap;
  }
}

let loading: Promise<PhoneMap> | null = null;

/** Rejects when the files are neither kept on this phone nor to be had; a later call tries again. */
export function mapBundle(urls: Urls): Promise<PhoneMap> {
  loading ??= load(urls).catch((error) => {
    loading = null;
    throw error;
  });
  return loading;
}

async function load(urls: Urls): Promise<PhoneMap> {
  if (!urls.map_script) throw new Error("this version has no map");
  const styles = [urls.leaflet_style, ...(urls.map_style ? [urls.map_style] : [])];
  await Promise.all([...styles.map(style), script(urls.leaflet_script)]);
  await script(urls.map_script);
  const made = window.gspacePhoneMap;
  if (!made) throw new Error("phone-map.js did not leave its map");
  return made;
}

function style(href: string): Promise<void> {
  return arrived(el("link", { rel: "stylesheet", href }));
}

function script(src: string): Promise<void> {
  return arrived(el("script", { src }));
}

function arrived(element: HTMLElement): Promise<void> {
  return new Promise((resolve, reject) => {
    element.addEventListener("load", () => resolve());
    element.addEventListener("error", () => {
      element.remove();
      reject(new Error("a file of the map did not come"));
    });
    document.head.append(element);
  });
}
