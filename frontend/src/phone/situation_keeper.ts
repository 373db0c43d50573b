/**
 * Keeps a facility's answers as they are typed. The box takes its milliseconds, and a page that
 * ends takes along what the box has not begun: so they are also noted where writing is immediate.
 */

import type { Box } from "../outbox/box.ts";
import { NO_ANSWERS, type SituationDraft } from "./situation_draft.ts";

export class SituationKeeper {
  private readonly box: Box;
  private readonly name: string;
  private pending: { readonly draft: SituationDraft | null } | null = null;
  private writing: Promise<void> | null = null;

  constructor(box: Box, layer: string, feature: string) {
    this.box = box;
    this.name = `situation:${layer}/${feature}`;
  }

  async recall(): Promise<SituationDraft> {
    const kept = noted(this.name) ?? (await this.box.kept<SituationDraft>(this.name));
    return kept ?? NO_ANSWERS;
  }

  /** null: nothing is kept any more. Rejects when the box cannot be written (storage full). */
  keep(draft: SituationDraft | null): Promise<void> {
    note(this.name, draft);
    this.pending = { draft };
    this.writing ??= this.write().finally(() => {
      this.writing = null;
    });
    return this.writing;
  }

  /** Only ever the newest: ten keys a second must not queue up. */
  private async write(): Promise<void> {
    while (this.pending) {
      const { draft } = this.pending;
      this.pending = null;
      await this.box.keep(this.name, draft);
    }
    note(this.name, null);
  }
}

function note(name: string, draft: SituationDraft | null): void {
  try {
    if (draft) localStorage.setItem(`gspace-${name}`, JSON.stringify(draft));
    else localStorage.removeItem(`gspace-${name}`);
  } catch {
    // not allowed or full: the box has it in a moment, or says that it could not
  }
}

function noted(name: string): SituationDraft | null {
  try {
    return JSON.parse(localStorage.getItem(`gspace-${name}`) ?? "null") as SituationDraft | null;
  } catch {
    return null;
  }
}
