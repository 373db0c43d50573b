/** What page and worker say to each other. */

import type { PhotoSays } from "../outbox/entry.ts";

export interface Wanted {
  /** Its bytes are in the box. */
  readonly photo: string;
  readonly type: string;
  /** Whether its EXIF is of interest. */
  readonly facts: boolean;
}

export interface Found {
  readonly photo: string;
  /** null when there are no bytes, or they cannot be read. */
  readonly sha256: string | null;
  readonly says: PhotoSays | null;
  readonly preview: ArrayBuffer | null;
  /** false: this worker cannot draw, the page must. */
  readonly canDraw: boolean;
}
