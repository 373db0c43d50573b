/** How far the reading of a file is, in words with numbers. */

import { msg, number, t } from "../core/language.ts";

/** As the API gives it; total null while nobody knows how many rows there are. */
export interface Progress {
  readonly step: string;
  readonly done: number;
  readonly total: number | null;
}

const STEPS: Readonly<Record<string, string>> = {
  reading: msg("Reading the file"),
  checking: msg("Checking rows and places"),
  storing: msg("Storing"),
};

/** Reading the file: 32,000 / 100,000 rows */
export function progressWords(progress: Progress | null | undefined): string {
  if (!progress) return t("Waiting for its turn…");
  const step = t(STEPS[progress.step] ?? "Reading the file");
  return t("{step}: {counted}", { step, counted: counted(progress) });
}

function counted({ done, total }: Progress): string {
  if (total) return t("{done} / {total} rows", { done: number(done), total: number(total) });
  return done ? t("{done} rows", { done: number(done) }) : "…";
}
