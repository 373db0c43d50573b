/** A filter as the server's lists, counts, tiles and exports take it (reports/filters.py NAMES). */

import type { Position } from "geojson";
import type { Filter } from "./filter.ts";
import { split } from "./fold.ts";
import { fewest, NOWHERE } from "./municipality_code.ts";

/** ownArea: municipality codes of the own queue, empty = all; what has none is anybody's, too. */
export function listQuery(filter: Filter, ownArea: readonly string[] = []): URLSearchParams {
  const query = placeQuery(filter);
  if (ownArea.length > 0) query.set("area", [...fewest(ownArea), NOWHERE].join(","));
  const put = (name: string, value: string | null) => {
    if (value !== null && value !== "") query.set(name, value);
  };
  put("exclude_category", codes(filter.hiddenCategories));
  put("exclude_severity", codes(filter.hiddenSeverities));
  put("exclude_status", codes(filter.hiddenStatuses));
  put("q", split(filter.words).join(" "));
  put("since", time(filter.since));
  put("until", time(filter.until));
  for (const [name, value] of traitQuery(filter)) put(name, value);
  query.sort();
  return query;
}

/** The same names in the desk's address. */
export function placeQuery({ area, mesh, within }: Filter): URLSearchParams {
  const query = new URLSearchParams();
  if (area.size > 0) query.set("municipality", codes(area));
  if (mesh.size > 0) query.set("mesh", codes(mesh));
  if (within) query.set("within", corners(within));
  return query;
}

export function traitQuery(filter: Filter): URLSearchParams {
  const { recentH, organisations, channels, assigned, hasPhoto, uncertain } = filter;
  const said: Record<string, string | null> = {
    recent: recentH === null ? null : String(recentH),
    organisation: codes(organisations),
    channel: codes(channels),
    assigned_to: assigned,
    has_photo: hasPhoto === null ? null : flag(hasPhoto),
    needs_place: filter.needsPlace ? "1" : null,
    uncertain: uncertain === null ? null : String(uncertain),
    waiting: filter.waiting ? "1" : null,
    unseen: filter.unseen ? "1" : null,
    since_last_looked: filter.sinceLooked ? "1" : null,
    due: filter.due,
  };
  return new URLSearchParams(
    Object.entries(said).flatMap(([name, value]) => (value ? [[name, value]] : [])),
  );
}

export function codes(set: ReadonlySet<string>): string {
  return [...set].sort().join(",");
}

export function time(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}

/** 5 decimals are a metre, as a hand draws. */
function corners(outline: readonly Position[]): string {
  return outline.flatMap(([lon = 0, lat = 0]) => [round(lon), round(lat)]).join(",");
}

function round(degrees: number): number {
  return Math.round(degrees * 1e5) / 1e5;
}

function flag(yes: boolean): string {
  return yes ? "1" : "0";
}
