/** What the server put into the page for us (frontend/views/numbers.py). */

import type { Catalogue } from "../core/language.ts";

export interface PageData {
  readonly time_zone: string;
  readonly language: string;
  readonly catalogue: Catalogue;
  readonly csrf: string;
  readonly audience: string;
  /** This view's filters, as the page takes them. */
  readonly query: string;
  readonly urls: {
    readonly state: string;
    readonly changes: string;
    readonly socket: string;
    /** The page itself; `part=body` gives the numbers alone. */
    readonly numbers: string;
    readonly login: string;
  };
}

export function readPageData(): PageData {
  const script = document.getElementById("page-data");
  if (!script?.textContent) throw new Error("#page-data is not on this page");
  return JSON.parse(script.textContent) as PageData;
}
