/** A sheet with the incidents that this phone may report in. */

import { msg } from "../../core/language.ts";
import { button, el } from "../../dom/element.ts";
import { plain, say } from "../../dom/say.ts";
import type { Incident, State } from "../state.ts";
import { incidentName, kindOf } from "./incident.ts";

/** null: nothing was chosen. */
export function chooseIncident(state: State, question: Node): Promise<Incident | null> {
  return new Promise((resolve) => open(state, question, resolve));
}

function open(state: State, question: Node, resolve: (chosen: Incident | null) => void): void {
  const now = state.incident.value?.slug;
  const sheet = el("dialog", { class: "sheet", "aria-labelledby": "choose-incident" });
  const choose = (chosen: Incident | null) => {
    resolve(chosen);
    sheet.close();
  };
  const rows = state.incidents.value.map((incident) => row(incident, now, () => choose(incident)));
  sheet.append(
    el(
      "div",
      { class: "stack" },
      el("h2", { id: "choose-incident" }, question),
      ...rows,
      button(plain("Cancel"), () => choose(null), { class: "button button--wide" }),
    ),
  );
  sheet.addEventListener("close", () => {
    resolve(null);
    sheet.remove();
  });
  document.body.append(sheet);
  sheet.showModal();
}

function row(incident: Incident, now: string | undefined, act: () => void): HTMLElement {
  const made = button("", act, {
    class: "button button--wide",
    "aria-pressed": String(incident.slug === now),
  });
  made.append(el("span", {}, incidentName(incident)), kindBadge(incident));
  return made;
}

const KINDS = {
  peacetime: msg("Peacetime"),
  disaster: msg("Disaster"),
  drill: msg("Drill"),
  demo: msg("Demo"),
  closed: msg("Closed"),
} as const;

export function kindBadge(incident: Incident | null): HTMLElement {
  const kind = kindOf(incident);
  const look = kind === "disaster" ? "badge badge--filled" : "badge badge--dashed";
  return el("span", { class: look }, say(KINDS[kind]));
}
