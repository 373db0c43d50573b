/**
 * Somebody in danger whom nobody has accepted for too long: a bar across the page, a tone, a
 * blinking title. For every page of headquarters; it ends when a named person accepts, not before.
 */

import { ngettext, number, t } from "../core/language.ts";
import type { Observable } from "../core/observable.ts";
import type { Report } from "../core/report.ts";
import { hasNew, overdue } from "../core/review.ts";
import { serverNow } from "../core/server_clock.ts";
import { dayTime, duration } from "../core/times.ts";
import { button, el } from "../dom/element.ts";
import { icon } from "../dom/icon.ts";
import { type Sound, soundSwitch } from "./sound.ts";
import type { UrgentCounts } from "./urgent_counts.ts";

const LOOK_MS = 1_000;
const REPEAT_MS = 10_000;
/** Long enough to telephone; the bar stays. */
const QUIET_MS = 120_000;

export interface AlarmHands {
  /** Seconds that one may wait. */
  readonly after: number;
  /** Of those that the page does not hold, too, where there are more. */
  readonly counts: UrgentCounts;
  /** So many come at most: there may be more than that until they are counted. */
  readonly most?: number;
  readonly sound: Sound;
  readonly open: (id: string) => void;
}

/** urgent: what nobody has accepted, of the whole incident. */
export function mountAlarm(urgent: Observable<readonly Report[]>, hands: AlarmHands): void {
  if (!document.getElementById("alarm")) new Alarm(urgent, hands);
}

class Alarm {
  private readonly urgent: Observable<readonly Report[]>;
  private readonly hands: AlarmHands;
  private readonly words = el("strong", { class: "alarm-words", role: "alert" });
  private readonly age = el("span", { class: "alarm-age" });
  private readonly bar: HTMLElement;
  private readonly title = new Title();
  private late: readonly Report[] = [];
  private soundedAt = 0;
  private quietUntil = 0;

  constructor(urgent: Observable<readonly Report[]>, hands: AlarmHands) {
    this.urgent = urgent;
    this.hands = hands;
    const open = button(t("Open the oldest"), () => this.open(), {
      id: "alarm-open",
    });
    const quiet = button(t("Quiet for 2 min"), () => this.quiet(), { class: "alarm-quiet" });
    this.bar = el(
      "section",
      { id: "alarm", class: "alarm", "aria-label": t("Alarm"), hidden: true },
      icon("ui_alert"),
      this.words,
      this.age,
      open,
      quiet,
      soundSwitch(hands.sound),
    );
    document.body.prepend(this.bar);
    urgent.watch(() => this.look());
    hands.counts.told.changed(() => this.show());
    setInterval(() => this.look(), LOOK_MS);
  }

  private look(): void {
    const late = overdue(this.urgent.value, serverNow(), this.hands.after);
    const isMore = hasNew(late, this.late);
    const another = isMore || late.length !== this.late.length;
    this.late = late;
    if (isMore) this.hear();
    if (another) this.show();
    if (late.length === 0) return;
    this.showAge();
    if (Date.now() - this.soundedAt >= REPEAT_MS && Date.now() > this.quietUntil) this.ring();
  }

  /** A new one is heard at once, whatever was silenced before; one that is accepted is not. */
  private hear(): void {
    this.quietUntil = 0;
    this.soundedAt = 0;
  }

  private show(): void {
    const { most = Number.POSITIVE_INFINITY, counts } = this.hands;
    const [held, told] = [this.late.length, counts.told.value];
    // what has just come or become late is not counted yet
    const found = held === 0 ? 0 : Math.max(held, told?.late ?? 0);
    const n = `${number(found)}${told === null && held >= most ? "+" : ""}`;
    this.bar.hidden = found === 0;
    this.words.textContent = found === 0 ? "" : alarmWords(found, n);
    this.title.blink(found === 0 ? null : t("Not accepted: {n}", { n }));
    // the map is as large as what is left
    window.dispatchEvent(new Event("resize"));
  }

  private showAge(): void {
    const [oldest] = this.late;
    const since = serverNow() - Date.parse(oldest?.properties.received_at ?? "");
    const text = t("longest {time}", { time: duration(since / 1000) });
    if (this.age.textContent !== text) this.age.textContent = text;
  }

  private ring(): void {
    this.soundedAt = Date.now();
    this.hands.sound.play("alarm");
  }

  private quiet(): void {
    this.quietUntil = Date.now() + QUIET_MS;
  }

  private open(): void {
    if (this.late[0]) this.hands.open(this.late[0].id);
  }
}

/** n: as it is said. */
function alarmWords(found: number, n: string): string {
  return ngettext(
    "{n} rescue or danger to life: accepted by nobody yet",
    "{n} rescues or dangers to life: accepted by nobody yet",
    found,
    { n },
  );
}

/** Silence is no good news where nobody can ask: the bar says since when (ms since 1970). */
export function mountUnread(unread: Observable<number | null>): void {
  const words = el("strong", { class: "alarm-words", role: "alert" });
  const bar = el("section", { id: "alarm-unread", class: "alarm", "aria-label": t("Alarm") });
  bar.append(icon("ui_alert"), words);
  document.body.prepend(bar);
  unread.watch((since) => {
    bar.hidden = since === null;
    words.textContent =
      since === null
        ? ""
        : t("The alarm cannot be read since {time}.", { time: dayTime(since, Date.now()) });
  });
}

/** The page's title, for whoever has another tab in front. */
class Title {
  private readonly calm = document.title;
  private blinks: ReturnType<typeof setInterval> | undefined;

  blink(words: string | null): void {
    clearInterval(this.blinks);
    if (words === null) {
      document.title = this.calm;
      return;
    }
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const loud = `⚠ ${words}`;
    document.title = loud;
    if (still) return;
    this.blinks = setInterval(() => {
      document.title = document.title === loud ? this.calm : loud;
    }, LOOK_MS);
  }
}
