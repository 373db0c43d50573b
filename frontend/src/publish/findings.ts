/** The findings of a file by row and level. */

export type Level = "refused" | "doubted" | "repaired";

/** The gravest first. */
export const LEVELS: readonly Level[] = ["refused", "doubted", "repaired"];

export interface Finding {
  /** As the person's file counts; null for the whole file. */
  readonly row: number | null;
  readonly level: Level;
}

/** row -> the gravest of what was found there. */
export function worstByRow(findings: readonly Finding[]): ReadonlyMap<number, Level> {
  const worst = new Map<number, Level>();
  for (const { row, level } of findings) {
    const known = row === null ? undefined : worst.get(row);
    if (row !== null && (!known || LEVELS.indexOf(level) < LEVELS.indexOf(known)))
      worst.set(row, level);
  }
  return worst;
}

/** Whether a finding is listed; "" lists all. */
export function isShown(finding: Pick<Finding, "level">, level: string): boolean {
  return level === "" || finding.level === level;
}
