/** What the server put into the page for us (frontend/views/public.py). */

export interface PageData {
  readonly language: string;
  readonly time_zone: string;
  readonly urls: {
    /** The list of this very page, alone. */
    readonly list: string;
    readonly state: string;
    readonly reports: string;
    readonly changes: string;
    readonly socket: string;
    readonly layers: string;
    /** `{slug}` stands for the layer's. */
    readonly features: string;
    readonly vocabulary: string;
    readonly catalogue: string;
  };
}

/** null on the pages that do not change by themselves. */
export function readPageData(): PageData | null {
  const text = document.getElementById("page-data")?.textContent;
  return text ? (JSON.parse(text) as PageData) : null;
}
