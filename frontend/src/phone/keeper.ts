/** Keeps what is typed as it is typed: noted at once, and then in the box. */

import { Observable } from "../core/observable.ts";
import type { ReportContent } from "../outbox/entry.ts";
import { note, noted } from "./note.ts";
import { describe } from "./reports.ts";
import type { State } from "./state.ts";

type Said = Partial<ReportContent>;

/** Puts into the draft what a page had noted that did not live to do so. */
export async function recoverTyped(state: State, id: string): Promise<void> {
  const said = noted<Said>(id);
  if (!said) return;
  await describe(state, id, said);
  note(id, null);
}

export class Keeper {
  /** false while something typed could not be written (storage full). */
  readonly safe = new Observable(true);
  private readonly state: State;
  private readonly id: string;
  private pending: Said | null = null;
  private noted: Said | null = null;
  private writing: Promise<void> | null = null;

  constructor(state: State, id: string) {
    this.state = state;
    this.id = id;
  }

  keep(said: Said): void {
    this.pending = { ...this.pending, ...said };
    this.noted = { ...this.noted, ...said };
    note(this.id, this.noted);
    this.writing ??= this.write();
  }

  get isBusy(): boolean {
    return this.writing !== null || this.pending !== null;
  }

  /** Once everything typed is in the draft; before a picker, a camera, another screen. */
  async saved(): Promise<void> {
    if (this.pending && !this.writing) this.writing = this.write();
    await this.writing;
  }

  private async write(): Promise<void> {
    while (this.pending) {
      const said = this.pending;
      this.pending = null;
      try {
        await describe(this.state, this.id, said);
        this.safe.set(true);
      } catch {
        this.pending = { ...said, ...(this.pending ?? {}) };
        this.safe.set(false);
        break;
      }
    }
    this.writing = null;
    if (this.pending) return;
    this.noted = null;
    note(this.id, null);
  }
}
