/** What the server put into the pages of places (frontend/views/publish/places.py). */

import type { Geometry } from "geojson";
import type { PageData } from "./page_data.ts";

export interface PlacesData extends PageData {
  /** Address of a place's page; `{id}` stands for the feature's id. */
  readonly place: string;
  /** West, south, east, north of what has a place; null = nothing has. */
  readonly extent: readonly [number, number, number, number] | null;
  /** Of the place that the page is about. */
  readonly geometry?: Geometry | null;
  /** Whether a line may be drawn: a road. */
  readonly lines?: boolean;
}
