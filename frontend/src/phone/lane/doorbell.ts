/**
 * The live lines of the open page: a socket for each incident, that rings when this phone's own
 * lane has news. They carry nothing that matters; without them the timer finds the same news later.
 */

import { Backoff } from "../../core/backoff.ts";
import { SILENT_MS } from "../../core/feed.ts";
import { isDoorbell, parseMessage } from "../../core/frames.ts";
import { refusalOfClose } from "../../core/refusal.ts";
import { service } from "../service.ts";
import type { State } from "../state.ts";

const SUBPROTOCOL = "gspace.bearer.";
/** Refused: only new rights help, and they may come. */
const REFUSED_MS = 5 * 60_000;

interface Stand {
  readonly epoch: string;
  readonly head: number;
}

/** A phone is of few incidents; those beyond are heard of by the timer. */
const MOST_LINES = 3;

export class Doorbell {
  private readonly state: State;
  private readonly ring: () => void;
  private lines: readonly Line[] = [];

  constructor(state: State, ring: () => void) {
    this.state = state;
    this.ring = ring;
  }

  start(): void {
    const again = () => {
      for (const line of this.lines) line.again();
    };
    addEventListener("online", again);
    addEventListener("pageshow", again);
    const anew = () => this.anew();
    this.state.incident.changed(anew);
    this.state.incidents.changed(anew);
    this.state.device.changed(anew);
    anew();
  }

  private anew(): void {
    const wanted = this.wanted();
    for (const line of this.lines) if (!wanted.has(line.key)) line.end();
    const kept = this.lines.filter((line) => wanted.delete(line.key));
    const made = [...wanted].map(([key, [slug, token]]) => {
      return new Line(this.state, this.ring, { key, slug, token });
    });
    this.lines = [...kept, ...made];
    for (const line of made) line.again();
  }

  /** The chosen incident first. */
  private wanted(): Map<string, readonly [slug: string, token: string]> {
    const { device, incident, incidents } = this.state;
    const { token, lockedOut } = device.value ?? {};
    if (!token || lockedOut) return new Map();
    const open = incidents.value.filter(({ state }) => state !== "closed").map(({ slug }) => slug);
    const chosen = incident.value ? [incident.value.slug] : [];
    const slugs = [...new Set([...chosen, ...open])].slice(0, MOST_LINES);
    return new Map(slugs.map((slug) => [`${slug} ${token}`, [slug, token]]));
  }
}

interface Wanted {
  readonly key: string;
  readonly slug: string;
  readonly token: string;
}

class Line {
  readonly key: string;
  private readonly wanted: Wanted;
  private readonly state: State;
  private readonly ring: () => void;
  private readonly backoff = new Backoff();
  private socket: WebSocket | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Raised at each connect: what an old socket still says is not heard. */
  private generation = 0;

  constructor(state: State, ring: () => void, wanted: Wanted) {
    this.state = state;
    this.ring = ring;
    this.wanted = wanted;
    this.key = wanted.key;
  }

  again(): void {
    this.backoff.reset();
    void this.connect();
  }

  end(): void {
    this.generation += 1;
    this.hangUp();
  }

  private async connect(): Promise<void> {
    const mine = ++this.generation;
    this.hangUp();
    try {
      const path = `incidents/${encodeURIComponent(this.wanted.slug)}/state`;
      const stand = await service(this.state).get<Stand>(path);
      if (mine === this.generation) this.open(stand, mine);
    } catch {
      if (mine === this.generation) this.later(this.backoff.next());
    }
  }

  private open({ head, epoch }: Stand, mine: number): void {
    const { slug, token } = this.wanted;
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
