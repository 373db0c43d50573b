/** What one report's screen is about: what this phone has of it, and what the service said. */

import type { Report } from "../../core/report.ts";
import type { Edit, ReportEntry } from "../../outbox/entry.ts";
import { isReportEntry } from "../../outbox/entry.ts";
import { pending } from "../lane/corrections.ts";
import { type Heard, type Note, notesOf, reportOf } from "../lane/own.ts";
import type { State } from "../state.ts";

export interface Subject {
  readonly id: string;
  /** Sent from this phone: it may be corrected. */
  readonly own: boolean;
  readonly entry: ReportEntry | null;
  readonly report: Report | null;
  readonly erased: boolean;
  readonly heard: readonly Heard[];
  readonly notes: readonly Note[];
  readonly edits: readonly Edit[];
  readonly category: string | null;
  readonly detail: string | null;
  readonly severity: string;
  readonly comment: string;
  readonly floor: string | null;
  readonly receipt: string | null;
  /** null: nothing of it has arrived yet. */
  readonly status: string | null;
  readonly capturedAt: string | null;
}

/** null when this phone knows nothing of it by itself. */
export function ownSubject(state: State, id: string): Subject | null {
  const found = state.entry(id);
  const entry = found && isReportEntry(found) ? found : null;
  const known = state.mine.known.value;
  const copy = reportOf(known, id);
  if (!entry && !copy) return null;
  const edits = state.edits.value.filter(({ target }) => target === id);
  const erased = copy !== null && copy.goneAt !== null;
  const notes = notesOf(known, id);
  const rest = { own: true, erased, heard: copy?.heard ?? [], notes, edits };
  return { ...wordsOf(id, entry, copy?.report ?? null, edits), ...rest };
}

/** Somebody else's, as this phone's audience may see it. */
export function othersSubject(report: Report): Subject {
  const rest = { own: false, erased: false, heard: [], notes: [], edits: [] };
  return { ...wordsOf(report.id, null, report, []), ...rest };
}

type Words = Omit<Subject, "own" | "erased" | "heard" | "notes" | "edits">;

/** The service's words, over them what is on its way there; else what was written here. */
function wordsOf(
  id: string,
  entry: ReportEntry | null,
  report: Report | null,
  edits: readonly Edit[],
): Words {
  const [said, content, later] = [report?.properties, entry?.content, pending(edits, id)];
  const arrived = entry?.words.state === "done" ? "received" : null;
  return {
    id,
    entry,
    report,
    category: said?.category ?? content?.category ?? null,
    detail: (said ? said.detail : content?.detail) ?? null,
    severity: said?.severity ?? content?.severity ?? "unknown",
    comment: text(later.comment) ?? (said ? said.comment : content?.comment) ?? "",
    floor: text(later.floor) ?? (said ? said.floor : content?.floor) ?? null,
    receipt: said?.receipt ?? entry?.receipt ?? null,
    status: said?.status ?? arrived,
    capturedAt: said?.captured_at ?? content?.captured_at ?? null,
  };
}

function text(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
