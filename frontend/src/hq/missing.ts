/** A report that somebody asks for and the store does not have. */

import { Problem } from "../core/api.ts";
import { asItem, type Report } from "../core/report.ts";
import type { Desk } from "./desk.ts";

/** Into the store; what is not there for this person is closed again. */
export async function fetchReport(id: string, desk: Desk): Promise<void> {
  try {
    const url = desk.page.urls.report.replace("{id}", id);
    desk.store.apply([asItem(await desk.api.get<Report>(url))]);
  } catch (error) {
    const isUnknown = error instanceof Problem && [404, 410].includes(error.status);
    if (isUnknown && desk.selected.value === id) desk.close();
  }
}
