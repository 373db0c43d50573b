/**
 * This phone's own lane: fetches what became of its reports, questions and broadcasts, and keeps
 * it in the box. At the start, when the doorbell rings, when the network is back, when the page is
 * looked at, and by a timer: no single one of them is relied on.
 */

import { checkMessage, type Frame, FrameError } from "../../core/frames.ts";
import type { Box } from "../../outbox/box.ts";
import { service } from "../service.ts";
import type { State } from "../state.ts";
import { type Changes, type Known, keyOf, learned, type Own, relearned } from "./own.ts";

/** Copies of this kind, by `keyOf`. */
export const MINE = "mine";
/** Kept: how far the lane was read. */
export const LANE = "lane";

/** Positions count in one history (epoch) and for one device. */
export interface Position {
  readonly device: string;
  readonly epoch: string;
  readonly cursor: number;
}

export interface LaneHost {
  readonly changes: (since: number, epoch: string) => Promise<Frame>;
  readonly now: () => number;
}

const TIMER_MS = 60_000;
const LOCK = "gspace-lane";
/** A history that ends while it is read is begun anew, so often. */
const TRIES = 3;

/** Reads the lane to its end. One at a time across tabs; rejects when the service does not answer. */
export async function catchUp(box: Box, device: string, host: LaneHost): Promise<void> {
  const run = () => readOn(box, device, host);
  await ("locks" in navigator ? navigator.locks.request(LOCK, run) : run());
}

async function readOn(box: Box, device: string, host: LaneHost): Promise<void> {
  const from = await positionOf(box, device);
  if (from && (await follow(box, from, host))) return;
  for (let tries = 0; tries < TRIES; tries += 1) {
    if (await readAll(box, device, host)) return;
  }
}

/** From where it was read last; false when that means nothing any more. */
async function follow(box: Box, from: Position, host: LaneHost): Promise<boolean> {
  for (let { cursor, epoch } = from; ; ) {
    const frame = await host.changes(cursor, epoch);
    if (frame.reset) return false;
    await write(box, learned(await knownIn(box), frame, host.now()), from.device, frame);
    if (!frame.more) return true;
    cursor = frame.to;
    epoch = frame.epoch;
  }
}

async function positionOf(box: Box, device: string): Promise<Position | null> {
  const kept = await box.kept<Position>(LANE);
  return kept?.device === device && kept.cursor > 0 ? kept : null;
}

/** From the beginning, taken over as a whole; false when the history ended meanwhile. */
async function readAll(box: Box, device: string, host: LaneHost): Promise<boolean> {
  let last = await host.changes(0, "");
  const frames = [last];
  while (last.more) {
    last = await host.changes(last.to, last.epoch);
    if (last.reset) return false;
    frames.push(last);
  }
  await write(box, relearned(await knownIn(box), frames, host.now()), device, last);
  return true;
}

/** The things before the position: cut in between, they are only read twice. */
async function write(
  box: Box,
  changes: Changes,
  device: string,
  { epoch, to }: Frame,
): Promise<void> {
  if (changes.size > 0) await box.copy(MINE, changes);
  const position: Position = { device, epoch, cursor: to };
  await box.keep(LANE, position);
}

export async function knownIn(box: Box): Promise<Known> {
  const all = await box.copies<Own>(MINE);
  return new Map(all.map((own) => [keyOf(own), own]));
}

/** Keeps the lane read while the page is open. */
export class Lane {
  private readonly state: State;
  private running = false;
  private again = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(state: State) {
    this.state = state;
  }

  start(): void {
    addEventListener("online", () => this.look());
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.look();
    });
    this.state.device.watch(() => this.look());
  }

  /** There may be news. */
  look(): void {
    this.again = true;
    if (!this.running) void this.loop();
  }

  private async loop(): Promise<void> {
    this.running = true;
    clearTimeout(this.timer);
    try {
      while (this.again) {
        this.again = false;
        await this.once();
      }
    } catch {
      // no network or no service: what is known stays, and the timer comes again
    } finally {
      this.running = false;
      this.timer = setTimeout(() => this.look(), TIMER_MS);
    }
  }

  private async once(): Promise<void> {
    const { device, box } = this.state;
    if (!device.value || device.value.lockedOut) return;
    await catchUp(box, device.value.device, { changes: this.changes, now: () => Date.now() });
  }

  private readonly changes = async (since: number, epoch: string): Promise<Frame> => {
    const query = new URLSearchParams({ since: String(since), epoch });
    const answer = await service(this.state).get<unknown>(`devices/me/changes?${query}`);
    const frame = checkMessage(answer);
    if (!("items" in frame)) throw new FrameError("not a frame");
    return frame;
  };
}
