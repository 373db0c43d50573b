/** Keeps a facility's answers as they are typed: noted at once, and then in the box. */

import type { Box } from "../../outbox/box.ts";
import { note, noted } from "../note.ts";
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
    const kept =
      noted<SituationDraft>(this.name) ?? (await this.box.kept<SituationDraft>(this.name));
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
