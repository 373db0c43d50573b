/** Who reported, how it came, and to whom it is assigned. */

import { type Assignees, GROUPS, handedTo, NO_ASSIGNEES } from "../core/assignees.ts";
import { DEVICE, type Filter, NOBODY } from "../core/filter.ts";
import { channelWords } from "../core/filter_chips.ts";
import { t } from "../core/language.ts";
import type { Report } from "../core/report.ts";
import { el } from "../dom/element.ts";
import type { Desk } from "./desk.ts";
import { nameOf } from "./filter_names.ts";
import { choice, labelled, narrow, part } from "./filters.ts";

const SEVERAL = "*";

export function whoPart(desk: Desk, box: HTMLDetailsElement): HTMLElement {
  return part(t("Who"), reporters(desk), channels(desk), assigned(desk, box));
}

function reporters(desk: Desk): HTMLElement {
  const known = desk.page.organisations.map((one) => [one.slug, nameOf(one)] as const);
  const select = oneOf(desk, [["", t("Anybody")], ...known], "organisations");
  select.id = "narrow-organisation";
  return labelled(t("Reported by"), select);
}

function channels(desk: Desk): HTMLElement {
  const codes = [...desk.words.terms("channel").map(({ code }) => code), DEVICE];
  const known = codes.map((code) => [code, channelWords(code, desk.words)] as const);
  const select = oneOf(desk, [["", t("Any way")], ...known], "channels");
  select.id = "narrow-channel";
  return labelled(t("Came by"), select);
}

/** One of a set that a filter has; an address may name more of them. */
function oneOf(
  desk: Desk,
  options: readonly (readonly [string, string])[],
  kind: "organisations" | "channels",
): HTMLSelectElement {
  const select = choice([...options, [SEVERAL, t("Several")]]);
  const several = select.options[select.options.length - 1];
  select.addEventListener("change", () => {
    const chosen = new Set(select.value === "" ? [] : [select.value]);
    if (select.value !== SEVERAL) narrow(desk, { [kind]: chosen } as Partial<Filter>);
  });
  desk.filter.watch(({ [kind]: [first, ...more] = [] as never }) => {
    if (several) several.hidden = more.length === 0;
    select.value = more.length > 0 ? SEVERAL : (first ?? "");
  });
  return select;
}

/** Asked for when the section is opened: it is long, and few narrow by it. */
function assigned(desk: Desk, box: HTMLDetailsElement): HTMLElement {
  const select = el("select", { id: "narrow-assigned" });
  const show = (all: Assignees) => {
    fill(select, all, desk.filter.value.assigned);
    select.value = desk.filter.value.assigned ?? "";
  };
  const read = async () => {
    try {
      show(await known(desk));
    } catch {
      // what is chosen stays in the list
    }
  };
  show(NO_ASSIGNEES);
  box.addEventListener("toggle", () => box.open && void read());
  select.addEventListener("change", () => narrow(desk, { assigned: select.value || null }));
  desk.filter.changed(({ assigned: value }) => {
    offer(select, value);
    select.value = value ?? "";
  });
  return labelled(t("Assigned to"), select);
}

/** Partners are not told headquarters' teams and persons. */
async function known({ api, page, mayEdit }: Desk): Promise<Assignees> {
  if (mayEdit) return api.get<Assignees>(page.urls.assignees);
  const handed = `${page.urls.reports}?status=handed_over`;
  const { features } = await api.get<{ features: readonly Report[] }>(handed);
  return handedTo(features, page.organisations);
}

function fill(select: HTMLSelectElement, all: Assignees, chosen: string | null): void {
  const names = { teams: t("Teams"), organisations: t("Bodies"), persons: t("Persons"), others: t("By name") }; // biome-ignore format: a table
  const groups = GROUPS.filter((group) => all[group].length > 0).map((group) => {
    const options = all[group].map((one) => el("option", { value: one.value }, nameOf(one)));
    return el("optgroup", { label: names[group] }, ...options);
  });
  const anybody = el("option", { value: "" }, t("Anybody"));
  select.replaceChildren(anybody, el("option", { value: NOBODY }, t("Nobody")), ...groups);
  offer(select, chosen);
}

/** An address may name somebody who is not in the list. */
function offer(select: HTMLSelectElement, value: string | null): void {
  const known = [...select.options].some((option) => option.value === value);
  if (value !== null && !known) select.append(el("option", { value }, value));
}
