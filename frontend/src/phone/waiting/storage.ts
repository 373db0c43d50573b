/** How much room this phone has for what waits, and whether the browser may clear it. */

import { type Entry, photoIsDelivered, photosOf } from "../../outbox/entry.ts";

/** Below it a day's pictures may not fit (bytes). */
export const LOW_BYTES = 100 * 1024 * 1024;

export interface Room {
  /** null where the browser does not tell. */
  readonly persisted: boolean | null;
  /** Bytes. */
  readonly free: number | null;
}

export async function room(): Promise<Room> {
  return { persisted: await isPersisted(), free: await freeBytes() };
}

async function isPersisted(): Promise<boolean | null> {
  try {
    return (await navigator.storage?.persisted?.()) ?? null;
  } catch {
    return null;
  }
}

async function freeBytes(): Promise<number | null> {
  try {
    const { quota, usage } = await navigator.storage.estimate();
    return quota === undefined ? null : Math.max(0, quota - (usage ?? 0));
  } catch {
    return null;
  }
}

/** Within a tap: some browsers ask the person, others decide by themselves. */
export async function askPersist(): Promise<boolean> {
  try {
    return (await navigator.storage?.persist?.()) ?? false;
  } catch {
    return false;
  }
}

/** Pictures whose only copy may be on this phone. */
export function keptPhotos(entries: readonly Entry[]): {
  readonly n: number;
  readonly bytes: number;
} {
  const kept = entries.flatMap(photosOf).filter((photo) => !photoIsDelivered(photo));
  return { n: kept.length, bytes: kept.reduce((sum, { size }) => sum + size, 0) };
}
