/**
 * What the phone and headquarters know of each other: which incidents are open, how the phone is
 * called, how much waits in it. Asked at the start, when the page is looked at, when the network is
 * back, and every few minutes; sooner while the service is out of reach.
 */

import { Problem } from "../../core/api.ts";
import { Observable } from "../../core/observable.ts";
import type { Why } from "../../outbox/entry.ts";
import { DEVICE, LINK, type Link } from "../../outbox/sender.ts";
import { isObject } from "../../outbox/wire.ts";
import type { Updates } from "../frame/update.ts";
import { NoAnswer, service } from "../service.ts";
import { type Device, INCIDENTS, type Incident, type State } from "../state.ts";
import { assignWhereClear } from "./incident.ts";

/** Answer of GET and PATCH /devices/me. */
interface Told {
  readonly device: string;
  readonly label: string;
  readonly audience: string;
  readonly organisation: NonNullable<Device["organisation"]>;
  readonly incidents: readonly Incident[];
  readonly build: string;
}

const EVERY_MS = 5 * 60_000;
const AGAIN_MS = 30_000;
/** A count that goes up and down again within it is not worth a request. */
const SETTLE_MS = 5_000;
const TELL_EVERY_MS = 60_000;
/** Kept: incidents that were opened since, and that nobody has said "seen" to. */
const OPENED = "incidents_opened";

export class Contact {
  /** Slugs of incidents that are new to this phone. */
  readonly opened = new Observable<readonly string[]>([]);
  private readonly state: State;
  private readonly updates: Updates;
  private asking: Promise<void> | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private tellTimer: ReturnType<typeof setTimeout> | undefined;
  private told: number | null = null;
  private toldAt = 0;

  constructor(state: State, updates: Updates) {
    this.state = state;
    this.updates = updates;
  }

  async start(): Promise<void> {
    const { state } = this;
    this.opened.set((await state.box.kept<readonly string[]>(OPENED)) ?? []);
    addEventListener("online", () => void this.refresh());
    addEventListener("offline", () => void this.tellLink({ code: "offline" }));
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) void this.afresh();
    });
    state.entries.changed(() => this.tellSoon());
    state.device.changed(() => void this.refresh());
    // the sender was refused: whether the phone is locked out, the service says once more
    state.link.watch(({ why }) => {
      if (why?.status === 401) void this.refresh();
    });
    if (!navigator.onLine) await this.tellLink({ code: "offline" });
    void this.refresh();
  }

  /** Asks once; several who want it at the same time share the answer. */
  refresh(): Promise<void> {
    this.asking ??= this.ask().finally(() => {
      this.asking = null;
      this.again();
    });
    return this.asking;
  }

  /** The answer that is on its way may be older than the look at the phone. */
  private async afresh(): Promise<void> {
    await this.asking;
    await this.refresh();
  }

  /** Throws Problem or NoAnswer. */
  async rename(label: string): Promise<void> {
    await this.apply(await service(this.state).patch("devices/me", { label }));
  }

  async seen(slug: string): Promise<void> {
    this.opened.set(this.opened.value.filter((one) => one !== slug));
    await this.state.box.keep(OPENED, this.opened.value);
  }

  private again(): void {
    clearTimeout(this.timer);
    const wait = this.state.link.value.why ? AGAIN_MS : EVERY_MS;
    this.timer = setTimeout(() => void this.refresh(), wait);
  }

  private async ask(): Promise<void> {
    if (!this.state.device.value) return;
    try {
      await this.apply(await this.tellOrAsk());
      await this.tellLink(null);
    } catch (error) {
      await this.failed(error);
    }
  }

  /** Both have the same answer. */
  private async tellOrAsk(): Promise<unknown> {
    const waiting = this.state.entries.value.filter((entry) => entry.folder === "waiting");
    const unsent = waiting.length;
    if (unsent === this.told || Date.now() - this.toldAt < TELL_EVERY_MS) {
      return service(this.state).get("devices/me");
    }
    const oldest = Math.min(...waiting.map((entry) => entry.createdAt));
    const oldest_unsent_at = unsent > 0 ? new Date(oldest).toISOString() : null;
    this.toldAt = Date.now();
    const answer = await service(this.state).patch("devices/me", { unsent, oldest_unsent_at });
    this.told = unsent;
    return answer;
  }

  private tellSoon(): void {
    const unsent = this.state.counts().waiting;
    if (unsent === this.told) return;
    clearTimeout(this.tellTimer);
    const wait = Math.max(SETTLE_MS, this.toldAt + TELL_EVERY_MS - Date.now());
    this.tellTimer = setTimeout(() => {
      if (this.state.counts().waiting !== this.told) void this.refresh();
    }, wait);
  }

  private async apply(answer: unknown): Promise<void> {
    if (!isTold(answer)) throw new NoAnswer({ code: "portal" });
    await this.keepDevice(answer);
    await this.keepIncidents(answer.incidents);
    await assignWhereClear(this.state);
    await this.updates.seen(answer.build);
  }

  private async keepDevice({ device, label, audience, organisation }: Told): Promise<void> {
    const { box } = this.state;
    const kept = await box.kept<Device>(DEVICE);
    // meanwhile the phone may have joined anew
    if (kept?.device !== device) return;
    const next = { ...kept, label, audience, organisation };
    if (JSON.stringify(next) !== JSON.stringify(kept)) await box.keep(DEVICE, next);
    await this.state.read();
  }

  private async keepIncidents(incidents: readonly Incident[]): Promise<void> {
    const { box } = this.state;
    const before = await box.kept<readonly Incident[]>(INCIDENTS);
    if (JSON.stringify(before) === JSON.stringify(incidents)) return;
    const known = new Set((before ?? incidents).map(({ slug }) => slug));
    const open = new Set(incidents.map(({ slug }) => slug));
    const fresh = [...open].filter((slug) => !known.has(slug));
    const still = this.opened.value.filter((slug) => open.has(slug));
    await box.keep(OPENED, [...still, ...fresh]);
    await box.keep(INCIDENTS, incidents);
    await this.state.read();
    this.opened.set([...still, ...fresh]);
  }

  private async failed(error: unknown): Promise<void> {
    if (error instanceof NoAnswer) return this.tellLink(error.why);
    if (!(error instanceof Problem)) throw error;
    // it answered, so the link is there; only what keeps everything out is worth the bar
    const { status, code } = error;
    await this.tellLink(status >= 500 || status === 429 ? { code, status } : null);
  }

  /** As the sender does: the time is that of the first failure of a row. */
  private async tellLink(why: Why | null): Promise<void> {
    const { box } = this.state;
    const known = await box.kept<Link>(LINK);
    if ((known?.why?.code ?? null) === (why?.code ?? null)) return;
    await box.keep(LINK, { why, at: Date.now() });
    await this.state.read();
  }
}

function isTold(answer: unknown): answer is Told {
  return isObject(answer) && typeof answer.device === "string" && Array.isArray(answer.incidents);
}
