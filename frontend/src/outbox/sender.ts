/**
 * The one who sends: takes the next job, asks the service, writes down what came of it, until
 * nothing is due. Nothing leaves the outbox but by a proof (wire.ts), and a refusal of one thing
 * never stops another.
 */

import { LONGEST_WAIT_MS } from "../core/backoff.ts";
import { reportBody, situationBody } from "./body.ts";
import type { Box } from "./box.ts";
import { hex, sha256 } from "./digest.ts";
import {
  type Delivery,
  type Entry,
  isDelivered,
  type PhotoEntry,
  type ReportEntry,
  type Why,
  withPhoto,
} from "./entry.ts";
import { type Conditions, deliveryOf, type Job, nextJob, nextTime } from "./jobs.ts";
import { isReceipt, OriginalUpload, type PhotoReceipt, type Sent } from "./tus.ts";
import { isObject, type Outcome, send, type Wire } from "./wire.ts";

export interface SenderHost {
  readonly fetch: typeof fetch;
  readonly now: () => number;
  readonly random: () => number;
  /** Whether originals may go over the present link. */
  readonly originals: () => Promise<boolean>;
}

/** Kept values that the sender reads or writes. */
export const DEVICE = "device";
/** Until when the service asked to be left alone (ms since 1970). */
export const QUIET_UNTIL = "quiet_until";
/** Why the last try of anything failed; null when it did not. */
export const LINK = "link";

export interface Link {
  readonly why: Why | null;
  readonly at: number;
}

/** While nobody answers at all, everything rests; not one thing alone, or younger ones overtook it. */
const PAUSE = "pause";
interface Pause {
  readonly tries: number;
  readonly at: number;
  readonly until: number;
}
/** What alone meets silence so often in a row is perhaps itself the reason. */
const SILENCES = 5;

type Body = Record<string, unknown>;
type Result = Outcome<Body> | Outcome<PhotoReceipt> | Sent;

const FIRST_WAIT_MS = 2_000;
const MOST_DOUBLINGS = 9;

export class Sender {
  private readonly box: Box;
  private readonly host: SenderHost;
  private readonly wire: Wire;
  private freshSince = 0;

  private constructor(box: Box, host: SenderHost, token: string) {
    this.box = box;
    this.host = host;
    this.wire = { fetch: host.fetch, token, now: host.now };
  }

  /** Sends what is due. Answers when to come again by itself (ms from now), null = when told. */
  static async drain(box: Box, host: SenderHost, freshSince: number): Promise<number | null> {
    const device = await box.kept<{ token: string; lockedOut?: boolean }>(DEVICE);
    if (!device?.token) return null;
    const sender = new Sender(box, host, device.token);
    sender.freshSince = freshSince;
    return sender.run();
  }

  private async run(): Promise<number | null> {
    const quiet = ((await this.box.kept<number>(QUIET_UNTIL)) ?? 0) - this.host.now();
    if (quiet > 0) return quiet;
    const pause = await this.box.kept<Pause | null>(PAUSE);
    const left = pause && this.freshSince <= pause.at ? pause.until - this.host.now() : 0;
    if (left > 0) return left;
    for (;;) {
      const job = await this.next();
      if (!job) return this.comeAgain();
      if (await this.do(job)) continue;
      const wait = await this.comeAgain();
      return wait === null ? null : Math.max(wait, FIRST_WAIT_MS);
    }
  }

  private async next(): Promise<Job | null> {
    const [entries, edits] = await Promise.all([this.box.entries(), this.box.edits()]);
    return nextJob(entries, edits, await this.conditions());
  }

  private async conditions(): Promise<Conditions> {
    const { now, originals } = this.host;
    return { now: now(), originals: await originals(), freshSince: this.freshSince };
  }

  private async comeAgain(): Promise<number | null> {
    const [entries, edits] = await Promise.all([this.box.entries(), this.box.edits()]);
    const at = nextTime(entries, edits, await this.conditions());
    return at === null ? null : Math.max(0, at - this.host.now());
  }

  /** False when there is no use in trying anything else now. */
  private async do(job: Job): Promise<boolean> {
    const result = await this.try(job);
    if (result.kind === "preempted") return true;
    await this.record(job, result);
    const answered = result.kind !== "later";
    await this.tellLink(isOfTheLink(result) ? result.why : null);
    await this.rest(result.kind === "later" && isSilence(result.why));
    if (result.kind === "locked") return false;
    return answered || !result.everything;
  }

  private async rest(silence: boolean): Promise<void> {
    const before = await this.box.kept<Pause | null>(PAUSE);
    if (!silence && !before) return;
    const tries = before?.tries ?? 0;
    const at = this.host.now();
    const pause: Pause = { tries: tries + 1, at, until: at + this.backoff(tries) };
    await this.box.keep(PAUSE, silence ? pause : null);
  }

  private async tellLink(why: Why | null): Promise<void> {
    const known = await this.box.kept<Link>(LINK);
    if (known && (known.why?.code ?? null) === (why?.code ?? null)) return;
    await this.box.keep(LINK, { why, at: this.host.now() });
  }

  private async try(job: Job): Promise<Result> {
    if (job.lane === "words") return this.sendWords(job.entry);
    if (job.lane === "edit") return this.sendEdit(job);
    if (job.lane === "preview") return this.sendPreview(job.photo);
    return this.sendOriginal(job.entry, job.photo);
  }

  private async sendWords(entry: Entry): Promise<Result> {
    const frozen = await this.freeze(entry.id);
    if (!frozen) return gone();
    const path =
      entry.kind === "report" ? `/api/v1/reports/${entry.id}` : `/api/v1/situations/${entry.id}`;
    const sent_at = new Date(this.host.now()).toISOString();
    const body = JSON.stringify({ ...frozen, sent_at });
    return send(this.wire, { method: "PUT", path, body, headers: JSON_BODY }, (echo) =>
      echoes(echo, entry.id, frozen),
    );
  }

  /** The body of the first try, kept: what is sent again later must be the same word for word. */
  private async freeze(id: string): Promise<Readonly<Body> | null> {
    const entry = await this.hashed(id);
    if (!entry) return null;
    const kept = await this.box.change<Entry>(id, (now) =>
      now.frozen ? now : { ...now, frozen: bodyOf(now) },
    );
    return kept?.frozen ?? null;
  }

  /** The entry with the SHA-256 of every picture; a killed page may have left some unknown. */
  private async hashed(id: string): Promise<Entry | undefined> {
    const entry = await this.box.entry(id);
    if (entry?.kind !== "report") return entry;
    for (const photo of entry.photos.filter((p) => p.sha256 === null)) {
      const bytes = await this.box.bytes(photo.id, "original");
      const digest = bytes ? hex(await sha256(bytes)) : null;
      await this.box.change<ReportEntry>(id, (now) =>
        withPhoto(now, photo.id, (p) => (digest ? { ...p, sha256: digest } : lost(p))),
      );
    }
    return this.box.entry(id);
  }

  private sendEdit({ edit }: Job & { lane: "edit" }): Promise<Outcome<Body>> {
    const request = {
      amend: { method: "PATCH", path: `/api/v1/reports/${edit.target}`, id: edit.target },
      answer: { method: "POST", path: `/api/v1/reports/${edit.target}/notes`, id: edit.id },
      read: { method: "PUT", path: `/api/v1/broadcasts/${edit.target}/read`, id: edit.target },
    }[edit.kind];
    const body = JSON.stringify(edit.body);
    const { id, ...to } = request;
    return send(this.wire, { ...to, body, headers: JSON_BODY }, (echo): echo is Body => {
      return isObject(echo) && echo.id === id;
    });
  }

  private async sendPreview(photo: PhotoEntry): Promise<Result> {
    const body = await this.box.bytes(photo.id, "preview");
    if (!body) return gone();
    const path = `/api/v1/photos/${photo.id}/preview`;
    const headers = { "Content-Type": "image/jpeg" };
    return send(this.wire, { method: "PUT", path, body, headers }, (echo) =>
      isReceipt(echo, photo),
    );
  }

  private async sendOriginal(entry: ReportEntry, photo: PhotoEntry): Promise<Sent> {
    const bytes = await this.box.bytes(photo.id, "original");
    if (!bytes) return gone();
    const upload = new OriginalUpload(this.wire, photo, bytes, {
      reached: async (address, uploaded) => {
        await this.box.change<ReportEntry>(entry.id, (now) =>
          withPhoto(now, photo.id, (p) => ({ ...p, upload: address, uploaded })),
        );
      },
      preempted: async () => {
        const job = await this.next();
        return job === null || job.lane !== "original";
      },
    });
    return upload.run();
  }

  private async record(job: Job, result: Exclude<Result, { kind: "preempted" }>): Promise<void> {
    const delivery = this.after(deliveryOf(job), result);
    if (result.kind === "later" && result.afterMs !== null && result.everything) {
      await this.box.keep(QUIET_UNTIL, this.host.now() + result.afterMs);
    }
    if (job.lane === "edit") {
      if (result.kind === "done") await this.box.removeEdit(job.edit.id);
      else await this.box.changeEdit(job.edit.id, (edit) => ({ ...edit, delivery }));
    } else if (job.lane === "words") {
      await this.recordWords(job.entry.id, delivery, result.kind === "done" ? result.body : null);
    } else {
      await this.recordPhoto(job.entry.id, job.photo.id, job.lane, delivery);
    }
  }

  private after(before: Delivery, result: Exclude<Result, { kind: "preempted" }>): Delivery {
    const now = this.host.now();
    const tries = before.tries + 1;
    if (result.kind === "done") {
      return { state: "done", tries, lastAt: now, nextAt: 0, why: null };
    }
    // a small picture that the service cannot use is not missed: the original will do
    if (result.why.code === "preview_refused") return { ...before, state: "done", why: result.why };
    const state = result.kind === "attention" ? "attention" : "waiting";
    const asked = result.kind === "later" ? (result.afterMs ?? 0) : 0;
    const nextAt = now + Math.max(asked, this.ownRest(before.tries, result.why));
    return { state, tries, lastAt: now, nextAt, why: result.why };
  }

  /** Silence lets everything rest alike; only after many is this one put behind the others. */
  private ownRest(tries: number, why: Why): number {
    if (!isSilence(why)) return this.backoff(tries);
    return tries < SILENCES ? 0 : 3 * this.backoff(tries);
  }

  private backoff(tries: number): number {
    const step = Math.min(
      LONGEST_WAIT_MS * 10,
      FIRST_WAIT_MS * 2 ** Math.min(tries, MOST_DOUBLINGS),
    );
    return step / 2 + (step / 2) * this.host.random();
  }

  private async recordWords(id: string, words: Delivery, echo: object | null): Promise<void> {
    await this.box.change<Entry>(id, (entry) => {
      const next = { ...entry, words };
      if (!echo) return next;
      const receipt = (echo as { properties?: { receipt?: string } }).properties?.receipt ?? null;
      const sent = { ...next, sentAt: this.host.now() };
      return settled(sent.kind === "report" ? { ...sent, receipt } : sent);
    });
  }

  private async recordPhoto(
    id: string,
    photo: string,
    lane: "preview" | "original",
    delivery: Delivery,
  ): Promise<void> {
    const entry = await this.box.change<ReportEntry>(id, (now) =>
      settled(withPhoto(now, photo, (p) => ({ ...p, [lane]: delivery }))),
    );
    if (entry && lane === "original" && delivery.state === "done") {
      await this.box.forgetOriginal(photo);
    }
  }
}

/** Everything has arrived: into the folder of what is sent. */
function settled<T extends Entry>(entry: T): T {
  return isDelivered(entry) ? { ...entry, folder: "sent" } : entry;
}

function bodyOf(entry: Entry): Readonly<Body> {
  return entry.kind === "report" ? reportBody(entry) : situationBody(entry);
}

/** It keeps everything, and not this one thing alone. */
function isOfTheLink(result: Exclude<Result, { kind: "preempted" }>): result is Kept {
  return result.kind === "locked" || (result.kind === "later" && result.everything);
}

type Kept = Extract<Result, { readonly why: Why }>;

function isSilence({ code }: Why): boolean {
  return code === "offline";
}

const JSON_BODY = { "Content-Type": "application/json" };

const GONE: Why = { code: "bytes_gone" };

/** The bytes are not on this phone any more: somebody cleared them, and a person must know. */
function gone(): Outcome<never> {
  return { kind: "attention", why: GONE };
}

/** A picture without bytes is not announced; the words go all the same. */
function lost(photo: PhotoEntry): PhotoEntry {
  return { ...photo, original: { ...photo.original, state: "attention", why: GONE } };
}

/** The service names this very thing, and every picture that was announced with its SHA-256. */
export function echoes(echo: unknown, id: string, sent: Readonly<Body>): echo is Body {
  if (!isObject(echo) || echo.id !== id) return false;
  const named = new Map(listOf(echo.properties, "photos").map((p) => [p.id, p.sha256]));
  return listOf(sent, "photos").every((photo) => named.get(photo.id) === photo.sha256);
}

function listOf(holder: unknown, name: string): Body[] {
  const list = isObject(holder) ? holder[name] : null;
  return Array.isArray(list) ? list.filter(isObject) : [];
}
