/** What the parts of the draft's screen have in common. */

import type { ReportContent, ReportEntry } from "../../outbox/entry.ts";

export interface Part {
  readonly element: HTMLElement;
  /** The draft as it is stored now; what a person is typing is left alone. */
  update(entry: ReportEntry): void;
}

/** Keeps what a person says, at once. */
export type Keep = (said: Partial<ReportContent>) => void;
