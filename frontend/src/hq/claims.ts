/** Who has which report open: told to colleagues while one looks, and shown of theirs. */

import type { Gone, Item } from "../core/frames.ts";
import { t } from "../core/language.ts";
import { newId } from "../core/new_id.ts";
import { Observable } from "../core/observable.ts";
import type { Report } from "../core/report.ts";
import { Store } from "../core/store.ts";
import { el } from "../dom/element.ts";
import { icon } from "../dom/icon.ts";
import type { Desk } from "./desk.ts";

interface Claim {
  readonly id: string;
  readonly report: string;
  readonly name: string;
}

/** Whoever walks through the list with J does not claim each report on the way (ms). */
const SETTLE_MS = 1_000;
/** A third of the time after which the server lets a claim end (ms). */
const RENEW_MS = 30_000;

type News = readonly (Item | Gone)[];

export class Claims {
  /** Report -> names of the colleagues who have it open. */
  readonly others = new Observable<ReadonlyMap<string, readonly string[]>>(new Map());
  private readonly desk: Desk;
  private readonly store = new Store<Claim>("claim", isClaim);
  /** Of this page: two pages of one person look at two reports. */
  private readonly own = newId();
  private settles: ReturnType<typeof setTimeout> | undefined;
  private renews: ReturnType<typeof setInterval> | undefined;
  private isTold = false;
  /** What came while the list was on its way, which may be older. */
  private meanwhile: News[] | null = null;
  private line: HTMLElement | null = null;

  constructor(desk: Desk) {
    this.desk = desk;
    if (!desk.mayEdit) return;
    this.store.changed(() => this.show());
    this.others.changed(() => this.fillLine());
    desk.selected.watch((id) => this.look(id));
    window.addEventListener("pagehide", () => this.end());
    window.addEventListener("pageshow", () => this.look(desk.selected.value));
  }

  of(report: string): readonly string[] {
    return this.others.value.get(report) ?? [];
  }

  /** Those of the reports at hand. */
  get shown(): { readonly report: Report; readonly names: readonly string[] }[] {
    return [...this.others.value].flatMap(([id, names]) => {
      const report = this.desk.store.get(id);
      return report ? [{ report, names }] : [];
    });
  }

  /** The line of the detail; it changes by itself. */
  section(report: Report): HTMLElement {
    this.line = el("p", { class: "claimed", role: "status", "data-report": report.id });
    this.fillLine();
    return this.line;
  }

  changed(news: News): void {
    this.meanwhile?.push(news);
    const items = news.filter((change): change is Item => "feature" in change);
    const gone = news.filter((change) => !("feature" in change));
    this.store.apply(items, gone);
  }

  /** The feed begins (again). */
  async load(): Promise<void> {
    if (!this.desk.mayEdit) return;
    const late: News[] = [];
    this.meanwhile = late;
    try {
      const { head, items } = await this.desk.api.get<{ head: number; items: Claim[] }>(
        this.desk.page.urls.claims,
      );
      // it has begun again: that list is newer
      if (this.meanwhile !== late) return;
      this.meanwhile = null;
      const known = items.map((claim) => ({
        kind: "claim",
        id: claim.id,
        seq: head,
        feature: claim,
      }));
      this.store.replace(known);
      for (const news of late) this.changed(news);
    } catch {
      // who looks at what is a help, not a need: the next change of each brings it
      if (this.meanwhile === late) this.meanwhile = null;
    }
  }

  private look(id: string | null): void {
    clearTimeout(this.settles);
    clearInterval(this.renews);
    if (id === null) this.end();
    else {
      this.settles = setTimeout(() => this.tell(id), SETTLE_MS);
      this.renews = setInterval(() => this.tell(id), RENEW_MS);
    }
  }

  private tell(report: string): void {
    this.isTold = true;
    void this.desk.api.put(this.address, { report }).catch(() => {});
  }

  // The page may be closing: what is sent must outlive it.
  private end(): void {
    clearTimeout(this.settles);
    clearInterval(this.renews);
    if (!this.isTold) return;
    this.isTold = false;
    const headers = { "X-CSRFToken": this.desk.page.csrf };
    const init = {
      method: "DELETE",
      headers,
      keepalive: true,
      credentials: "same-origin",
    } as const;
    void fetch(this.address, init).catch(() => {});
  }

  private get address(): string {
    return `${this.desk.page.urls.claims}/${this.own}`;
  }

  private show(): void {
    const others = new Map<string, string[]>();
    for (const { id, report, name } of this.store.all()) {
      if (id === this.own) continue;
      const names = others.get(report) ?? [];
      if (!names.includes(name)) others.set(report, [...names, name]);
    }
    this.others.set(others);
  }

  private fillLine(): void {
    const names = this.of(this.line?.dataset.report ?? "");
    const words = names.length > 0 ? [icon("ui_eye"), claimWords(names)] : [];
    this.line?.replaceChildren(...words);
  }
}

export function claimWords(names: readonly string[]): string {
  return t("{names} has this open", { names: names.join(", ") });
}

function isClaim(value: unknown): value is Claim {
  const { report, name } = (value ?? {}) as Partial<Claim>;
  return typeof report === "string" && typeof name === "string";
}
