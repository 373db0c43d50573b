// The page finds what the server finds: fixtures/filter_examples.json, also read by pytest.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { Geometry } from "geojson";
import { covers } from "../../frontend/src/core/municipality_code.ts";
import { fromQuery, toQuery } from "../../frontend/src/core/desk_query.ts";
import { type Filter, type FilterContext, HIDDEN_AT_FIRST, matches } from "../../frontend/src/core/filter.ts";
import { listQuery } from "../../frontend/src/core/list_query.ts";
import type { Photo, Report } from "../../frontend/src/core/report.ts";
import { aReport } from "./examples.ts";

interface Given {
  readonly id: string;
  readonly geometry?: Geometry;
  readonly photos?: readonly Photo["state"][];
  readonly accepted?: boolean;
  readonly received_h?: number;
  readonly due_h?: number;
  readonly organisation?: string;
  readonly [property: string]: unknown;
}

interface Example {
  readonly says: string;
  readonly desk: string;
  readonly asks: string;
  /** Statuses that are asked away; the usual ones when it is not said. */
  readonly hidden?: string;
  /** Who reads; headquarters when it is not said. */
  readonly audience?: "partner";
  readonly found: readonly string[];
}

const FILE = new URL("../../fixtures/filter_examples.json", import.meta.url);
const GIVEN = JSON.parse(readFileSync(FILE, "utf-8"));
const NOW = Date.now();
const NOON = "2016-04-16T03:00:00Z";
const NAMES = new Map<string, string>(Object.entries(GIVEN.organisations));
const CONTEXT: FilterContext = {
  now: NOW,
  organisations: NAMES,
  lookedAt: Date.parse(GIVEN.looked_at),
  allSeenUntil: Date.parse(GIVEN.all_seen_until),
  seen: new Set(GIVEN.seen),
};

function made({ id, geometry, photos, accepted, received_h, due_h, ...more }: Given): Report {
  const received = (more.received_at as string) ?? (received_h ? hours(-received_h) : NOON);
  const properties = {
    category: "road_blocked", severity: "serious", status: "verified", receipt: "K7M2P4",
    comment: "", comment_hq: null, public_text: null, detail: null, place: null, place_en: null,
    municipality: null, municipality_name: null, accuracy_m: null, assigned_to: null, channel: null,
    ...more,
    received_at: received,
    updated_at: (more.updated_at as string) ?? received,
    due_at: due_h ? hours(due_h) : null,
    accepted_at: accepted ? NOON : null,
    organisation: NAMES.get(more.organisation ?? "") ?? null,
    photos: (photos ?? []).map((state) => ({ id: state, state })),
  }; // biome-ignore format: as a table
  return { ...aReport(id, properties), geometry: geometry ?? null };
}

function hours(n: number): string {
  return new Date(NOW + n * 3_600_000).toISOString();
}

const REPORTS = (GIVEN.reports as Given[]).map(made);

/** As reports/features.py tells partners: what is not told is not there. */
function forPartners(report: Report): Report {
  const { assigned_to, due_at, comment_hq: _, told_by: __, public_text: ___, ...told } = report.properties;
  const handed = told.status === "handed_over" ? { assigned_to, due_at } : {};
  return { ...report, properties: { ...told, ...handed } as Report["properties"] };
}

function wanted({ asks, hidden = HIDDEN_AT_FIRST.toSorted().join(",") }: Example): string[] {
  const rest = asks.split("&").filter(Boolean);
  return [...(hidden ? [`exclude_status=${hidden}`] : []), ...rest].sort();
}

for (const example of GIVEN.examples as Example[]) {
  test(example.says, () => {
    const view = fromQuery(new URLSearchParams(example.desk));
    const own = view.ownAreaOnly ? GIVEN.own_area : [];
    const mine = ({ properties }: Report) => {
      const code = properties.municipality ?? null;
      return own.length === 0 || !code || own.some((area: string) => covers(area, code));
    };
    const reports = example.audience === "partner" ? REPORTS.map(forPartners) : REPORTS;
    const ids = (filter: Filter) =>
      reports.filter((one) => mine(one) && matches(one, filter, CONTEXT)).map(({ id }) => id);
    assert.deepEqual(ids(view.filter), example.found);
    const asked = [...listQuery(view.filter, own)].map(([name, value]) => `${name}=${value}`);
    assert.deepEqual(asked.sort(), wanted(example));
    const address = toQuery(view);
    assert.equal(`${toQuery(fromQuery(address))}`, `${address}`, "the address brings it back");
    assert.deepEqual(ids(fromQuery(address).filter), example.found);
  });
}
