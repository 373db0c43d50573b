/** The released reports of the map: a snapshot page by page. */

import type { Api } from "../core/api.ts";
import type { Item } from "../core/frames.ts";
import type { Report } from "../core/report.ts";
import type { Store } from "../core/store.ts";
import type { PageData } from "./page_data.ts";

const PAGE_SIZE = 1_000;

interface Snapshot {
  readonly epoch: string;
  readonly head: number;
  readonly cursor: string | null;
  readonly features: readonly Report[];
}

/** The first page's head is the cursor; what changes meanwhile is only told twice. */
export async function loadReports(page: PageData, api: Api, store: Store<Report>) {
  const first = await readPage(page, api, null);
  const features = [...first.features];
  for (let next = first.cursor; next; ) {
    const more = await readPage(page, api, next);
    features.push(...more.features);
    next = more.cursor;
  }
  store.replace(features.map(asItem));
  return { epoch: first.epoch, head: first.head };
}

function readPage(page: PageData, api: Api, cursor: string | null): Promise<Snapshot> {
  const query = new URLSearchParams({ limit: String(PAGE_SIZE), ...(cursor && { cursor }) });
  return api.get<Snapshot>(`${page.urls.reports}?${query}`);
}

function asItem(feature: Report): Item {
  const { seq, version } = feature.properties;
  return { kind: "report", id: feature.id, seq, version, feature };
}
