/** What the server put into the page for us (frontend/views/log.py). */

import type { Catalogue } from "../core/language.ts";

export interface PageData {
  readonly time_zone: string;
  readonly language: string;
  readonly catalogue: Catalogue;
  readonly csrf: string;
  readonly audience: string;
  readonly urls: {
    readonly state: string;
    readonly changes: string;
    readonly socket: string;
    /** The page itself; `part=` gives its form or its list alone. */
    readonly log: string;
    readonly login: string;
  };
}

/** null on the hand-over summary, which is read once and printed. */
export function readPageData(): PageData | null {
  const script = document.getElementById("page-data");
  return script?.textContent ? (JSON.parse(script.textContent) as PageData) : null;
}
