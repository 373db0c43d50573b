/** Entries as the service wants them (DESIGN 4.3): the body that is frozen at the first try. */

import type { PhotoEntry, ReportEntry, SituationEntry } from "./entry.ts";

type Body = Readonly<Record<string, unknown>>;

/** Every photo must be hashed, and the category chosen. Without `sent_at`, which each try stamps. */
export function reportBody(entry: ReportEntry): Body {
  const photos = entry.photos.filter(isOfTheWords).map(announced);
  const { comment, ...said } = entry.content;
  return { incident: entry.incident, ...said, comment: comment || null, photos };
}

export function situationBody(entry: SituationEntry): Body {
  const { name: _, needs, note, ...said } = entry.content;
  return { incident: entry.incident, ...said, needs: needs || null, note: note || null };
}

/** The others are announced by an edit, or their bytes were lost before anything was sent. */
function isOfTheWords(photo: PhotoEntry): boolean {
  return photo.announcedBy === null && photo.sha256 !== null;
}

export function announced(photo: PhotoEntry): Body {
  const { id, sha256, size, type } = photo;
  return { id, sha256, size, type };
}
