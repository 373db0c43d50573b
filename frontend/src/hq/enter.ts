/**
 * A report by phone, radio, fax or at the counter. Beside the map, not over it: the map is part of
 * the question. What was typed stays when it is closed, until it is stored or thrown away.
 */

import type { Position } from "geojson";
import { Problem } from "../core/api.ts";
import { enteredBody } from "../core/entered.ts";
import { t } from "../core/language.ts";
import { newId } from "../core/new_id.ts";
import { asItem, type Report } from "../core/report.ts";
import { button, el } from "../dom/element.ts";
import type { LeafletMap } from "../map/leaflet.ts";
import type { Desk } from "./desk.ts";
import { EnterFields } from "./enter_fields.ts";
import { PlaceChooser } from "./place_chooser.ts";
import { toast } from "./undo.ts";

export class EnterDialog {
  private readonly desk: Desk;
  private readonly dialog = el("dialog", { id: "enter", class: "enter" });
  private readonly fields: EnterFields;
  private readonly where: PlaceChooser;
  private readonly wrong = el("p", { class: "error", role: "alert" });
  private readonly away = button(t("Close"), () => this.close(), {
    title: "Esc",
    id: "enter-close",
  });
  private readonly throwAway = button(t("Throw away"), () => this.clear(), {
    class: "link",
    id: "enter-clear",
  });
  private readonly go = el("button", { type: "submit", class: "primary", id: "enter-go" });
  private id = newId();
  private from: HTMLElement | null = null;

  constructor(desk: Desk, map: LeafletMap) {
    this.desk = desk;
    this.fields = new EnterFields(desk);
    this.where = new PlaceChooser("told", desk, map);
    this.build();
    document.querySelector(".stage")?.append(this.dialog);
  }

  /** `at`: about here, from the map. */
  open(at: Position | null = null): void {
    const active = document.activeElement;
    if (!this.dialog.open) this.from = active instanceof HTMLElement ? active : null;
    this.dialog.show();
    if (at && !this.isBusy) this.where.around(at);
    else this.where.showShape();
    if (this.isBusy) this.go.focus();
    else this.fields.focus();
  }

  private build(): void {
    this.go.append(t("Store the report"), " ", el("kbd", {}, "Ctrl+Enter"));
    const form = el(
      "form",
      {},
      el("h2", { id: "enter-title" }, t("A report by phone, radio, fax or at the counter")),
      ...this.fields.first,
      this.where.box,
      ...this.fields.rest,
      this.wrong,
      el("p", { class: "buttons" }, this.go, this.away, this.throwAway),
    );
    this.dialog.setAttribute("aria-labelledby", "enter-title");
    this.dialog.append(form);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.send();
    });
    this.dialog.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
      else if (event.key === "Escape") this.close();
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
  }

  private close(): void {
    this.dialog.close();
    this.where.hideShape();
    this.from?.focus();
  }

  private clear(): void {
    this.id = newId();
    this.fields.clear();
    this.where.clear();
    this.wrong.textContent = "";
    this.fields.focus();
  }

  private async send(): Promise<void> {
    // pressed again while it is under way: it has one id and is stored once
    if (this.isBusy) return;
    const { id } = this;
    const from = document.activeElement as HTMLElement | null;
    this.busy(true);
    this.wrong.textContent = "";
    try {
      const url = this.desk.page.urls.entered.replace("{id}", id);
      const body = enteredBody(this.fields.value, this.where.value);
      this.stored(id, await this.desk.api.put<Report>(url, body));
    } catch (error) {
      this.refused(error);
    } finally {
      this.busy(false);
      if (document.activeElement === this.go) from?.focus();
    }
  }

  private get isBusy(): boolean {
    return this.go.getAttribute("aria-busy") === "true";
  }

  /** What is typed while it is under way would be neither sent nor kept. */
  private busy(is: boolean): void {
    this.go.setAttribute("aria-busy", String(is));
    if (is) this.where.stop();
    // what becomes inert loses the focus, and the dialog its keys
    if (is) this.go.focus();
    const { first, rest } = this.fields;
    for (const one of [...first, this.where.box, ...rest, this.throwAway]) one.inert = is;
  }

  private stored(id: string, report: Report): void {
    this.desk.store.apply([asItem(report)]);
    const isSame = id === this.id;
    // who has closed it is at something else by now
    const isLookedAt = isSame && this.dialog.open;
    if (isSame) this.clear();
    if (isLookedAt) this.showStored(report);
    toast(t("Stored: {receipt}", { receipt: report.properties.receipt }));
  }

  private showStored({ id }: Report): void {
    this.close();
    this.desk.open(id);
    document.getElementById("detail")?.focus();
  }

  private refused(error: unknown): void {
    if (!(error instanceof Problem)) {
      this.wrong.textContent = t("Not stored: no connection. Your words are still here.");
    } else if (error.code === "report_differs") {
      // the first try had arrived after all, and was changed here since
      this.desk.open(this.id);
      this.id = newId();
      this.wrong.textContent = t(
        "It had arrived the first time, as it was then: it is open beside. Correct it there.",
      );
    } else this.wrong.textContent = error.message;
    if (!this.dialog.open) toast(this.wrong.textContent ?? "");
    this.wrong.scrollIntoView({ block: "nearest" });
  }
}
