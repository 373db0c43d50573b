/** Who this phone is, for whom, and which incident its reports are for. */

import { Problem } from "../../core/api.ts";
import { language, msg } from "../../core/language.ts";
import { el } from "../../dom/element.ts";
import { say, withReadings } from "../../dom/say.ts";
import { kindBadge } from "../join/choose_incident.ts";
import { codeForm } from "../join/code_form.ts";
import { incidentName, switchIncident } from "../join/incident.ts";
import type { Phone } from "../screen.ts";
import type { Part } from "../screens/settings.ts";
import type { State } from "../state.ts";
import { card, choices } from "./card.ts";

export const identity: Part = (phone, until) => {
  const { state } = phone;
  const belongs = el("div");
  const drawBelongs = () => belongs.replaceChildren(...organisation(state));
  until(state.device.changed(drawBelongs));
  until(state.incident.watch(drawBelongs));
  return el(
    "div",
    { class: "stack" },
    joiningAnew(phone, until),
    card(msg("This phone"), nameForm(phone, until), belongs),
    incidents(state, until),
  );
};

/** Open again to a phone that was locked out. */
function joiningAnew({ state, enrolment }: Phone, until: Parameters<Part>[1]): HTMLElement {
  const form = codeForm(enrolment, { named: state.device.value?.label ?? "" });
  until(form.leave);
  const part = card(msg("Join anew"), form.root);
  until(
    state.device.watch((device) => {
      part.hidden = !device?.lockedOut;
    }),
  );
  return part;
}

function nameForm({ state, contact }: Phone, until: Parameters<Part>[1]): HTMLElement {
  const input = el("input", {
    id: "label",
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
  until(
    state.device.watch((device) => {
      // what is being typed is not overwritten by what headquarters knew before
      if (document.activeElement !== input) input.value = device?.label ?? "";
    }),
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
  if (error instanceof Problem) return withReadings(error.message);
  return say("Not saved: headquarters must know the name, and there is no network.");
}

function organisation(state: State): HTMLElement[] {
  const found = state.device.value?.organisation;
  if (!found) return [];
  const { headquarters, headquarters_en } = state.incident.value ?? {};
  const rows: [string, string | undefined][] = [
    [msg("Organisation"), inLanguage(found.name, found.name_en)],
    [msg("Headquarters"), inLanguage(headquarters, headquarters_en)],
  ];
  const known = rows.filter(([, name]) => name);
  const said = known.flatMap(([word, name]) => [el("dt", {}, say(word)), el("dd", {}, name)]);
  return [el("dl", { class: "facts" }, ...said)];
}

function inLanguage(name: string | undefined, english: string | undefined): string | undefined {
  return (language() === "en" && english) || name;
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
      ? choices(msg("New reports are for"), "incident", offered, now.slug, (slug) => {
          void switchIncident(state, slug);
        })
      : el("p", {}, say("No incident is open. Reports are kept and assigned later."));
    part.replaceChildren(card(msg("Incident"), content));
  };
  until(state.incidents.changed(draw));
  until(state.incident.watch(draw));
  return part;
}
