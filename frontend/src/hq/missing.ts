/** A report that somebody asks for and the store does not have. */

import { Problem } from "../core/api.ts";
import { t } from "../core/language.ts";
import { asItem, type Report } from "../core/report.ts";
import type { Desk } from "./desk.ts";
import { toast } from "./undo.ts";

/** Into the store; what is not there for this person is closed again. */
export async function fetchReport(id: string, desk: Desk): Promise<void> {
  const report = await read(id, desk);
  if (report) desk.store.apply([asItem(report)]);
}

async function read(id: string, desk: Desk): Promise<Report | null> {
  try {
    return await desk.api.get<Report>(desk.page.urls.report.replace("{id}", id));
  } catch (error) {
    if (desk.selected.value !== id) return null;
    if (error instanceof Problem && [404, 410].includes(error.status)) desk.close();
    else if (!desk.store.get(id)) toast(t("The report cannot be read just now. Open it again."));
    return null;
  }
}
