/** What the server put into the page for us (frontend/views/public.py). */

export interface PageData {
  readonly language: string;
  readonly time_zone: string;
  readonly urls: {
    readonly reports: string;
    readonly changes: string;
    readonly layers: string;
    /** `{slug}` stands for the layer's. */
    readonly features: string;
    readonly vocabulary: string;
    readonly catalogue: string;
  };
}

/** null on the pages without a map. */
export function readPageData(): PageData | null {
  const text = document.getElementById("page-data")?.textContent;
  return text ? (JSON.parse(text) as PageData) : null;
}
