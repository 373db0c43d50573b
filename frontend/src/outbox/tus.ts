/**
 * An original on its way: tus 1.0 in pieces, going on where it was cut, believed only after the
 * service's receipt (GET /photos/{id}) names the same SHA-256.
 */

import type { PhotoEntry } from "./entry.ts";
import {
  ask,
  foreign,
  isObject,
  isOutcome,
  type Outcome,
  refused,
  send,
  type Wire,
} from "./wire.ts";

export interface PhotoReceipt {
  readonly id: string;
  readonly sha256: string;
  readonly state: string;
}

export interface Progress {
  /** Kept before the next piece goes out, so that a new start of the browser goes on from there. */
  readonly reached: (upload: string | null, bytes: number) => Promise<void>;
  /** Something more urgent waits: let go between two pieces. */
  readonly preempted: () => Promise<boolean>;
}

export type Sent = Outcome<PhotoReceipt> | { readonly kind: "preempted" };

const UPLOADS = "/api/v1/uploads/";
const TUS = { "Tus-Resumable": "1.0.0" };
export const FIRST_PIECE = 128 * 1024;
const SMALLEST_PIECE = 32 * 1024;
const LARGEST_PIECE = 1024 * 1024;
/** A piece should take about so long: a cut costs no more, and progress is seen. */
const PIECE_MS = 2_000;
const PIECE_TIMEOUT_MS = 90_000;
/** Offsets may be corrected so often in one go; more means that something is at odds. */
const CORRECTIONS = 3;
// what the service holds is safe; a photo that it cannot decode is still kept
const STORED = new Set(["stored", "ready", "unreadable"]);

export class OriginalUpload {
  private readonly wire: Wire;
  private readonly photo: PhotoEntry;
  private readonly bytes: ArrayBuffer;
  private readonly progress: Progress;
  private piece = FIRST_PIECE;

  constructor(wire: Wire, photo: PhotoEntry, bytes: ArrayBuffer, progress: Progress) {
    this.wire = wire;
    this.photo = photo;
    this.bytes = bytes;
    this.progress = progress;
  }

  async run(): Promise<Sent> {
    const begun = this.photo.upload ? await this.resumed(this.photo.upload) : await this.created();
    if ("kind" in begun) return begun;
    return this.pour(begun.upload, begun.offset);
  }

  private async created(): Promise<Begun | Sent> {
    const metadata = `photo ${btoa(this.photo.id)}`;
    const headers = {
      ...TUS,
      "Upload-Length": String(this.bytes.byteLength),
      "Upload-Metadata": metadata,
    };
    const answer = await ask(this.wire, { method: "POST", path: UPLOADS, headers });
    if (isOutcome(answer)) return answer;
    const upload = ownAddress(answer.headers.get("Location"));
    if (answer.status !== 201 || !isTus(answer) || !upload) return this.failed(answer);
    const offset = offsetOf(answer) ?? 0;
    await this.progress.reached(upload, offset);
    return { upload, offset };
  }

  private async resumed(upload: string): Promise<Begun | Sent> {
    const answer = await ask(this.wire, { method: "HEAD", path: upload, headers: TUS });
    if (isOutcome(answer)) return answer;
    const offset = offsetOf(answer);
    if (answer.status === 200 && isTus(answer) && offset !== null) {
      await this.progress.reached(upload, offset);
      return { upload, offset };
    }
    // expired or ended: begin anew; a HEAD has no body that could say so
    if (isTus(answer) && [404, 410].includes(answer.status)) return this.created();
    return this.failed(answer);
  }

  private async pour(upload: string, from: number): Promise<Sent> {
    let offset = from;
    let corrections = 0;
    while (offset < this.bytes.byteLength) {
      if (await this.progress.preempted()) return { kind: "preempted" };
      const answer = await this.patch(upload, offset);
      if (isOutcome(answer)) return answer;
      const reached = offsetOf(answer);
      if (!isTus(answer)) return foreign(answer.status);
      if (answer.status === 204 && reached !== null && reached > offset) {
        offset = reached;
        await this.progress.reached(upload, offset);
        continue;
      }
      if (answer.status !== 409 || ++corrections > CORRECTIONS) {
        return this.stopped(answer);
      }
      const begun = await this.resumed(upload);
      if ("kind" in begun) return begun;
      return this.pour(begun.upload, begun.offset);
    }
    return this.receipt();
  }

  /**
   * One piece; its length follows the speed of the link. Without Upload-Checksum, so that what had
   * arrived of a cut piece stays; the receipt's SHA-256 proves the whole.
   */
  private async patch(upload: string, offset: number): Promise<Response | Outcome<never>> {
    const body = this.bytes.slice(offset, offset + this.piece);
    const headers = {
      ...TUS,
      "Content-Type": "application/offset+octet-stream",
      "Upload-Offset": String(offset),
    };
    const began = this.wire.now();
    const asked = { method: "PATCH", path: upload, headers, body, timeoutMs: PIECE_TIMEOUT_MS };
    const answer = await ask(this.wire, asked);
    const took = Math.max(1, this.wire.now() - began);
    const fitting = isOutcome(answer) ? this.piece / 2 : (body.byteLength * PIECE_MS) / took;
    this.piece = Math.round(
      Math.min(LARGEST_PIECE, this.piece * 2, Math.max(SMALLEST_PIECE, fitting)),
    );
    return answer;
  }

  private async stopped(answer: Response): Promise<Sent> {
    const outcome = await this.failed(answer);
    // a held upload goes on later; one that is gone or was spoilt on its way begins anew
    if (outcome.kind === "attention") await this.progress.reached(null, 0);
    if (outcome.kind !== "attention" || outcome.why.code !== "digest_mismatch") return outcome;
    return { kind: "later", why: outcome.why, everything: false, afterMs: null };
  }

  private failed(answer: Response): Promise<Outcome<never>> {
    return isTus(answer) ? refused(answer, this.wire.now()) : refusedByOthers(answer, this.wire);
  }

  private async receipt(): Promise<Sent> {
    const path = `/api/v1/photos/${this.photo.id}`;
    const outcome = await send(this.wire, { method: "GET", path }, (body) =>
      isReceipt(body, this.photo),
    );
    if (outcome.kind !== "done" || STORED.has(outcome.body.state)) return outcome;
    await this.progress.reached(null, 0);
    return { kind: "later", why: { code: "not_stored" }, everything: false, afterMs: null };
  }
}

interface Begun {
  readonly upload: string;
  readonly offset: number;
}

/** A proxy's own refusal is no word of the service, whatever its status. */
function refusedByOthers(answer: Response, wire: Wire): Promise<Outcome<never>> {
  const later = answer.status >= 500 || answer.status === 429;
  return later ? refused(answer, wire.now()) : Promise.resolve(foreign(answer.status));
}

export function isReceipt(body: unknown, photo: PhotoEntry): body is PhotoReceipt {
  return (
    isObject(body) &&
    body.id === photo.id &&
    body.sha256 === photo.sha256 &&
    typeof body.state === "string"
  );
}

function isTus(answer: Response): boolean {
  return answer.headers.get("Tus-Resumable") === TUS["Tus-Resumable"];
}

function offsetOf(answer: Response): number | null {
  const said = answer.headers.get("Upload-Offset");
  return said !== null && /^\d+$/.test(said) ? Number(said) : null;
}

/** Only below our own uploads: nobody's Location sends the pictures elsewhere. */
function ownAddress(location: string | null): string | null {
  const path = location?.replace(/^https?:\/\/[^/]+/, "") ?? "";
  return path.startsWith(UPLOADS) ? path : null;
}
