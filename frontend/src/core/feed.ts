/**
 * The live client: keeps a store at the head of an incident's change feed.
 *
 * The cursor is the whole memory. A frame counts only if it joins on to the cursor; what is
 * missing is fetched; what stays unheard is reconnected; what was made for another audience is
 * refused. The outside world (sockets, clock, HTTP) comes in as `FeedHost`, so that the rules run
 * in a test without any of them.
 */

import { Backoff } from "./backoff.ts";
import {
  type Frame,
  type Gone,
  type Heartbeat,
  type Item,
  isDoorbell,
  isHeartbeat,
  parseMessage,
} from "./frames.ts";
import { type Channel, type Freshness, freshness, sameFreshness } from "./freshness.ts";
import { Observable } from "./observable.ts";
import { FORBIDDEN, type Refusal, refusalOf, refusalOfClose, SIGNED_OUT } from "./refusal.ts";

export interface SocketHandlers {
  readonly opened: () => void;
  readonly message: (text: string) => void;
  readonly closed: (code: number) => void;
}

export interface FeedHost {
  /** Opens `/ws/incidents/{slug}/?since=&epoch=`; returns how to close it. */
  connect(since: number, epoch: string, handlers: SocketHandlers): () => void;
  /** GET changes; rejects when the network or the server refuses. */
  changes(since: number, epoch: string): Promise<Frame>;
  now(): number;
  /** Calls back after `ms`; returns how to cancel. */
  after(ms: number, callback: () => void): () => void;
  random(): number;
}

export interface FeedHandlers {
  /** As whom this page was made: hq, partner. */
  readonly audience: string;
  /** How often to ask while no socket tells; POLL_MS when not said. */
  readonly pollMs?: number;
  readonly apply: (items: readonly Item[], gone: readonly Gone[]) => void;
  /** The cursor means nothing any more: load a snapshot and answer where it stands. */
  readonly snapshot: () => Promise<{ readonly epoch: string; readonly head: number }>;
}

export const TICK_MS = 1_000;
export const BEHIND_MS = 10_000;
export const SILENT_MS = 40_000;
export const POLL_MS = 5_000;
/** Wait before another try when the server said who we are is not enough. */
const REFUSED_WAIT_MS = 30_000;

const BAD_CURSOR = 4400;

export class Feed {
  readonly status: Observable<Freshness>;
  private cursor = 0;
  private head = 0;
  private epoch = "";
  private channel: Channel = "closed";
  private currentAt: number;
  private heardAt: number;
  private behindSince: number | null = null;
  private polledAt = 0;
  private busy = false;
  private resetting = false;
  private refused: Refusal | null = null;
  private hangUp: (() => void) | null = null;
  private socketOpen = false;
  private cancelRetry: (() => void) | null = null;
  private cancelTick: (() => void) | null = null;
  /** Raised at each connect, so that late events of an old socket are told from the new one's. */
  private generation = 0;
  private readonly backoff: Backoff;
  private readonly host: FeedHost;
  private readonly handlers: FeedHandlers;

  constructor(host: FeedHost, handlers: FeedHandlers) {
    this.host = host;
    this.handlers = handlers;
    this.backoff = new Backoff(() => host.random());
    this.currentAt = host.now();
    this.heardAt = host.now();
    this.status = new Observable<Freshness>({ kind: "late", seconds: 1 });
  }

  /** Loads the first snapshot, then follows. */
  async start(): Promise<void> {
    this.tick();
    await this.reset();
  }

  stop(): void {
    this.generation += 1;
    this.cancelRetry?.();
    this.cancelTick?.();
    this.hangUp?.();
  }

  /** The browser says the network is back (or the page is looked at again): try at once. */
  wake(): void {
    this.tickOnce();
    if (this.channel === "socket") return;
    this.backoff.reset();
    this.connect();
  }

  /** The browser says the network is gone: do not wait 40 s to say so. */
  lost(): void {
    this.channel = "closed";
    this.dropped(1006);
  }

  /** What the last frames proved: for tests and for the URL of a resume. */
  get position(): { readonly epoch: string; readonly cursor: number; readonly head: number } {
    return { epoch: this.epoch, cursor: this.cursor, head: this.head };
  }

  private connect(): void {
    this.cancelRetry?.();
    this.hangUp?.();
    this.heardAt = this.host.now();
    this.generation += 1;
    const mine = this.generation;
    const ifMine = (act: () => void) => {
      if (mine === this.generation) act();
    };
    this.hangUp = this.host.connect(this.cursor, this.epoch, {
      opened: () => ifMine(() => this.opened()),
      message: (text) => ifMine(() => this.received(text)),
      closed: (code) => ifMine(() => this.dropped(code)),
    });
  }

  // A socket without news says nothing until its heartbeat, not even as whom we are heard. One
  // question over HTTP proves that, and where the head is.
  private opened(): void {
    this.socketOpen = true;
    this.heardAt = this.host.now();
    void this.fetchGap();
  }

  private received(text: string): void {
    try {
      const message = parseMessage(text);
      // the lane of a device is read elsewhere; of this feed it says nothing, not even the head
      if (isDoorbell(message)) return;
      if (this.isForOthers(message)) return;
      this.channel = "socket";
      this.refused = null;
      this.backoff.reset();
      this.take(message);
    } catch {
      // A frame we cannot read may have carried something: ask over HTTP instead of guessing.
      void this.fetchGap();
    }
  }

  // Somebody whose session has ended still gets the public's feed. Taken for our own it would look
  // live and miss nearly everything.
  private isForOthers({ audience }: Frame | Heartbeat): boolean {
    if (audience === undefined || audience === this.handlers.audience) return false;
    this.dropped(audience === "public" ? SIGNED_OUT : FORBIDDEN);
    return true;
  }

  private take(message: Frame | Heartbeat): void {
    this.heardAt = this.host.now();
    if (message.epoch !== this.epoch || ("reset" in message && message.reset)) {
      void this.reset();
    } else if (isHeartbeat(message)) {
      this.sawHead(message.head);
    } else {
      this.takeFrame(message);
    }
  }

  private takeFrame(frame: Frame): void {
    if (frame.from > this.cursor) {
      this.sawHead(frame.head);
      void this.fetchGap();
      return;
    }
    this.handlers.apply(frame.items, frame.gone);
    this.cursor = Math.max(this.cursor, frame.to);
    this.sawHead(frame.head);
  }

  private sawHead(head: number): void {
    this.head = Math.max(this.head, head);
    const caughtUp = this.cursor >= this.head;
    if (caughtUp) this.currentAt = this.host.now();
    this.behindSince = caughtUp ? null : (this.behindSince ?? this.host.now());
    this.show();
  }

  /** Reads on from the cursor over HTTP until the end of the feed. Rejections only end it. */
  private async fetchGap(): Promise<void> {
    if (this.busy || this.resetting) return;
    this.busy = true;
    this.behindSince = null;
    try {
      await this.readOn();
    } catch (error) {
      this.refused = refusalOf(error);
      this.show();
    } finally {
      this.busy = false;
    }
  }

  private async readOn(): Promise<void> {
    for (let more = true; more; ) {
      const before = this.cursor;
      const frame = await this.host.changes(before, this.epoch);
      if (this.isForOthers(frame)) return;
      if (frame.epoch !== this.epoch || frame.reset) return this.reset();
      this.polledOk();
      this.takeFrame(frame);
      more = frame.more && this.cursor > before;
    }
  }

  private polledOk(): void {
    if (this.socketOpen) this.channel = "socket";
    else if (this.channel === "closed") this.channel = "polling";
    this.refused = null;
  }

  private async reset(): Promise<void> {
    if (this.resetting) return;
    this.resetting = true;
    this.closeSocket();
    try {
      const { epoch, head } = await this.handlers.snapshot();
      this.standAt(epoch, head);
    } catch (error) {
      this.refused = refusalOf(error);
      this.show();
      this.cancelRetry?.();
      this.cancelRetry = this.host.after(this.backoff.next(), () => void this.reset());
    } finally {
      this.resetting = false;
    }
  }

  private standAt(epoch: string, head: number): void {
    Object.assign(this, { epoch, head, cursor: head, behindSince: null });
    this.currentAt = this.host.now();
    this.heardAt = this.host.now();
    this.connect();
    this.show();
  }

  private closeSocket(): void {
    this.generation += 1;
    this.hangUp?.();
    this.hangUp = null;
    this.socketOpen = false;
    this.channel = "closed";
  }

  private dropped(code: number): void {
    // Where only sockets are blocked, a failed try takes nothing away from the polling.
    const polling = this.channel === "polling";
    this.closeSocket();
    if (polling) this.channel = "polling";
    this.refused = refusalOfClose(code);
    this.cancelRetry?.();
    if (code === BAD_CURSOR) return void this.reset();
    const wait = this.refused ? REFUSED_WAIT_MS : this.backoff.next();
    this.cancelRetry = this.host.after(wait, () => this.connect());
    this.show();
  }

  private tick(): void {
    this.cancelTick = this.host.after(TICK_MS, () => this.tick());
    this.tickOnce();
  }

  private tickOnce(): void {
    const now = this.host.now();
    if (this.hangUp && now - this.heardAt > SILENT_MS) this.dropped(1006);
    else if (this.behindSince !== null && now - this.behindSince >= BEHIND_MS) this.poll(now);
    else if (this.channel !== "socket" && now - this.polledAt >= (this.handlers.pollMs ?? POLL_MS))
      this.poll(now);
    this.show();
  }

  private poll(now: number): void {
    if (this.epoch === "" || this.refused) return;
    this.polledAt = now;
    void this.fetchGap();
  }

  private show(): void {
    const fresh: Freshness = this.refused
      ? { kind: "refused", why: this.refused }
      : freshness(this.channel, this.currentAt, this.host.now());
    if (!sameFreshness(fresh, this.status.value)) this.status.set(fresh);
  }
}
