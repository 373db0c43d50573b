/** The places of a version on the map before they are public, with the rows they come from. */

import { Api } from "../core/api.ts";
import { language, ngettext, number, t } from "../core/language.ts";
import { byId, el } from "../dom/element.ts";
import { addBasemap } from "../map/basemap.ts";
import type { LeafletMap } from "../map/leaflet.ts";
import { type PreviewFeature, PreviewMarks } from "../map/preview_marks.ts";
import { worstByRow } from "./findings.ts";
import type { FindingsTable } from "./findings_table.ts";
import type { VersionPage } from "./version.ts";

const PAGE = 2_000;
/** Beyond this many a preview tells no more, and a small machine stops. */
const MOST = 20_000;
const ATTRIBUTES_SHOWN = 6;

export function showPreview(page: VersionPage, map: LeafletMap, table: FindingsTable | null): void {
  addBasemap(map);
  const marks = new PreviewMarks(map, worstByRow(table?.findings ?? []), {
    pick: (feature) => {
      const row = feature.properties.row;
      if (row !== null && row !== undefined) table?.choose(row);
    },
    words: popup,
  });
  void load(page, marks, table);
}

interface Page {
  readonly features: readonly PreviewFeature[];
  readonly numberMatched?: number;
  readonly cursor?: string | null;
}

/** The rows about which something was found first: they must be on the map, however long the file. */
async function load(page: VersionPage, marks: PreviewMarks, table: FindingsTable | null) {
  const api = new Api({ csrf: page.csrf });
  const url = `${page.urls.version.replace("{n}", String(page.version.number))}/features`;
  const read = (query: Record<string, string>) =>
    api.get<Page>(`${url}?${new URLSearchParams({ limit: String(PAGE), ...query })}`);
  let far = 0;
  try {
    const told = [...worstByRow(table?.findings ?? []).keys()];
    if (told.length > 0) marks.add((await read({ rows: told.join(",") })).features);
    lead(table, marks);
    for (let cursor: string | null | undefined = ""; cursor !== null && marks.seen < MOST; ) {
      const found: Page = await read(cursor ? { cursor } : {});
      marks.add(found.features);
      const first = cursor === "";
      cursor = found.cursor ?? null;
      if (first || cursor === null) far = marks.fit();
      say(marks, found.numberMatched ?? marks.seen, far);
    }
  } catch {
    byId("map-said").textContent = t("The places cannot be read just now. Load the page again.");
  }
}

function lead(table: FindingsTable | null, marks: PreviewMarks): void {
  table?.lead(
    (row) => marks.has(row),
    (row) => marks.goTo(row),
  );
}

function say({ seen, shown }: PreviewMarks, all: number, far: number): void {
  const n = number(shown);
  const words =
    seen < all
      ? t("The first {n} of {all} places are shown.", { n, all: number(all) })
      : t("{n} places on the map. Click one to see its row.", { n });
  const beyond = ngettext("{n} place is far off.", "{n} places are far off.", far);
  byId("map-said").textContent = far > 0 ? `${words} ${beyond}` : words;
}

function popup({ properties }: PreviewFeature): HTMLElement {
  const attributes = Object.entries(properties.attributes ?? {}).slice(0, ATTRIBUTES_SHOWN);
  const named = (language().startsWith("ja") ? null : properties.name_en) ?? properties.name;
  return el(
    "div",
    { class: "popup" },
    el("p", {}, el("strong", {}, named ?? t("Without a name"))),
    properties.address ? el("p", {}, properties.address) : null,
    properties.row ? el("p", {}, t("Row {n}", { n: number(properties.row) })) : null,
    properties.estimated ? el("p", {}, t("The position is rough.")) : null,
    ...attributes.map(([name, value]) => el("p", {}, `${name}: ${plain(value)}`)),
  );
}

function plain(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
