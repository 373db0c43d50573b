/**
 * The live line of the open page: a socket of the chosen incident that rings when this phone's own
 * lane has news. It carries nothing that matters; without it the timer finds the same news later.
 */

import { Backoff } from "../core/backoff.ts";
import { SILENT_MS } from "../core/feed.ts";
import { isDoorbell, parseMessage } from "../core/frames.ts";
import { refusalOfClose } from "../core/refusal.ts";
import { service } from "./service.ts";
import type { State } from "./state.ts";

const SUBPROTOCOL = "gspace.bearer.";
/** Refused: only new rights help, and they may come. */
const REFUSED_MS = 5 * 60_000;

interface Stand {
  readonly epoch: string;
  readonly head: number;
}

export class Doorbell {
  private readonly state: State;
  private readonly ring: () => void;
  private readonly backoff = new Backoff();
  private socket: WebSocket | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Raised at each connect: what an old socket still says is not heard. */
  private generation = 0;

  constructor(state: State, ring: () => void) {
    this.state = state;
    this.ring = ring;
  }

  start(): void {
    const anew = () => this.anew();
    addEventListener("online", anew);
    addEventListener("pageshow", anew);
    this.state.incident.changed(anew);
    this.state.device.changed(anew);
    anew();
  }

  private anew(): void {
    this.backoff.reset();
    void this.connect();
  }

  private async connect(): Promise<void> {
    const mine = ++this.generation;
    this.hangUp();
    const [slug, device] = [this.state.incident.value?.slug, this.state.device.value];
    if (!slug || !device?.token || device.lockedOut) return;
    try {
      const path = `incidents/${encodeURIComponent(slug)}`;
      const stand = await service(this.state).get<Stand>(`${path}/state`);
      if (mine === this.generation) this.open(slug, device.token, stand, mine);
    } catch {
      if (mine === this.generation) this.later(this.backoff.next());
    }
  }

  private open(slug: string, token: string, { head, epoch }: Stand, mine: number): void {
    const query = new URLSearchParams({ since: String(head), epoch });
    const url = new URL(`/ws/incidents/${encodeURIComponent(slug)}/?${query}`, location.href);
    url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(url, [SUBPROTOCOL + token]);
    this.socket = socket;
    socket.onopen = () => {
      if (mine !== this.generation) return;
      this.heard();
      // what came between the last look and this line
      this.ring();
    };
    socket.onmessage = ({ data }) => {
      if (mine !== this.generation) return;
      this.backoff.reset();
      this.heard();
      if (rings(String(data))) this.ring();
    };
    socket.onclose = ({ code }) => {
      if (mine === this.generation) {
        this.later(refusalOfClose(code) ? REFUSED_MS : this.backoff.next());
      }
    };
  }

  /** A line without even a heartbeat is dead, whatever the browser thinks. */
  private heard(): void {
    this.later(SILENT_MS);
  }

  private later(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.connect(), ms);
  }

  private hangUp(): void {
    clearTimeout(this.timer);
    this.socket?.close();
    this.socket = null;
  }
}

/** What this phone cannot read may have been one. */
function rings(text: string): boolean {
  try {
    return isDoorbell(parseMessage(text));
  } catch {
    return true;
  }
}
