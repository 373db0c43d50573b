/** Views of the desk under a name: one's own, or for all colleagues of an organisation. */

import { Problem } from "../core/api.ts";
import { t } from "../core/language.ts";
import { newId } from "../core/new_id.ts";
import { copyText } from "../dom/copy.ts";
import { button, byId, el } from "../dom/element.ts";
import type { Address } from "./address.ts";
import type { Desk } from "./desk.ts";
import { nameOf } from "./filter_names.ts";
import { choice } from "./filters.ts";

interface View {
  readonly id: string;
  readonly name: string;
  /** As in the desk's address after "?". */
  readonly query: string;
  /** Name of the organisation whose view it is; null = only one's own. */
  readonly organisation: string | null;
  readonly by: string;
  /** May be deleted by whoever looks. */
  readonly mine: boolean;
}

export class ViewsMenu {
  private readonly desk: Desk;
  private readonly address: Address;
  private readonly list = el("ul", { class: "views-list" });
  private readonly said = el("p", { class: "quiet", role: "status" });
  private readonly name = el("input", { id: "view-name", maxlength: 80, required: true, autocomplete: "off" }); // biome-ignore format: one field
  private readonly whose: HTMLSelectElement;

  constructor(desk: Desk, address: Address) {
    this.desk = desk;
    this.address = address;
    const own = desk.page.organisations.filter((one) => one.mine);
    const shared = own.map(
      (one) => [one.slug, t("For all of {name}", { name: nameOf(one) })] as const,
    );
    this.whose = choice([["", t("Only for me")], ...shared]); // biome-ignore format: short
    this.whose.setAttribute("aria-label", t("For whom"));
    byId("views-parts").replaceChildren(this.list, this.said, this.form());
    const box = byId("views") as HTMLDetailsElement;
    box.addEventListener("toggle", () => box.open && void this.read());
  }

  private form(): HTMLFormElement {
    const form = el(
      "form",
      { class: "views-form" },
      el("label", {}, el("span", {}, t("Save this view as")), this.name),
      this.whose,
      el("button", { class: "primary" }, t("Save")),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.save();
    });
    return form;
  }

  private async read(): Promise<void> {
    try {
      const { items } = await this.desk.api.get<{ items: View[] }>(this.desk.page.urls.views);
      this.show(items);
    } catch {
      this.said.textContent = t("The saved views cannot be read just now.");
    }
  }

  private show(views: readonly View[]): void {
    this.list.replaceChildren(...views.map((view) => this.line(view)));
    this.said.textContent = views.length === 0 ? t("None is saved yet.") : "";
  }

  private line(view: View): HTMLElement {
    const { name } = view;
    const open = button(name, () => this.open(view), { class: "link view-open" });
    const whose = view.organisation ? `${view.organisation} · ${view.by}` : t("Only for me");
    const copy = button(t("Link"), () => void this.copy(view), {
      class: "link",
      "aria-label": t("Copy the link to {name}", { name }),
      title: t("Copy the link"),
    });
    const remove = button("×", () => void this.remove(view), {
      class: "square link",
      "aria-label": t("Delete {name}", { name }),
      title: t("Delete"),
    });
    const words = el("span", { class: "view-words" }, open, el("span", { class: "quiet" }, whose));
    return el("li", {}, words, copy, view.mine ? remove : null);
  }

  private open(view: View): void {
    this.address.show(new URLSearchParams(view.query));
    this.said.textContent = t("“{name}” is shown.", { name: view.name });
  }

  private async save(): Promise<void> {
    const query = new URLSearchParams(this.address.query);
    // a view is of many; the report that happens to be open is not part of it
    query.delete("report");
    const body = { name: this.name.value.trim(), query: `${query}`, organisation: this.whose.value || null }; // biome-ignore format: one line
    if (body.name === "") return;
    await this.tried(async () => {
      await this.desk.api.put(`${this.desk.page.urls.views}/${newId()}`, body);
      this.name.value = "";
      await this.read();
      this.said.textContent = t("“{name}” is saved.", { name: body.name });
    });
  }

  private async remove(view: View): Promise<void> {
    const sure = t("Delete the view “{name}” for everybody?", { name: view.name });
    if (view.organisation && !confirm(sure)) return;
    await this.tried(async () => {
      await this.desk.api.remove(`${this.desk.page.urls.views}/${view.id}`);
      await this.read();
      this.said.textContent = t("“{name}” is deleted.", { name: view.name });
      byId("views").querySelector("summary")?.focus();
    });
  }

  /** Where a browser does not copy, the link stands there to be taken. */
  private async copy(view: View): Promise<void> {
    const link = `${location.origin}${location.pathname}?${view.query}`;
    if (await copyText(link)) {
      this.said.textContent = t("The link is copied.");
      return;
    }
    const field = el("input", { readonly: true, value: link, "aria-label": t("Link") });
    this.said.replaceChildren(field);
    field.select();
  }

  private async tried(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      // the server says why it refuses, in the page's language
      const refused = error instanceof Problem && error.status < 500;
      this.said.textContent = refused ? error.message : t("That did not work. Try again.");
    }
  }
}
