/** Those to whom a report can be handed, in groups; arrows and Enter work from the search box. */

import { type Choice, GROUPS, type Group } from "../core/assignees.ts";
import { language, ngettext, t } from "../core/language.ts";
import { el } from "../dom/element.ts";

export class AssigneeList {
  readonly box = el("div", {
    id: "assign-list",
    class: "assign-list skeleton",
    role: "listbox",
    "aria-label": t("Team, body or person"),
  });
  private readonly search: HTMLInputElement;
  private readonly choose: (choice: Choice) => void;
  private choices: readonly Choice[] = [];
  private at = 0;

  constructor(search: HTMLInputElement, choose: (choice: Choice) => void) {
    this.search = search;
    this.choose = choose;
    search.addEventListener("keydown", (event) => this.pressed(event));
  }

  show(choices: readonly Choice[], chosen: string): void {
    this.choices = choices;
    this.at = 0;
    const none = el("p", { class: "quiet" }, t("Nobody is called so."));
    const rows = choices.map((choice, at) => this.row(choice, at, chosen));
    const groups = GROUPS.map((group) =>
      grouped(
        group,
        rows.filter((_, at) => choices[at]?.group === group),
      ),
    );
    this.box.replaceChildren(...(rows.length > 0 ? groups.filter((box) => box !== null) : [none]));
    this.mark();
  }

  private row(choice: Choice, at: number, chosen: string): HTMLElement {
    const name = (language() === "en" && choice.name_en) || choice.name;
    const made = el(
      "div",
      { id: `assignee-${at}`, role: "option", "aria-selected": String(choice.value === chosen) },
      el("span", { class: "assignee-name" }, name, choice.me ? ` ${t("(me)")}` : null),
      el("span", { class: "quiet" }, choice.organisation),
      el("span", { class: choice.overdue > 0 ? "assignee-late" : "quiet" }, loadWords(choice)),
    );
    made.addEventListener("click", () => this.choose(choice));
    return made;
  }

  private pressed(event: KeyboardEvent): void {
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
    const step = steps[event.key];
    if (step !== undefined) {
      this.at = Math.max(0, Math.min(this.choices.length - 1, this.at + step));
      this.mark();
    } else if (event.key === "Enter" && !event.isComposing) {
      const choice = this.choices[this.at];
      if (choice) this.choose(choice);
    } else return;
    event.preventDefault();
  }

  private mark(): void {
    for (const other of this.box.querySelectorAll(".is-at")) other.classList.remove("is-at");
    const row = this.box.querySelector(`#assignee-${this.at}`);
    row?.classList.add("is-at");
    row?.scrollIntoView({ block: "nearest" });
    if (row) this.search.setAttribute("aria-activedescendant", row.id);
    else this.search.removeAttribute("aria-activedescendant");
  }
}

function grouped(group: Group, rows: readonly HTMLElement[]): HTMLElement | null {
  if (rows.length === 0) return null;
  const names: Record<Group, string> = {
    teams: t("Teams"),
    organisations: t("Bodies"),
    persons: t("Persons"),
    others: t("By name"),
  };
  const head = el("div", { class: "assign-group", "aria-hidden": "true" }, names[group]);
  return el("div", { role: "group", "aria-label": names[group] }, head, ...rows);
}

/** "3 open, 1 overdue" of somebody who has work already. */
function loadWords({ open, overdue }: Choice): string {
  if (open === 0) return "";
  const count = ngettext("{n} open", "{n} open", open);
  return overdue > 0 ? t("{open}, {overdue} overdue", { open: count, overdue }) : count;
}
