/** The outside world of a Feed, made of a clock that only moves when told. */

import type { FeedHost, SocketHandlers } from "../../frontend/src/core/feed.ts";
import type { Frame, Item } from "../../frontend/src/core/frames.ts";
import { aReport, EPOCH } from "./examples.ts";

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

export interface Attempt {
  readonly since: number;
  readonly epoch: string;
  readonly handlers: SocketHandlers;
  open: boolean;
}

export class FakeHost implements FeedHost {
  readonly attempts: Attempt[] = [];
  readonly asked: number[] = [];
  /** What GET changes answers; throw to be offline. */
  answer: (since: number) => Frame = (since) => frame(since, since);
  private time = 1_000_000;
  private timers: Timer[] = [];

  connect(since: number, epoch: string, handlers: SocketHandlers): () => void {
    const attempt = { since, epoch, handlers, open: true };
    this.attempts.push(attempt);
    return () => {
      attempt.open = false;
    };
  }

  async changes(since: number): Promise<Frame> {
    this.asked.push(since);
    return this.answer(since);
  }

  now(): number {
    return this.time;
  }

  random(): number {
    return 1;
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { at: this.time + ms, callback };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  }

  get socket(): Attempt {
    const last = this.attempts.at(-1);
    if (!last) throw new Error("no socket was opened");
    return last;
  }

  say(message: object): void {
    this.socket.handlers.message(JSON.stringify(message));
  }

  close(code: number): void {
    this.socket.handlers.closed(code);
  }

  /** Lets time pass, timer by timer, with the promises of each settled before the next. */
  async pass(ms: number): Promise<void> {
    const end = this.time + ms;
    for (let next = this.due(end); next; next = this.due(end)) {
      this.timers = this.timers.filter((timer) => timer !== next);
      this.time = Math.max(this.time, next.at);
      next.callback();
      await settle();
    }
    this.time = end;
    await settle();
  }

  private due(end: number): Timer | undefined {
    const ready = this.timers.filter((timer) => timer.at <= end);
    return ready.sort((a, b) => a.at - b.at)[0];
  }
}

export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

export function frame(from: number, to: number, items: Item[] = [], more = false): Frame {
  return { epoch: EPOCH, from, to, head: to, items, gone: [], more };
}

export function heartbeat(head: number, epoch = EPOCH): object {
  return { heartbeat: true, head, epoch };
}

export function reportItem(seq: number): Item {
  const id = `report-${seq}`;
  return { kind: "report", id, seq, feature: aReport(id, { seq }) };
}
