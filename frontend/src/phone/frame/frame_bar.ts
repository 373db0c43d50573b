/** The bar: which incident reports belong to, and what became of them; both to be tapped. */

import { msg } from "../../core/language.ts";
import { el } from "../../dom/element.ts";
import { icon } from "../../dom/icon.ts";
import { plain, say } from "../../dom/say.ts";
import { chooseIncident } from "../join/choose_incident.ts";
import { incidentName, switchIncident } from "../join/incident.ts";
import type { State } from "../state.ts";

export class FrameBar {
  readonly root = el("div", { class: "phone-bar" });
  private readonly state: State;
  private readonly incident = el("div", { class: "phone-bar__place" });
  private readonly outbox = el("a", {
    class: "phone-bar__outbox",
    href: "/m/outbox",
    "data-go": "outbox",
  });
  private readonly settings = el(
    "a",
    { class: "phone-bar__settings", href: "/m/settings", "data-go": "settings" },
    icon("ui_settings"),
  );

  constructor(state: State) {
    this.state = state;
    this.root.append(this.incident, this.outbox, this.settings);
    state.entries.changed(() => this.drawOutbox());
    state.incident.changed(() => this.drawIncident());
    state.incidents.changed(() => this.drawIncident());
    this.draw();
  }

  draw(): void {
    this.settings.setAttribute("aria-label", plain("Settings"));
    this.drawIncident();
    this.drawOutbox();
  }

  private drawIncident(): void {
    const { incident, incidents } = this.state;
    const now = incident.value;
    const name = now ? document.createTextNode(incidentName(now)) : say("No incident is open");
    if (incidents.value.length < 2) {
      this.incident.replaceChildren(el("strong", { class: "phone-bar__incident" }, name));
      return;
    }
    const switcher = el(
      "button",
      { class: "phone-bar__incident", type: "button", "aria-haspopup": "dialog" },
      el("span", {}, name),
      icon("ui_switch"),
      el("span", { class: "unseen" }, say("Choose another incident")),
    );
    switcher.addEventListener("click", () => void this.switch());
    this.incident.replaceChildren(switcher);
  }

  private async switch(): Promise<void> {
    const chosen = await chooseIncident(this.state, say("Which incident are new reports for?"));
    if (chosen) await switchIncident(this.state, chosen.slug);
  }

  private drawOutbox(): void {
    const { draft, waiting, sent } = this.state.counts();
    const shown = JSON.stringify([draft, waiting, sent, this.state.language.value]);
    if (this.outbox.dataset.shown === shown) return;
    this.outbox.dataset.shown = shown;
    this.outbox.replaceChildren(
      count("ui_draft", msg("Drafts"), draft, draft > 0 ? "" : "is-none"),
      count("ui_outbox", msg("To send"), waiting, waiting > 0 ? "is-waiting" : "is-none"),
      count("ui_check", msg("Sent"), sent, sent > 0 ? "" : "is-none"),
    );
  }
}

function count(name: string, word: string, n: number, as: string): HTMLElement {
  const read = el("span", { class: "unseen" }, `${plain(word)} `);
  return el("span", { class: as || null }, icon(name), read, String(n));
}
