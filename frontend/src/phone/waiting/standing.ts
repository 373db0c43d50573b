/** How one entry of the outbox stands now: pure, from the entry and what is around it. */

import { t } from "../../core/language.ts";
import { clockSeconds } from "../../core/times.ts";
import {
  type Delivery,
  type Edit,
  type Entry,
  isUrgent,
  photosOf,
  type Why,
  worstOf,
} from "../../outbox/entry.ts";
import { allJobs, type Conditions } from "../../outbox/jobs.ts";
import { type Reason, reasonOf } from "./why.ts";

/** What is the same for all of them. */
export interface Circumstances {
  readonly now: number;
  readonly online: boolean;
  /** This phone has a key. */
  readonly joined: boolean;
  readonly lockedOut: boolean;
  /** Why the last try of anything failed. */
  readonly link: Why | null;
  readonly quietUntil: number;
  readonly sending: boolean;
  /** Originals wait for Wi-Fi, or for a person to let them go. */
  readonly held: boolean;
  /** Entry id -> how many pieces of work go before its first one. */
  readonly ahead: ReadonlyMap<string, number>;
}

export type Mood = "draft" | "sent" | "sending" | "waiting" | "attention";

export interface Standing {
  readonly mood: Mood;
  readonly reason: Reason | null;
  /** The same reason holds for the whole queue, and is said once above it. */
  readonly general: boolean;
  /** When it is tried again by itself (ms since 1970), if that is later than now. */
  readonly nextAt: number | null;
}

export function standingOf(entry: Entry, around: Circumstances): Standing {
  if (entry.folder !== "waiting") return still(entry.folder);
  const worst = worstOf(entry);
  if (worst.state === "attention") return attention(worst);
  const general = generalReason(around);
  const own = ownReason(entry, around);
  const mood = around.sending && !general && !own && isFirst(entry, around) ? "sending" : "waiting";
  if (own) return { mood, reason: own, general: false, nextAt: null };
  if (general) return { mood, reason: general, general: true, nextAt: nextAt(entry, around) };
  const reason = mood === "sending" ? null : queued(entry, around);
  return { mood, reason, general: false, nextAt: nextAt(entry, around) };
}

function still(mood: "draft" | "sent"): Standing {
  return { mood, reason: null, general: false, nextAt: null };
}

function attention({ why }: Delivery): Standing {
  const reason = reasonOf(why ?? { code: "failed" });
  return { mood: "attention", reason, general: false, nextAt: null };
}

/** What keeps everything here; null while the service answers. */
export function generalReason(around: Circumstances): Reason | null {
  const { joined, lockedOut, online, link, quietUntil, now } = around;
  if (!joined) {
    return {
      words: t("This phone has not joined yet"),
      todo: t("Scan headquarters' QR code. What waits here stays and is sent then."),
    };
  }
  if (lockedOut) return reasonOf({ code: "token_invalid" });
  if (!online) return reasonOf({ code: "offline" });
  if (quietUntil > now) {
    const words = t("The service asked to wait until {time}", { time: clockSeconds(quietUntil) });
    return { words, todo: t("It is sent by itself then.") };
  }
  return link ? reasonOf(link) : null;
}

/** What keeps only this one, whatever the link. */
function ownReason(entry: Entry, around: Circumstances): Reason | null {
  if (entry.words.state === "waiting") {
    if (entry.incident === null) {
      return {
        words: t("It belongs to no incident yet"),
        todo: t("Choose an incident. It is kept here until then."),
      };
    }
    return positionReason(entry, around);
  }
  if (!around.held || isSmallOnItsWay(entry)) return null;
  return {
    words: t("The words have arrived. The large pictures are held back"),
    todo: t("The button above lets them go. On Android they also go by themselves on Wi-Fi."),
  };
}

function isSmallOnItsWay(entry: Entry): boolean {
  return photosOf(entry).some((photo) => photo.preview?.state === "waiting");
}

function positionReason(entry: Entry, { now }: Circumstances): Reason | null {
  if (entry.kind !== "report" || isUrgent(entry) || entry.holdUntil <= now) return null;
  const time = clockSeconds(entry.holdUntil);
  return {
    words: t("Waiting for a better position until {time}", { time }),
    todo: t("Nothing to do: it goes then by itself."),
  };
}

/** Of a correction or an answer. */
export function standingOfEdit(edit: Edit, target: Entry | null, around: Circumstances): Standing {
  const { delivery } = edit;
  if (delivery.state === "attention") return attention(delivery);
  const next = delivery.nextAt > around.now ? delivery.nextAt : null;
  const waiting = { mood: "waiting", nextAt: next } as const;
  const general = generalReason(around);
  if (general) return { ...waiting, reason: general, general: true };
  if (target && target.words.state !== "done") {
    const words = t("It goes after its report");
    return { ...waiting, reason: { words, todo: "" }, general: false };
  }
  const reason = delivery.why ? reasonOf(delivery.why) : null;
  return { ...waiting, reason, general: false };
}

function queued(entry: Entry, { ahead }: Circumstances): Reason | null {
  const tried = waitingPart(entry);
  if (tried?.why) return reasonOf(tried.why);
  const before = ahead.get(entry.id) ?? 0;
  const words = before > 0 ? t("{n} to be sent before it", { n: before }) : t("To be sent next");
  return { words, todo: t("Nothing to do: it goes by itself.") };
}

function isFirst(entry: Entry, { ahead }: Circumstances): boolean {
  return ahead.get(entry.id) === 0;
}

function nextAt(entry: Entry, { now }: Circumstances): number | null {
  const at = waitingPart(entry)?.nextAt ?? 0;
  return at > now ? at : null;
}

function waitingPart(entry: Entry): Delivery | null {
  const parts = [entry.words, ...photosOf(entry).flatMap((p) => [p.preview, p.original])];
  return parts.find((part) => part?.state === "waiting") ?? null;
}

/** Entry id -> place of its first piece of work in the order of sending. */
export function placesInQueue(
  entries: readonly Entry[],
  edits: readonly Edit[],
  conditions: Pick<Conditions, "originals">,
): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  allJobs(entries, edits, conditions).forEach((job, at) => {
    const id = job.lane === "edit" ? job.edit.target : job.entry.id;
    if (!places.has(id)) places.set(id, at);
  });
  return places;
}
