/** A view of the desk as the text after "?" in its address: to share, to keep, to come back to. */

import { type Filter, HIDDEN_AT_FIRST, NO_FILTER, type Order } from "./filter.ts";

export interface DeskView {
  readonly filter: Filter;
  readonly order: Order;
  /** null: as the desk opens for this person. */
  readonly ownAreaOnly: boolean | null;
  readonly map: MapView | null;
  readonly report: string | null;
}

export interface MapView {
  readonly zoom: number;
  /** Degrees. */
  readonly lat: number;
  readonly lon: number;
}

/** Names that are ours; others in an address are left as they are. */
export const NAMES = [
  "q",
  "hide_category",
  "hide_severity",
  "hide_status",
  "until",
  "order",
  "area",
  "map",
  "report",
] as const;
const CODE = /^[a-z0-9_]{1,30}$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function toQuery({ filter, order, ownAreaOnly, map, report }: DeskView): URLSearchParams {
  const query = new URLSearchParams();
  const put = (name: (typeof NAMES)[number], value: string | null) => {
    if (value !== null && value !== "") query.set(name, value);
  };
  put("q", filter.words.trim());
  put("hide_category", codes(filter.hiddenCategories));
  put("hide_severity", codes(filter.hiddenSeverities));
  const usual = codes(new Set(HIDDEN_AT_FIRST));
  const statuses = codes(filter.hiddenStatuses);
  put("hide_status", statuses === usual ? null : statuses || "-");
  put("until", filter.until === null ? null : new Date(filter.until).toISOString());
  put("order", order === "newest" ? null : order);
  put("area", ownAreaOnly === null ? null : ownAreaOnly ? "own" : "all");
  put("map", map && `${map.zoom}/${map.lat.toFixed(5)}/${map.lon.toFixed(5)}`);
  put("report", report);
  return query;
}

/** What cannot be understood is left out: an old address must open, too. */
export function fromQuery(query: URLSearchParams): DeskView {
  const until = Date.parse(query.get("until") ?? "");
  const area = query.get("area");
  const report = query.get("report") ?? "";
  const statuses = query.get("hide_status");
  return {
    filter: {
      ...NO_FILTER,
      words: (query.get("q") ?? "").slice(0, 100),
      hiddenCategories: read(query.get("hide_category")),
      hiddenSeverities: read(query.get("hide_severity")),
      hiddenStatuses: statuses === null ? NO_FILTER.hiddenStatuses : read(statuses),
      until: Number.isNaN(until) ? null : until,
    },
    order: query.get("order") === "severity" ? "severity" : "newest",
    ownAreaOnly: area === "own" ? true : area === "all" ? false : null,
    map: mapView(query.get("map")),
    report: UUID.test(report) ? report.toLowerCase() : null,
  };
}

function codes(set: ReadonlySet<string>): string {
  return [...set].sort().join(",");
}

function read(text: string | null): ReadonlySet<string> {
  return new Set((text ?? "").split(",").filter((code) => CODE.test(code)));
}

function mapView(text: string | null): MapView | null {
  const parts = (text ?? "").split("/");
  const [zoom = Number.NaN, lat = Number.NaN, lon = Number.NaN] = parts
    .filter((part) => part !== "")
    .map(Number);
  const inside = zoom >= 0 && zoom <= 22 && Math.abs(lat) <= 90 && Math.abs(lon) <= 180;
  return parts.length === 3 && inside ? { zoom, lat, lon } : null;
}
