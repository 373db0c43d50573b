/**
 * Copies of what is around the phone, for the incident that is chosen: made at the first visit,
 * kept current while a screen shows them, and whenever the network or the person comes back.
 */

import type { Item } from "../../core/frames.ts";
import type { Box as Extent } from "../../core/geometry.ts";
import { Observable } from "../../core/observable.ts";
import { isReport, type Report } from "../../core/report.ts";
import type { Why } from "../../outbox/entry.ts";
import { keepOverview } from "../place/area.ts";
import { NoAnswer, service } from "../service.ts";
import type { Incident, State } from "../state.ts";
import { Layers } from "./layers.ts";
import { ReportsCopy } from "./reports_copy.ts";

export interface Surroundings {
  readonly incident: Incident;
  readonly reports: ReportsCopy;
  readonly layers: Layers;
}

const POLL_MS = 20_000;
const LAYERS_SOON_MS = 1_000;
const LAYERS_EVERY_MS = 5 * 60_000;
/** The app itself comes first. */
const FIRST_COPY_MS = 4_000;
/** About 35 km, where nobody has said how large the incident is. */
const HALF_SIDE_DEG = 0.35;

export class Around {
  /** null while no incident is known. */
  readonly now = new Observable<Surroundings | null>(null);
  /** Why the copies could not be brought up to date; null when they could. */
  readonly trouble = new Observable<Why | null>(null);
  readonly busy = new Observable(false);
  private readonly state: State;
  private holders = 0;
  private poll: ReturnType<typeof setInterval> | undefined;
  private soon: ReturnType<typeof setTimeout> | undefined;
  private layersAt = 0;

  constructor(state: State) {
    this.state = state;
    state.incident.watch((incident) => this.choose(incident));
    state.device.watch((device) => {
      if (device?.lockedOut) void this.forget();
    });
    addEventListener("online", () => this.wake());
    document.addEventListener("visibilitychange", () => this.wake());
  }

  /** Keeps the copies current until the answer is called. */
  hold(): () => void {
    this.holders += 1;
    this.poll ??= setInterval(() => this.wake(), POLL_MS);
    void this.refresh();
    let held = true;
    return () => {
      if (held) this.holders -= 1;
      held = false;
      if (this.holders > 0) return;
      clearInterval(this.poll);
      this.poll = undefined;
    };
  }

  /** Never rejects: what went wrong is in `trouble`. */
  async refresh({ layers = false } = {}): Promise<void> {
    const surroundings = this.now.value;
    const device = this.state.device.value;
    if (!surroundings || !device?.token || device.lockedOut) return;
    this.busy.set(true);
    try {
      await surroundings.reports.refresh();
      await this.refreshLayers(surroundings, layers);
      this.trouble.set(null);
    } catch (error) {
      this.trouble.set(error instanceof NoAnswer ? error.why : refusal(error));
    } finally {
      this.busy.set(false);
    }
  }

  /** A phone that was locked out keeps its own reports, and nothing of others. */
  private async forget(): Promise<void> {
    const now = this.now.value;
    const others = this.state.incidents.value.filter(({ slug }) => slug !== now?.incident.slug);
    const all = [...(now ? [now] : []), ...others.map((one) => this.surroundingsOf(one))];
    for (const { reports, layers } of all) {
      await reports.forget();
      await layers.forget();
    }
    this.layersAt = 0;
  }

  private async refreshLayers({ layers }: Surroundings, at_once: boolean): Promise<void> {
    const now = Date.now();
    if (!at_once && now - this.layersAt < LAYERS_EVERY_MS) return;
    await layers.refresh();
    this.layersAt = now;
  }

  private wake(): void {
    if (this.holders > 0 && !document.hidden) void this.refresh();
  }

  private choose(incident: Incident | null): void {
    const before = this.now.value?.incident;
    if (before && incident && isSamePlace(before, incident)) return;
    this.layersAt = 0;
    this.now.set(incident && this.surroundingsOf(incident));
    if (this.holders > 0) void this.refresh();
  }

  private surroundingsOf(incident: Incident): Surroundings {
    const { get } = service(this.state);
    const host = { box: this.state.box, get, now: () => Date.now() };
    const reports = new ReportsCopy(host, incident.slug);
    reports.heard((items) => this.heard(items));
    return { incident, reports, layers: new Layers(host, incident.slug, extentOf(incident)) };
  }

  private heard(items: readonly Item[]): void {
    if (!items.some(({ kind }) => kind === "layer" || kind === "feature")) return;
    clearTimeout(this.soon);
    this.soon = setTimeout(() => void this.refresh({ layers: true }), LAYERS_SOON_MS);
  }
}

const started = new WeakMap<State, Around>();

/** The one of this page. */
export function around(state: State): Around {
  const found = started.get(state) ?? new Around(state);
  started.set(state, found);
  return found;
}

/** At the app's start: after a visit with a network everything is there without one. */
export function startAround(state: State): void {
  const here = around(state);
  let copied = "";
  const copy = () => {
    const incident = here.now.value?.incident;
    const device = state.device.value;
    if (device?.lockedOut) copied = "";
    if (!incident || !device?.token || device.lockedOut || copied === incident.slug) return;
    copied = incident.slug;
    setTimeout(() => void firstCopy(here, incident), FIRST_COPY_MS);
  };
  here.now.watch(copy);
  state.device.changed(copy);
}

async function firstCopy(here: Around, incident: Incident): Promise<void> {
  await here.refresh();
  const extent = extentOf(incident);
  if (extent && !here.trouble.value) await keepOverview(incident.slug, extent).catch(() => {});
}

/** A report of anybody: out of the copies, else asked for. null: neither knows it. */
export async function findReport(state: State, id: string): Promise<Report | null> {
  const reports = around(state).now.value?.reports;
  await reports?.ready;
  const copy = reports?.get(id);
  if (copy) return copy;
  try {
    const found = await service(state).get<unknown>(`reports/${encodeURIComponent(id)}`);
    return isReport(found) ? found : null;
  } catch {
    return null;
  }
}

/** [west, south, east, north] in degrees, as far as anything is known. */
export function extentOf({ extent, centre }: Incident): Extent | null {
  if (extent) return extent;
  if (!centre) return null;
  const [lon, lat] = centre;
  return [lon - HALF_SIDE_DEG, lat - HALF_SIDE_DEG, lon + HALF_SIDE_DEG, lat + HALF_SIDE_DEG];
}

function isSamePlace(a: Incident, b: Incident): boolean {
  return a.slug === b.slug && JSON.stringify(extentOf(a)) === JSON.stringify(extentOf(b));
}

function refusal(error: unknown): Why {
  const { code = "server", message = "" } = (error ?? {}) as { code?: string; message?: string };
  return { code, detail: message };
}
