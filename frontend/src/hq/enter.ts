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
    if (at) this.where.around(at);
    else this.where.showShape();
    this.fields.focus();
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
      el(
        "p",
        { class: "buttons" },
        this.go,
        button(t("Close"), () => this.close(), { title: "Esc", id: "enter-close" }),
        button(t("Throw away"), () => this.clear(), { class: "link", id: "enter-clear" }),
      ),
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
    if (this.go.getAttribute("aria-busy") === "true") return;
    this.go.setAttribute("aria-busy", "true");
    this.wrong.textContent = "";
    try {
      const url = this.desk.page.urls.entered.replace("{id}", this.id);
      const body = enteredBody(this.fields.value, this.where.value);
      this.stored(await this.desk.api.put<Report>(url, body));
    } catch (error) {
      this.refused(error);
    } finally {
      this.go.removeAttribute("aria-busy");
    }
  }

  private stored(report: Report): void {
    this.desk.store.apply([asItem(report)]);
    this.clear();
    this.close();
    this.desk.open(report.id);
    document.getElementById("detail")?.focus();
    toast(t("Stored: {receipt}", { receipt: report.properties.receipt }));
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
    this.wrong.scrollIntoView({ block: "nearest" });
  }
}
