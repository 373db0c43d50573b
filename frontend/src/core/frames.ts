/** What the feed sends (DESIGN 4.3 changes, 4.5 live), read once and strictly at the edge. */

export interface Item {
  readonly kind: string;
  readonly id: string;
  readonly seq: number;
  readonly version?: number;
  /** A whole GeoJSON feature for reports and features; the kind decides for the others. */
  readonly feature?: unknown;
}

export interface Gone {
  readonly kind: string;
  readonly id: string;
  readonly seq: number;
}

/** Positions scanned: everything in (from, to] that this audience may see is in the frame. */
export interface Frame {
  readonly epoch: string;
  readonly from: number;
  readonly to: number;
  readonly head: number;
  readonly items: readonly Item[];
  readonly gone: readonly Gone[];
  readonly more: boolean;
  readonly reset?: boolean;
  /** For whom this was made; an older server does not say. */
  readonly audience?: string;
}

export interface Heartbeat {
  readonly heartbeat: true;
  readonly head: number;
  readonly epoch: string;
  readonly audience?: string;
}

/** To a device: its own lane (`/devices/me/changes`) has news. It says nothing more. */
export interface Doorbell {
  readonly doorbell: true;
}

export type Message = Frame | Heartbeat | Doorbell;

export class FrameError extends Error {}

export function isHeartbeat(message: Message): message is Heartbeat {
  return "heartbeat" in message;
}

export function isDoorbell(message: Message): message is Doorbell {
  return "doorbell" in message;
}

/** Text of one websocket frame -> message. Throws FrameError when it is none of the shapes. */
export function parseMessage(text: string): Message {
  return checkMessage(parseJson(text));
}

export function checkMessage(value: unknown): Message {
  if (typeof value !== "object" || value === null) throw new FrameError("not an object");
  const given = value as Record<string, unknown>;
  if (given.doorbell === true) return { doorbell: true };
  if (given.heartbeat === true) return checkHeartbeat(given);
  return checkFrame(given);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new FrameError("not JSON");
  }
}

function checkHeartbeat(given: Record<string, unknown>): Heartbeat {
  const told = { head: count(given, "head"), epoch: text(given, "epoch") };
  return { heartbeat: true, ...told, ...audience(given) };
}

function checkFrame(given: Record<string, unknown>): Frame {
  const frame = {
    epoch: text(given, "epoch"),
    from: count(given, "from"),
    to: count(given, "to"),
    head: count(given, "head"),
    items: list<Item>(given, "items"),
    gone: list<Gone>(given, "gone"),
    more: given.more === true,
    ...audience(given),
  };
  return given.reset === true ? { ...frame, reset: true } : frame;
}

function audience(given: Record<string, unknown>): { readonly audience?: string } {
  return typeof given.audience === "string" ? { audience: given.audience } : {};
}

function count(given: Record<string, unknown>, name: string): number {
  const value = given[name];
  if (typeof value !== "number" || !Number.isSafeInteger(value)) throw new FrameError(name);
  return value;
}

function text(given: Record<string, unknown>, name: string): string {
  const value = given[name];
  if (typeof value !== "string") throw new FrameError(name);
  return value;
}

function list<T extends Gone>(given: Record<string, unknown>, name: string): readonly T[] {
  const value = given[name] ?? [];
  if (!Array.isArray(value)) throw new FrameError(name);
  for (const entry of value) checkEntry(entry, name);
  return value as T[];
}

function checkEntry(entry: unknown, name: string): void {
  const { kind, id, seq } = (entry ?? {}) as Record<string, unknown>;
  const sound = typeof kind === "string" && typeof id === "string" && typeof seq === "number";
  if (!sound) throw new FrameError(name);
}
