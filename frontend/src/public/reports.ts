/** The released reports of the map: a snapshot page by page. */

import type { Api } from "../core/api.ts";
import type { Item } from "../core/frames.ts";
import { asItem, type Report } from "../core/report.ts";
import type { PageData } from "./page_data.ts";

const PAGE_SIZE = 1_000;

interface Snapshot {
  readonly cursor: string | null;
  readonly features: readonly Report[];
}

/** All of them, as items of the feed. What changes meanwhile is told by the feed, too. */
export async function readReports(page: PageData, api: Api): Promise<Item[]> {
  const features: Report[] = [];
  let cursor: string | null = null;
  do {
    const part: Snapshot = await readPage(page, api, cursor);
    features.push(...part.features);
    cursor = part.cursor;
  } while (cursor);
  return features.map(asItem);
}

function readPage(page: PageData, api: Api, cursor: string | null): Promise<Snapshot> {
  const query = new URLSearchParams({ limit: String(PAGE_SIZE), ...(cursor && { cursor }) });
  return api.get<Snapshot>(`${page.urls.reports}?${query}`);
}
