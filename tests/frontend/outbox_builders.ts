/** Small makers of entries, and a service that answers as it is told. */

import "../../frontend/node_modules/fake-indexeddb/auto/index.mjs";
import { Box, DATABASE } from "../../frontend/src/outbox/box.ts";
import {
  type Edit,
  type Entry,
  NOTHING_SAID,
  type PhotoEntry,
  type ReportEntry,
  UNSENT,
} from "../../frontend/src/outbox/entry.ts";
import { Sender, type SenderHost } from "../../frontend/src/outbox/sender.ts";

export const NOON = Date.UTC(2026, 6, 28, 3, 0);
const encoder = new TextEncoder();

export function report(id: string, more: Partial<ReportEntry> = {}): ReportEntry {
  return {
    kind: "report",
    id,
    folder: "waiting",
    createdAt: NOON,
    incident: "quake",
    words: UNSENT,
    frozen: null,
    sentAt: null,
    content: { ...NOTHING_SAID, category: "fire" },
    photos: [],
    holdUntil: 0,
    receipt: null,
    ...more,
  };
}

export function photo(id: string, more: Partial<PhotoEntry> = {}): PhotoEntry {
  return {
    id,
    type: "image/jpeg",
    size: 11,
    sha256: null,
    from: "camera",
    says: null,
    announcedBy: null,
    preview: null,
    original: UNSENT,
    upload: null,
    uploaded: 0,
    ...more,
  };
}

export function edit(id: string, target: string, more: Partial<Edit> = {}): Edit {
  const body = { edit_id: id, comment: "x" };
  return { id, kind: "amend", target, body, createdAt: NOON, delivery: UNSENT, ...more };
}

export function bytes(text: string): ArrayBuffer {
  return encoder.encode(text).buffer as ArrayBuffer;
}

/** An empty box with a device in it. */
export async function newBox(): Promise<Box> {
  await new Promise<void>((resolve, reject) => {
    const asked = indexedDB.deleteDatabase(DATABASE);
    asked.onsuccess = () => resolve();
    asked.onerror = () => reject(asked.error);
  });
  const box = new Box();
  await box.keep("device", { token: "secret", device: "d" });
  return box;
}

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
  readonly body: unknown;
}

export type Answer = (asked: Asked) => Response | Promise<Response>;

export class Clock {
  now = NOON;
}

/** Drains once; every request is answered by `answer` and listed. */
export async function drain(
  box: Box,
  answer: Answer,
  given: {
    readonly clock?: Clock;
    readonly originals?: boolean;
    readonly freshSince?: number;
  } = {},
): Promise<{ readonly asked: Asked[]; readonly wait: number | null }> {
  const asked: Asked[] = [];
  const clock = given.clock ?? new Clock();
  const host: SenderHost = {
    fetch: async (path, init) => {
      const one = {
        method: init?.method ?? "GET",
        path: String(path),
        headers: new Headers(init?.headers),
        body: init?.body,
      };
      asked.push(one);
      return answer(one);
    },
    now: () => clock.now,
    random: () => 0.5,
    originals: async () => given.originals ?? true,
  };
  const wait = await Sender.drain(box, host, given.freshSince ?? 0);
  return { asked, wait };
}

export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
  const type = status < 400 ? "application/json" : "application/problem+json";
  return new Response(JSON.stringify(body), {
    status,
    headers: { "Content-Type": type, ...headers },
  });
}

export async function only(box: Box): Promise<Entry> {
  const [entry] = await box.entries();
  if (!entry) throw new Error("the box is empty");
  return entry;
}

/** A service that keeps what it is sent, as ours does: reports, photos, tus uploads. */
export class Service {
  readonly reports = new Map<string, Record<string, unknown>>();
  readonly uploads = new Map<string, { photo: string; length: number; got: Uint8Array }>();
  readonly stored = new Map<string, string>();
  readonly order: string[] = [];

  answer: Answer = async (asked) => {
    const { method, path } = asked;
    if (method === "PUT" && path.startsWith("/api/v1/reports/")) return this.report(asked);
    if (path.endsWith("/preview")) return this.preview(path);
    if (path.startsWith("/api/v1/uploads/")) return this.upload(asked);
    if (path.startsWith("/api/v1/photos/")) return this.receipt(path);
    return json({ id: path.split("/").at(-1) });
  };

  private report({ path, body }: Asked): Response {
    const id = path.split("/").at(-1) ?? "";
    const said = JSON.parse(String(body)) as Record<string, unknown>;
    const known = this.reports.has(id);
    this.reports.set(id, said);
    this.order.push(`words ${id}`);
    const properties = { receipt: "AB2CD3", photos: said.photos };
    return json({ id, type: "Feature", properties }, known ? 200 : 201);
  }

  private preview(path: string): Response {
    const id = path.split("/").at(-2) ?? "";
    this.order.push(`preview ${id}`);
    return json({ id, sha256: this.announced(id), state: "preview" });
  }

  private upload(asked: Asked): Response {
    const tus = { "Tus-Resumable": "1.0.0" };
    if (asked.method === "POST") {
      const metadata = asked.headers.get("Upload-Metadata") ?? "";
      const photo = atob(metadata.split(" ")[1] ?? "");
      const length = Number(asked.headers.get("Upload-Length"));
      const id = `/api/v1/uploads/u${this.uploads.size}`;
      this.uploads.set(id, { photo, length, got: new Uint8Array() });
      this.order.push(`original ${photo}`);
      return new Response(null, { status: 201, headers: { ...tus, Location: id } });
    }
    const found = this.uploads.get(asked.path);
    if (!found) return new Response(null, { status: 404, headers: tus });
    if (asked.method === "PATCH") this.append(found, asked);
    const headers = { ...tus, "Upload-Offset": String(found.got.length) };
    return new Response(null, { status: asked.method === "HEAD" ? 200 : 204, headers });
  }

  private append(found: { photo: string; length: number; got: Uint8Array }, asked: Asked): void {
    if (Number(asked.headers.get("Upload-Offset")) !== found.got.length) return;
    const piece = new Uint8Array(asked.body as ArrayBuffer);
    found.got = new Uint8Array([...found.got, ...piece]);
    if (found.got.length === found.length)
      this.stored.set(found.photo, this.announced(found.photo));
  }

  private receipt(path: string): Response {
    const id = path.split("/").at(-1) ?? "";
    const state = this.stored.has(id) ? "stored" : "awaited";
    return json({ id, sha256: this.announced(id), state });
  }

  private announced(photo: string): string {
    for (const said of this.reports.values()) {
      for (const one of (said.photos ?? []) as { id: string; sha256: string }[]) {
        if (one.id === photo) return one.sha256;
      }
    }
    return "";
  }
}
