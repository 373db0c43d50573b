/** To whom a report can be handed, as the server says it, and finding one of them by typing. */

import { fold, holdsWords } from "./fold.ts";
import type { Report } from "./report.ts";

export interface Assignee {
  /** What `assigned_to` becomes. */
  readonly value: string;
  readonly name: string;
  readonly name_en: string;
  readonly organisation: string;
  readonly open: number;
  readonly overdue: number;
  /** Of a body: hq, partner, support. */
  readonly part?: string;
  /** Of a person. */
  readonly me?: boolean;
}

export const GROUPS = ["teams", "organisations", "persons", "others"] as const;
export type Group = (typeof GROUPS)[number];
export type Assignees = Readonly<Record<Group, readonly Assignee[]>>;

export const NO_ASSIGNEES: Assignees = { teams: [], organisations: [], persons: [], others: [] };

export interface Choice extends Assignee {
  readonly group: Group;
}

/** Group by group; every word must be in the name, its English, or the organisation's. */
export function found(all: Assignees, words: string): Choice[] {
  const holds = ({ value, name_en, organisation }: Assignee) =>
    holdsWords([value, name_en, organisation].join("\n"), words);
  return GROUPS.flatMap((group) =>
    [...all[group]]
      .filter(holds)
      .sort(meFirst)
      .map((one) => ({ ...one, group })),
  );
}

/** What was typed, where it names nobody of the list exactly: text is allowed. */
export function byHand(all: Assignees, words: string): Choice | null {
  const value = words.trim();
  if (value === "") return null;
  const known = GROUPS.some((group) => all[group].some((one) => fold(one.value) === fold(value)));
  if (known) return null;
  const nothing = { name_en: "", organisation: "", open: 0, overdue: 0 };
  return { value, name: value, ...nothing, group: "others" };
}

/** Whoever is not of this headquarters takes it over, rather than works on it here. */
export function isElsewhere(choice: Choice): boolean {
  return choice.group === "organisations" && choice.part !== "hq";
}

interface Body {
  readonly name: string;
  readonly name_en: string;
  readonly mine: boolean;
}

/** What a partner can look for: the bodies, the own first, and whoever else took something over. */
export function handedTo(reports: readonly Report[], bodies: readonly Body[]): Assignees {
  const made = (name: string, name_en = "") =>
    ({ value: name, name, name_en, organisation: "", open: 0, overdue: 0 }); // biome-ignore format: one line
  const ownFirst = [...bodies].sort((a, b) => Number(b.mine) - Number(a.mine));
  const names = new Set(reports.flatMap(({ properties }) => properties.assigned_to ?? []));
  for (const { name } of bodies) names.delete(name);
  const organisations = ownFirst.map(({ name, name_en }) => made(name, name_en));
  return { ...NO_ASSIGNEES, organisations, others: [...names].sort().map((name) => made(name)) };
}

function meFirst(a: Assignee, b: Assignee): number {
  return Number(b.me ?? false) - Number(a.me ?? false);
}
