/** A version: its progress while it is read, then map and findings that point at each other. */

import { Api } from "../core/api.ts";
import { byId } from "../dom/element.ts";
import { onMap } from "../map/start.ts";
import { FindingsTable } from "./findings_table.ts";
import type { PageData } from "./page_data.ts";
import { showPreview } from "./preview.ts";
import { type Progress, progressWords } from "./progress.ts";

const EVERY_MS = 700;

export interface VersionPage extends PageData {
  readonly version: {
    readonly number: number;
    readonly state: string;
  };
}

export function startVersion(data: PageData): void {
  const page = data as VersionPage;
  if (page.version.state === "reading") return void watch(page);
  const table = document.getElementById("findings") ? new FindingsTable() : null;
  if (document.getElementById("map-said")) onMap((map) => showPreview(page, map, table));
}

interface Read {
  readonly state: string;
  readonly progress?: Progress | null;
}

async function watch(page: VersionPage): Promise<void> {
  const api = new Api({ csrf: page.csrf });
  const url = page.urls.version.replace("{n}", String(page.version.number));
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    // a lost answer is no news: the next one will tell
    const read = await api.get<Read>(url).catch(() => null);
    if (read && read.state !== "reading") break;
    if (read) show(read.progress);
  }
  location.reload();
}

function show(progress: Progress | null | undefined): void {
  byId("reading-words").textContent = progressWords(progress);
  const bar = byId("reading-bar") as HTMLProgressElement;
  if (progress?.total) {
    bar.max = progress.total;
    bar.value = progress.done;
  } else bar.removeAttribute("value");
}
