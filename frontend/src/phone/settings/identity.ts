/** Who this phone is, for whom, and which incident its reports are for. */

import { Problem } from "../../core/api.ts";
import { language } from "../../core/language.ts";
import { el } from "../../dom/element.ts";
import { say } from "../../dom/say.ts";
import { kindBadge } from "../choose_incident.ts";
import { codeForm } from "../code_form.ts";
import { incidentName, switchIncident } from "../incident.ts";
import type { Phone } from "../screen.ts";
import type { Part } from "../screens/settings.ts";
import type { State } from "../state.ts";
import { card, choices } from "./card.ts";

export const identity: Part = (phone, until) => {
  const { state, enrolment } = phone;
  const part = el("div", { class: "stack" });
  const draw = () => {
    const device = state.device.value;
    const form = device?.lockedOut ? codeForm(enrolment) : null;
    if (form) until(form.leave);
    part.replaceChildren(
      ...(form ? [card("Join anew", form.root)] : []),
      card("This phone", nameForm(phone), organisation(state)),
    );
  };
  until(state.device.watch(draw));
  return el("div", { class: "stack" }, part, incidents(state, until));
};

function nameForm({ state, contact }: Phone): HTMLElement {
  const label = state.device.value?.label ?? "";
  const input = el("input", {
    id: "label",
    value: label,
    required: true,
    maxlength: 120,
    autocomplete: "name",
    "aria-describedby": "label-said",
  });
  const said = el("p", { class: "soft", id: "label-said", role: "status" });
  const save = el("button", { class: "button" }, say("Save"));
  const form = el(
    "form",
    { class: "field" },
    el("label", { for: "label" }, say("Your name or unit")),
    input,
    save,
    said,
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    save.disabled = true;
    const done = (words: Node) => {
      save.disabled = false;
      said.replaceChildren(words);
    };
    contact.rename(input.value.trim()).then(
      () => done(say("Saved. Headquarters sees the new name.")),
      (error) => done(whyNotSaved(error)),
    );
  });
  return form;
}

function whyNotSaved(error: unknown): Node {
  if (error instanceof Problem) return document.createTextNode(error.message);
  return say("Not saved: headquarters must know the name, and there is no network.");
}

function organisation(state: State): HTMLElement | null {
  const found = state.device.value?.organisation;
  if (!found) return null;
  const name = (language() === "en" && found.name_en) || found.name;
  return el(
    "dl",
    { class: "facts" },
    el("dt", {}, say("Organisation")),
    el("dd", {}, name),
    el("dt", {}, say("Headquarters")),
    el("dd", {}, state.incident.value?.headquarters || "–"),
  );
}

function incidents(state: State, until: Parameters<Part>[1]): HTMLElement {
  const part = el("div");
  const draw = () => {
    const now = state.incident.value;
    const offered = state.incidents.value.map((incident) => ({
      value: incident.slug,
      words: el("span", { class: "row" }, incidentName(incident), kindBadge(incident)),
    }));
    const content = now
      ? choices("New reports are for", "incident", offered, now.slug, (slug) => {
          void switchIncident(state, slug);
        })
      : el("p", {}, say("No incident is open. Reports are kept and assigned later."));
    part.replaceChildren(card("Incident", content));
  };
  until(state.incidents.changed(draw));
  draw();
  return part;
}
