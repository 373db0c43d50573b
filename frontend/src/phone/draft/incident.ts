/** Which incident it belongs to: asked only where there are several; none is said plainly. */

import { el } from "../../dom/element.ts";
import { icon } from "../../dom/icon.ts";
import { plain, say } from "../../dom/say.ts";
import type { ReportEntry } from "../../outbox/entry.ts";
import { incidentName } from "../join/incident.ts";
import { assignIncident } from "../reports.ts";
import type { State } from "../state.ts";
import type { Part } from "./part.ts";

export class IncidentPart implements Part {
  readonly element = el("div", { class: "field" });
  private readonly state: State;
  private drawn = "";

  constructor(state: State) {
    this.state = state;
  }

  update(entry: ReportEntry): void {
    const { incidents, incident } = this.state;
    const chosen = entry.incident ?? incident.value?.slug ?? null;
    const key = JSON.stringify([chosen, incidents.value.map(({ slug }) => slug)]);
    if (key === this.drawn) return;
    this.drawn = key;
    const known = incidents.value;
    this.element.hidden = known.length === 1 && known[0]?.slug === chosen;
    if (known.length === 0) this.element.replaceChildren(unassigned());
    else this.element.replaceChildren(...this.chooser(entry.id, chosen));
  }

  private chooser(id: string, chosen: string | null): Node[] {
    const select = el("select", { id: "incident" });
    const known = this.state.incidents.value;
    if (!known.some(({ slug }) => slug === chosen)) {
      select.append(el("option", { value: "" }, plain("Not assigned")));
    }
    for (const one of known) {
      const kind = this.state.words.label("incident_state", one.state);
      const name = one.state === "active" ? incidentName(one) : `${incidentName(one)} (${kind})`;
      select.append(el("option", { value: one.slug, selected: one.slug === chosen }, name));
    }
    select.addEventListener("change", () => {
      if (select.value) void assignIncident(this.state, id, select.value);
    });
    return [el("label", { for: "incident" }, say("Incident")), select];
  }
}

function unassigned(): Node {
  const words = say(
    "Not assigned to an incident: this phone knows of none. The report is kept and goes out as soon as there is one.",
  );
  return el("p", { class: "banner" }, icon("ui_outbox"), el("span", {}, words));
}
