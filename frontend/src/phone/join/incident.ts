/** Incidents as the phone shows and chooses them. */

import { language } from "../../core/language.ts";
import { assignIncident } from "../reports.ts";
import { INCIDENT, type Incident, type State } from "../state.ts";

/** peacetime: none is open, and what is recorded is kept until one is. */
export type Kind = "peacetime" | "disaster" | "drill" | "demo" | "closed";

export function kindOf(incident: Incident | null): Kind {
  if (!incident) return "peacetime";
  if (incident.state === "drill" || incident.state === "closed") return incident.state;
  return incident.demo ? "demo" : "disaster";
}

export function incidentName(incident: Incident): string {
  return (language() === "en" && incident.name_en) || incident.name;
}

/** New reports belong to it from now on. */
export async function switchIncident(state: State, slug: string): Promise<void> {
  await state.box.keep(INCIDENT, slug);
}

/** Reports that no incident was known for when they were made. */
export function unassigned(state: State): readonly string[] {
  return state.entries.value.filter(isUnassigned).map(({ id }) => id);
}

function isUnassigned({ folder, incident }: { folder: string; incident: string | null }): boolean {
  return folder !== "sent" && incident === null;
}

export async function assignAll(state: State, slug: string): Promise<void> {
  for (const id of unassigned(state)) await assignIncident(state, id, slug);
}

/**
 * Where there is only one incident there is nothing to ask. A drill is asked about all the same:
 * what was seen in earnest must not end in an exercise by itself.
 */
export async function assignWhereClear(state: State): Promise<void> {
  const [only, ...others] = state.incidents.value;
  if (!only || others.length > 0 || only.state === "drill") return;
  await assignAll(state, only.slug);
}
