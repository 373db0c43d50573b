/** A view of the desk as the text after "?" in its address: to share, to keep, to come back to. */

import type { Position } from "geojson";
import { type Filter, HIDDEN_AT_FIRST, NO_FILTER, type Order, orderOf } from "./filter.ts";
import { codes, placeQuery, time, traitQuery } from "./list_query.ts";
import { meshCell } from "./mesh.ts";
import { isAreaCode } from "./municipality_code.ts";

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
  "since",
  "until",
  "recent",
  "municipality",
  "mesh",
  "within",
  "organisation",
  "channel",
  "assigned_to",
  "has_photo",
  "needs_place",
  "uncertain",
  "waiting",
  "unseen",
  "since_last_looked",
  "due",
  "order",
  "area",
  "map",
  "report",
] as const;
/** LIMIT_FILTER_CODES and LIMIT_FILTER_CORNERS of the server, and LIMIT_FILTER_HOURS. */
const MOST_CODES = 100;
export const MOST_CORNERS = 500;
const MOST_HOURS = 8_784;
const MOST_METRES = 1e6;
/** Years that the server takes (gspace/wire.py), in any zone. */
const FIRST_MS = Date.UTC(1901, 0);
const LAST_MS = Date.UTC(9000, 0);
const SLUG = /^[a-z0-9]+(-[a-z0-9]+)*$/;
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
  put("since", time(filter.since));
  put("until", time(filter.until));
  for (const [name, value] of [...placeQuery(filter), ...traitQuery(filter)])
    query.set(name, value);
  put("order", order === "newest" ? null : order);
  put("area", ownAreaOnly === null ? null : ownAreaOnly ? "own" : "all");
  put("map", map && `${map.zoom}/${map.lat.toFixed(5)}/${map.lon.toFixed(5)}`);
  put("report", report);
  return query;
}

/** What cannot be understood is left out: an old address must open, too. */
export function fromQuery(query: URLSearchParams): DeskView {
  const area = query.get("area");
  const report = query.get("report") ?? "";
  return {
    filter: { ...NO_FILTER, ...hidden(query), ...inTime(query), ...there(query), ...such(query) },
    order: orderOf(query.get("order")),
    ownAreaOnly: area === "own" ? true : area === "all" ? false : null,
    map: mapView(query.get("map")),
    report: UUID.test(report) ? report.toLowerCase() : null,
  };
}

type Part = Partial<Filter>;

function hidden(query: URLSearchParams): Part {
  const statuses = query.get("hide_status");
  return {
    words: (query.get("q") ?? "").slice(0, 100),
    hiddenCategories: read(query.get("hide_category"), isCode),
    hiddenSeverities: read(query.get("hide_severity"), isCode),
    hiddenStatuses: statuses === null ? NO_FILTER.hiddenStatuses : read(statuses, isCode),
  };
}

function inTime(query: URLSearchParams): Part {
  return {
    since: moment(query.get("since")),
    until: moment(query.get("until")),
    recentH: amount(query.get("recent"), 1, MOST_HOURS, Math.floor),
  };
}

function there(query: URLSearchParams): Part {
  const isSquare = (code: string) => meshCell(code) !== null;
  return {
    area: read(query.get("municipality"), isAreaCode),
    mesh: read(query.get("mesh"), isSquare),
    within: outline(query.get("within")),
  };
}

function such(query: URLSearchParams): Part {
  const isOn = (name: string) => query.get(name) === "1";
  const photo = query.get("has_photo");
  return {
    organisations: read(query.get("organisation"), (slug) => SLUG.test(slug)),
    channels: read(query.get("channel"), isCode),
    assigned: query.get("assigned_to")?.replaceAll("\0", "").slice(0, 120) || null,
    hasPhoto: photo === "1" ? true : photo === "0" ? false : null,
    needsPlace: isOn("needs_place"),
    uncertain: amount(query.get("uncertain"), 0, MOST_METRES),
    waiting: isOn("waiting"),
    unseen: isOn("unseen"),
    sinceLooked: isOn("since_last_looked"),
    due: query.get("due") === "overdue" ? "overdue" : null,
  };
}

function isCode(text: string): boolean {
  return CODE.test(text);
}

function read(text: string | null, isGood: (part: string) => boolean): ReadonlySet<string> {
  return new Set((text ?? "").split(",").filter(isGood).slice(0, MOST_CODES));
}

function moment(text: string | null): number | null {
  const at = Date.parse(text ?? "");
  return at >= FIRST_MS && at <= LAST_MS ? at : null;
}

function amount(
  text: string | null,
  least: number,
  most: number,
  whole = (n: number) => n,
): number | null {
  const found = text?.trim() ? whole(Number(text)) : Number.NaN;
  return found >= least && found <= most ? found : null;
}

function outline(text: string | null): Position[] | null {
  const numbers = (text ?? "").split(",").map((part) => (part.trim() ? Number(part) : Number.NaN));
  const corners: Position[] = [];
  for (let at = 0; at + 1 < numbers.length; at += 2) {
    corners.push([numbers[at] ?? Number.NaN, numbers[at + 1] ?? Number.NaN]);
  }
  const good = corners.every(
    ([lon, lat]) => Math.abs(lon ?? 999) <= 180 && Math.abs(lat ?? 99) <= 90,
  );
  const enough = corners.length >= 3 && corners.length <= MOST_CORNERS;
  return enough && good && numbers.length % 2 === 0 ? corners : null;
}

function mapView(text: string | null): MapView | null {
  const parts = (text ?? "").split("/");
  const [zoom = Number.NaN, lat = Number.NaN, lon = Number.NaN] = parts
    .filter((part) => part !== "")
    .map(Number);
  const inside = zoom >= 0 && zoom <= 22 && Math.abs(lat) <= 90 && Math.abs(lon) <= 180;
  return parts.length === 3 && inside ? { zoom, lat, lon } : null;
}
