/** Whether silence is shown, and by squares or by municipalities: kept in the address and by the page. */

import type { By } from "../core/coverage.ts";
import { byId } from "../dom/element.ts";
import type { Desk } from "./desk.ts";

/** In the address: on, by squares or by municipalities. */
const PARAMETER = "coverage";
const VALUES: Readonly<Record<By, string>> = { mesh: "1", municipality: "municipality" };

export class CoverageChoice {
  private readonly desk: Desk;
  private readonly box = byId("coverage") as HTMLInputElement;
  private readonly ways = byId("coverage-by");

  constructor(desk: Desk, changed: () => void) {
    this.desk = desk;
    const asked = new URLSearchParams(location.search).get(PARAMETER);
    this.box.checked = asked !== null || (desk.memory.get<boolean>("coverage") ?? false);
    this.choose(asked ?? desk.memory.get<string>("coverage-by") ?? "");
    const keep = () => {
      this.keep();
      changed();
    };
    this.box.addEventListener("change", keep);
    this.ways.addEventListener("change", keep);
    this.show();
  }

  /** null = not at all. */
  get by(): By | null {
    if (!this.box.checked) return null;
    const chosen = this.ways.querySelector<HTMLInputElement>("input:checked");
    return chosen?.value === "municipality" ? "municipality" : "mesh";
  }

  private choose(asked: string): void {
    const by = asked === "municipality" && this.desk.page.outlines ? "municipality" : "mesh";
    const radio = this.ways.querySelector<HTMLInputElement>(`[value="${by}"]`);
    if (radio) radio.checked = true;
  }

  private keep(): void {
    const { by } = this;
    this.desk.memory.set("coverage", by !== null);
    if (by) this.desk.memory.set("coverage-by", by);
    this.show();
  }

  private show(): void {
    const { by } = this;
    this.ways.hidden = by === null || !this.desk.page.outlines;
    const query = new URLSearchParams(location.search);
    if (by) query.set(PARAMETER, VALUES[by]);
    else query.delete(PARAMETER);
    const text = query.size > 0 ? `?${query}` : "";
    history.replaceState(history.state, "", `${location.pathname}${text}${location.hash}`);
  }
}
