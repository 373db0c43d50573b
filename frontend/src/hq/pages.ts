/** Reports page by page, put into the store. */

import { asItem, type Report } from "../core/report.ts";
import type { Desk } from "./desk.ts";

/** Of the feed. */
export interface Position {
  readonly epoch: string;
  readonly head: number;
}

export interface Page extends Position {
  readonly features: readonly Report[];
  /** null on the last page. */
  readonly cursor: string | null;
}

export async function readPage(
  desk: Desk,
  query: URLSearchParams,
  more: Readonly<Record<string, string | null>>,
  unwanted?: AbortSignal,
): Promise<Page> {
  const asked = new URLSearchParams(query);
  for (const [name, value] of Object.entries(more)) if (value !== null) asked.set(name, value);
  return desk.api.get<Page>(`${desk.page.urls.reports}?${asked}`, unwanted);
}

/** Into the store, where the feed may know them better; what it knows now. */
export function keep(desk: Desk, reports: readonly Report[]): Report[] {
  desk.store.apply(reports.map(asItem));
  desk.window.use(reports.map((report) => report.id));
  return reports.flatMap((report) => desk.store.get(report.id) ?? []);
}
