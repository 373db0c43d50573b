/**
 * The phone's own storage (IndexedDB): entries, edits, picture bytes, and a few kept values.
 *
 * Every write is one transaction with strict durability: after `await` it survives the browser's
 * and the battery's end. Picture bytes are ArrayBuffers, because some browsers lose Blobs.
 */

import { type IDBPDatabase, type IDBPTransaction, openDB } from "idb";
import { type Edit, type Entry, photosOf } from "./entry.ts";

export const DATABASE = "gspace";
const VERSION = 1;
export const ENTRIES = "entries";
export const EDITS = "edits";
export const BYTES = "bytes";
export const KEPT = "kept";
/** Copies of what the service said, for reading without a network: by kind and id. */
export const COPIES = "copies";
const STORES = [ENTRIES, EDITS, BYTES, KEPT, COPIES];

/** What is written in the same transaction as an entry's change. */
export interface Along<T> {
  readonly bytes?: ReadonlyMap<string, ArrayBuffer>;
  readonly edit?: (changed: T) => Edit | null;
}

export type Which = "original" | "preview";
type Tx = IDBPTransaction<unknown, string[], "readwrite">;

export class Box {
  private opening: Promise<IDBPDatabase> | null = null;
  private readonly channel: BroadcastChannel | null;
  private readonly listeners = new Set<() => void>();

  constructor() {
    this.channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel(DATABASE);
    this.channel?.addEventListener("message", () => this.tell());
  }

  /** Calls back after each change, also one made by another tab or the service worker. */
  changed(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  close(): void {
    this.channel?.close();
    void this.opening?.then((db) => db.close());
    this.opening = null;
  }

  entries(): Promise<Entry[]> {
    return this.reading((db) => db.getAll(ENTRIES));
  }

  entry(id: string): Promise<Entry | undefined> {
    return this.reading((db) => db.get(ENTRIES, id));
  }

  edits(): Promise<Edit[]> {
    return this.reading((db) => db.getAll(EDITS));
  }

  bytes(photo: string, which: Which): Promise<ArrayBuffer | undefined> {
    return this.reading((db) => db.get(BYTES, bytesKey(photo, which)));
  }

  kept<T>(name: string): Promise<T | undefined> {
    return this.reading((db) => db.get(KEPT, name));
  }

  async keep(name: string, value: unknown): Promise<void> {
    await this.writing([KEPT], (tx) => tx.objectStore(KEPT).put(value, name));
  }

  copies<T>(kind: string): Promise<T[]> {
    return this.reading((db) => db.getAll(COPIES, IDBKeyRange.bound([kind], [kind, []])));
  }

  /** Replaces what was copied before under the same kind and id; null forgets it. */
  async copy(kind: string, values: ReadonlyMap<string, unknown>): Promise<void> {
    await this.writing([COPIES], async (tx) => {
      const store = tx.objectStore(COPIES);
      for (const [id, value] of values) {
        await (value === null ? store.delete([kind, id]) : store.put(value, [kind, id]));
      }
    });
  }

  /** The new entry and its pictures' bytes: together, or not at all. */
  async add(entry: Entry, bytes: ReadonlyMap<string, ArrayBuffer> = new Map()): Promise<void> {
    await this.writing([ENTRIES, BYTES], async (tx) => {
      await tx.objectStore(ENTRIES).put(entry);
      for (const [photo, content] of bytes) {
        await tx.objectStore(BYTES).put(content, bytesKey(photo, "original"));
      }
    });
  }

  /**
   * Reads, changes and writes in one transaction, so that a tab and the service worker never undo
   * each other. Answers what is stored now; undefined when the entry is gone.
   */
  async change<T extends Entry>(
    id: string,
    change: (entry: T) => T,
    { bytes, edit }: Along<T> = {},
  ): Promise<T | undefined> {
    return this.writing([ENTRIES, EDITS, BYTES], async (tx) => {
      const store = tx.objectStore(ENTRIES);
      const found: T | undefined = await store.get(id);
      if (!found) return undefined;
      const next = change(found);
      if (next !== found) await store.put(next);
      for (const [photo, content] of bytes ?? []) {
        await tx.objectStore(BYTES).put(content, bytesKey(photo, "original"));
      }
      const along = edit?.(next);
      if (along) await tx.objectStore(EDITS).put(along);
      return next;
    });
  }

  async keepPreview(photo: string, content: ArrayBuffer): Promise<void> {
    const key = bytesKey(photo, "preview");
    await this.writing([BYTES], (tx) => tx.objectStore(BYTES).put(content, key));
  }

  async addEdit(edit: Edit): Promise<void> {
    await this.writing([EDITS], (tx) => tx.objectStore(EDITS).put(edit));
  }

  async changeEdit(id: string, change: (edit: Edit) => Edit): Promise<void> {
    await this.writing([EDITS], async (tx) => {
      const found: Edit | undefined = await tx.objectStore(EDITS).get(id);
      if (found) await tx.objectStore(EDITS).put(change(found));
    });
  }

  async removeEdit(id: string): Promise<void> {
    await this.writing([EDITS], (tx) => tx.objectStore(EDITS).delete(id));
  }

  /** The original's bytes go once the service has proven that it holds them. */
  async forgetOriginal(photo: string): Promise<void> {
    await this.writing([BYTES], (tx) => tx.objectStore(BYTES).delete(bytesKey(photo, "original")));
  }

  /** For good, with pictures and edits. Only ever because a person said so, or it is long sent. */
  async remove(id: string): Promise<void> {
    await this.writing([ENTRIES, EDITS, BYTES], async (tx) => {
      const found: Entry | undefined = await tx.objectStore(ENTRIES).get(id);
      if (!found) return;
      await tx.objectStore(ENTRIES).delete(id);
      for (const photo of photosOf(found)) {
        await tx.objectStore(BYTES).delete(bytesKey(photo.id, "original"));
        await tx.objectStore(BYTES).delete(bytesKey(photo.id, "preview"));
      }
      const edits: Edit[] = await tx.objectStore(EDITS).getAll();
      for (const edit of edits) {
        if (edit.target === id) await tx.objectStore(EDITS).delete(edit.id);
      }
    });
  }

  /** Everything but the named kept values. Only where nothing is unsent. */
  async clear(keeping: readonly string[]): Promise<void> {
    await this.writing(STORES, async (tx) => {
      const kept = tx.objectStore(KEPT);
      const names = (await kept.getAllKeys()).filter((name) => !keeping.includes(String(name)));
      for (const name of names) await kept.delete(name);
      for (const store of STORES.filter((one) => one !== KEPT)) await tx.objectStore(store).clear();
    });
  }

  private async reading<T>(read: (db: IDBPDatabase) => Promise<T>): Promise<T> {
    return this.patiently(read);
  }

  private async writing<T>(stores: string[], write: (tx: Tx) => Promise<T>): Promise<T> {
    const done = await this.patiently(async (db) => {
      const tx = db.transaction(stores, "readwrite", { durability: "strict" });
      try {
        const [result] = await Promise.all([write(tx as Tx), tx.done]);
        return result;
      } catch (error) {
        // either half may have failed first; nobody else hears of the other
        tx.done.catch(() => {});
        throw error;
      }
    });
    this.tell();
    this.channel?.postMessage("changed");
    return done;
  }

  /** iOS closes databases of pages in the background: opened anew, once. */
  private async patiently<T>(use: (db: IDBPDatabase) => Promise<T>): Promise<T> {
    try {
      return await use(await this.database());
    } catch (error) {
      if (!isConnectionLost(error)) throw error;
      this.opening = null;
      return use(await this.database());
    }
  }

  private database(): Promise<IDBPDatabase> {
    this.opening ??= openDB(DATABASE, VERSION, {
      upgrade: (db) => {
        for (const name of STORES) {
          const inline = name === ENTRIES || name === EDITS;
          db.createObjectStore(name, inline ? { keyPath: "id" } : {});
        }
      },
      blocking: () => this.reopenLater(),
      terminated: () => {
        this.opening = null;
      },
    }).catch((error) => {
      this.opening = null;
      throw error;
    });
    return this.opening;
  }

  /** A newer version of this page wants the database: let go of it. */
  private reopenLater(): void {
    void this.opening?.then((db) => db.close());
    this.opening = null;
  }

  private tell(): void {
    for (const listener of [...this.listeners]) listener();
  }
}

export function bytesKey(photo: string, which: Which): string {
  return `${photo}/${which}`;
}

function isConnectionLost(error: unknown): boolean {
  const { name = "", message = "" } = (error ?? {}) as { name?: string; message?: string };
  return name === "InvalidStateError" || /connection|closing/i.test(message);
}
