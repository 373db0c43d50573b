/** What there is around a position, as the server knows it. */

import type { Position } from "geojson";
import { destination, distanceM, markPosition } from "../core/geometry.ts";
import type { NearPlace } from "../core/near.ts";
import type { Report } from "../core/report.ts";
import type { District } from "../core/told_place.ts";
import type { Desk } from "./desk.ts";
import type { Page } from "./pages.ts";

export const NEAR_M = 200;
const MOST = 100;

export interface Here {
  readonly place: string | null;
  readonly place_en?: string | null;
  readonly municipality_name?: string | null;
  readonly municipality_name_en?: string | null;
  readonly areas: readonly District[];
  readonly items: readonly NearPlace[];
}

export function readHere(desk: Desk, [lon = 0, lat = 0]: Position): Promise<Here> {
  const query = new URLSearchParams({ lon: String(lon), lat: String(lat) });
  return desk.api.get<Here>(`${desk.page.urls.here}?${query}`);
}

export interface NearReport {
  readonly report: Report;
  readonly metres: number;
}

export interface NearReports {
  readonly near: readonly NearReport[];
  /** There are so many around that older ones were not read. */
  readonly isPart: boolean;
}

/** Reports whose mark stands within NEAR_M, the nearest first; withdrawn and merged ones not. */
export async function readNearReports(desk: Desk, at: Position): Promise<NearReports> {
  const [west, south, east, north] = [270, 180, 90, 0].map((bearing) => {
    const [lon = 0, lat = 0] = destination(at, bearing, NEAR_M);
    return bearing % 180 === 0 ? lat : lon;
  });
  const query = new URLSearchParams({
    bbox: [west, south, east, north].join(","),
    limit: `${MOST}`,
  });
  const url = `${desk.page.urls.reports}?${query}`;
  const { features, cursor } = await desk.api.get<Page>(url);
  return { near: nearOnes(features, at), isPart: cursor !== null };
}

export function nearOnes(reports: readonly Report[], at: Position): NearReport[] {
  const over = ["rejected", "withdrawn", "duplicate"];
  return reports
    .filter(({ properties }) => !over.includes(properties.status))
    .map((report) => ({ report, metres: distanceM(at, markPosition(report.geometry) ?? at) }))
    .filter(({ metres }) => metres <= NEAR_M)
    .sort((a, b) => a.metres - b.metres);
}
