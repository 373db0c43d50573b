/** Keeps what is typed as it is typed: one write at a time, the newest words last. */

import { Observable } from "../core/observable.ts";
import type { ReportContent } from "../outbox/entry.ts";
import { describe } from "./reports.ts";
import type { State } from "./state.ts";

export class Keeper {
  /** false while something typed could not be written (storage full). */
  readonly safe = new Observable(true);
  private readonly state: State;
  private readonly id: string;
  private pending: Partial<ReportContent> | null = null;
  private writing: Promise<void> | null = null;

  constructor(state: State, id: string) {
    this.state = state;
    this.id = id;
  }

  keep(said: Partial<ReportContent>): void {
    this.pending = { ...this.pending, ...said };
    this.writing ??= this.write();
  }

  get isBusy(): boolean {
    return this.writing !== null || this.pending !== null;
  }

  /** Once everything typed is in the box; before a picker, a camera, another screen. */
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
  }
}
