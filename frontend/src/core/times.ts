/** Times as the incident's zone shows them: 14:05（3分前）, 11月22日（日）. Input is RFC 3339. */

import { language, ngettext, t } from "./language.ts";

let zone = "Asia/Tokyo";

export function useZone(name: string): void {
  zone = name;
}

/** 14:05 */
export function clockTime(at: string | number): string {
  return format(at, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}

/** 14:05:09 */
export function clockSeconds(at: string | number): string {
  const parts = { hour: "2-digit", minute: "2-digit", second: "2-digit" } as const;
  return format(at, { ...parts, hourCycle: "h23" });
}

/** 11月22日（日） · Sun, Nov 22 */
export function day(at: string | number): string {
  const text = format(at, { month: "long", day: "numeric", weekday: "short" });
  return text.replace("(", "（").replace(")", "）");
}

/** The time alone today, with the day when it is another one, and the year when that is. */
export function dayTime(at: string | number, now: number): string {
  const same = dayKey(at) === dayKey(now);
  return same ? clockTime(at) : `${shortDay(at, now)} ${clockTime(at)}`;
}

/** 14:05（3分前）; older than a day the distance says less than the date. */
export function timeAgo(at: string | number, now: number): string {
  const seconds = Math.round((now - millis(at)) / 1000);
  const distance = ago(seconds);
  const time = dayTime(at, now);
  if (distance === null) return time;
  return t("{time} ({ago})", { time, ago: distance });
}

/** 2016-04-16 02:11:00 +09:00, for the detail and for copying. */
export function exactTime(at: string): string {
  const parts = { year: "numeric", month: "2-digit", day: "2-digit" } as const;
  return `${format(at, parts, "sv-SE")} ${clockSeconds(at)}`;
}

export function ago(seconds: number): string | null {
  if (seconds < 0 || seconds >= 86_400) return null;
  if (seconds < 60) return t("just now");
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return ngettext("{n} min ago", "{n} min ago", minutes);
  return ngettext("{n} h ago", "{n} h ago", Math.floor(minutes / 60));
}

/** How long between two times, in words: 4 分, 2 時間. Seconds, sign ignored. */
export function duration(seconds: number): string {
  const whole = Math.abs(Math.round(seconds));
  if (whole < 60) return ngettext("{n} s", "{n} s", whole);
  if (whole < 3_600) return ngettext("{n} min", "{n} min", Math.round(whole / 60));
  if (whole < 172_800) return ngettext("{n} h", "{n} h", Math.round(whole / 3_600));
  return ngettext("{n} day", "{n} days", Math.round(whole / 86_400));
}

// Of another year a date without it would be taken for this one's.
function shortDay(at: string | number, now: number): string {
  const other = dayKey(at).slice(0, 4) !== dayKey(now).slice(0, 4);
  return format(at, { ...(other && { year: "numeric" }), month: "numeric", day: "numeric" });
}

function dayKey(at: string | number): string {
  return format(at, { year: "numeric", month: "numeric", day: "numeric" }, "sv-SE");
}

function millis(at: string | number): number {
  return typeof at === "number" ? at : Date.parse(at);
}

const formats = new Map<string, Intl.DateTimeFormat>();

// Making a DateTimeFormat costs more than using it a thousand times, and lists are long.
function format(at: string | number, options: Intl.DateTimeFormatOptions, as?: string): string {
  const tongue = as ?? language();
  const key = JSON.stringify([tongue, zone, options]);
  const made = formats.get(key) ?? new Intl.DateTimeFormat(tongue, { ...options, timeZone: zone });
  formats.set(key, made);
  return Number.isNaN(millis(at)) ? "" : made.format(millis(at));
}
