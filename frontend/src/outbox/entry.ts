/**
 * What the phone keeps of a report until the service has it, and afterwards: plain data, as
 * IndexedDB stores it. Times are ms since 1970 unless they are texts (RFC 3339 with offset);
 * positions are degrees WGS 84, accuracies metres.
 */

/** How a radio-sized piece of work stands. */
export interface Delivery {
  readonly state: "waiting" | "done" | "attention";
  readonly tries: number;
  /** When it was last tried, and before when it is not tried again by itself. */
  readonly lastAt: number;
  readonly nextAt: number;
  readonly why: Why | null;
}

/** Why something waits or needs attention; `why.ts` has the words. */
export interface Why {
  readonly code: string;
  /** The service's own sentence, where it gave one. */
  readonly detail?: string;
  readonly status?: number;
}

export const UNSENT: Delivery = { state: "waiting", tries: 0, lastAt: 0, nextAt: 0, why: null };

export interface Fix {
  readonly lon: number;
  readonly lat: number;
  readonly accuracy_m: number | null;
  readonly fixed_at: string;
}

export interface Pin {
  readonly lon: number;
  readonly lat: number;
}

/** What an older photo says of itself. `taken_at` is the camera's clock, without zone if unknown. */
export interface PhotoSays {
  readonly lon: number | null;
  readonly lat: number | null;
  readonly taken_at: string | null;
}

export interface PhotoEntry {
  readonly id: string;
  readonly type: string;
  /** Bytes. */
  readonly size: number;
  /** Hex; null until it is known, which is before the words go out. */
  readonly sha256: string | null;
  /** Made by this page's camera, or chosen among older pictures. */
  readonly from: "camera" | "file";
  readonly says: PhotoSays | null;
  /** null: the report's own words announce it; else the edit that does. */
  readonly announcedBy: string | null;
  /** null while no small picture could be made. */
  readonly preview: Delivery | null;
  readonly original: Delivery;
  /** Where a begun upload goes on (tus), and how many bytes the service had. */
  readonly upload: string | null;
  readonly uploaded: number;
}

/** The members of a report's body (DESIGN 4.3) that people and sensors fill. */
export interface ReportContent {
  readonly category: string | null;
  readonly detail: string | null;
  readonly severity: string;
  readonly comment: string;
  readonly captured_at: string | null;
  readonly device_fix: Fix | null;
  readonly pin: Pin | null;
  readonly bearing_deg: number | null;
  readonly floor: string | null;
  readonly follows: string | null;
  readonly about: string | null;
}

export const NOTHING_SAID: ReportContent = {
  category: null,
  detail: null,
  severity: "unknown",
  comment: "",
  captured_at: null,
  device_fix: null,
  pin: null,
  bearing_deg: null,
  floor: null,
  follows: null,
  about: null,
};

/** How a facility is, at one time (PUT /situations/{uuid}); null = not looked at, never zero. */
export interface SituationContent {
  readonly layer: string;
  readonly feature: string;
  /** For the phone's own list. */
  readonly name: string;
  readonly captured_at: string;
  readonly operation: string | null;
  readonly congestion: string | null;
  readonly persons: number | null;
  readonly households: number | null;
  readonly car_stayers: number | null;
  readonly power: string | null;
  readonly water: string | null;
  readonly toilets: string | null;
  readonly needs: string;
  readonly note: string;
}

export type Folder = "draft" | "waiting" | "sent";

interface Kept {
  readonly id: string;
  readonly folder: Folder;
  readonly createdAt: number;
  /** null = 未割当: kept until an incident is known. */
  readonly incident: string | null;
  readonly words: Delivery;
  /** The body as it was sent first: every later try sends the same, word for word. */
  readonly frozen: Readonly<Record<string, unknown>> | null;
  readonly sentAt: number | null;
}

export interface ReportEntry extends Kept {
  readonly kind: "report";
  readonly content: ReportContent;
  readonly photos: readonly PhotoEntry[];
  /** Until then the position may still get better, and the words wait for it. */
  readonly holdUntil: number;
  readonly receipt: string | null;
}

export interface SituationEntry extends Kept {
  readonly kind: "situation";
  readonly content: SituationContent;
}

export type Entry = ReportEntry | SituationEntry;

/** Something said later: an author's correction, an answer, "I have read this broadcast". */
export interface Edit {
  readonly id: string;
  readonly kind: "amend" | "answer" | "read";
  /** The report's or the broadcast's id. */
  readonly target: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly createdAt: number;
  readonly delivery: Delivery;
}

export function isUrgent(entry: Entry): boolean {
  return entry.kind === "report" && entry.content.category === "rescue";
}

export function isReportEntry(entry: Entry): entry is ReportEntry {
  return entry.kind === "report";
}

/** Everything the service shall have of it has arrived. */
export function isDelivered(entry: Entry): boolean {
  if (entry.words.state !== "done") return false;
  return entry.kind === "situation" || entry.photos.every(photoIsDelivered);
}

export function photoIsDelivered(photo: PhotoEntry): boolean {
  return photo.original.state === "done";
}

/** The one thing that most needs a person's eye, else the first that waits. */
export function worstOf(entry: Entry): Delivery {
  const all = [entry.words, ...photosOf(entry).flatMap((p) => [p.preview, p.original])].filter(
    (one): one is Delivery => one !== null,
  );
  return (
    all.find((one) => one.state === "attention") ??
    all.find((one) => one.state === "waiting") ??
    entry.words
  );
}

export function photosOf(entry: Entry): readonly PhotoEntry[] {
  return entry.kind === "report" ? entry.photos : [];
}

export function withPhoto(
  entry: ReportEntry,
  id: string,
  change: (photo: PhotoEntry) => PhotoEntry,
): ReportEntry {
  return { ...entry, photos: entry.photos.map((p) => (p.id === id ? change(p) : p)) };
}
