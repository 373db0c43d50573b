/** What the server put into the page for us (frontend/views/wall.py): the desk's, and our own. */

import { type PageData, readPageData } from "../hq/page_data.ts";

export interface WallData extends PageData {
  readonly wall: {
    /** Of these very scripts and styles. */
    readonly build: string;
    /** What to show, as the text after "?" of a desk's address: a saved view's, or our own. */
    readonly query: string;
  };
}

export function readWallData(): WallData {
  return readPageData() as WallData;
}
