/**
 * Rescues and dangers to life that nobody has accepted: above the list, whatever it shows, and
 * heard until a named person accepts.
 */

import { ngettext, t } from "../core/language.ts";
import type { Report } from "../core/report.ts";
import { byUrgency, overdue } from "../core/review.ts";
import { serverNow } from "../core/server_clock.ts";
import { timeAgo } from "../core/times.ts";
import { button, byId, el } from "../dom/element.ts";
import { icon } from "../dom/icon.ts";
import { redraw } from "../dom/redraw.ts";
import { reportMark } from "../map/report_icon.ts";
import { acceptReport } from "./decide.ts";
import type { Desk } from "./desk.ts";
import { ringUntilAccepted } from "./pinned_tone.ts";
import { claimTag, placeWords, what } from "./row.ts";
import type { Sound } from "./sound.ts";

/** The others are one press away; the list below must stay in sight. */
const MOST = 30;
/** Ages in words go stale by themselves (ms). */
const TICK_MS = 10_000;

export class Pinned {
  private readonly desk: Desk;

  constructor(desk: Desk, sound: Sound) {
    this.desk = desk;
    // where there is an alarm, it rings for those that are late, or is asked to be quiet
    const until = desk.mayEdit ? desk.page.review.alarm_after_s : null;
    ringUntilAccepted(desk.urgent, { until, ring: () => sound.play("urgent") });
    desk.urgent.watch(() => this.show());
    desk.urgentCounts.told.changed(() => this.show());
    desk.claims.others.changed(() => this.show());
    desk.selected.changed(() => this.show());
    setInterval(() => this.show(), TICK_MS);
  }

  private show(): void {
    const { desk } = this;
    const box = byId("pinned");
    const sorted = [...desk.urgent.value].sort(byUrgency);
    const shown = sorted.slice(0, MOST);
    const count = Math.max(sorted.length, desk.urgentCounts.told.value?.all ?? 0);
    box.hidden = sorted.length === 0;
    const late = new Set(overdue(shown, serverNow(), desk.page.review.alarm_after_s));
    const lines = shown.map((report) => ({
      report,
      late: late.has(report),
      ...this.around(report),
    }));
    const key = lines.map(({ report, ...looks }) => [report.id, report.properties.seq, looks]);
    redraw(box, [key, count], () => [
      el("h3", {}, icon("ui_alert"), headWords(count)),
      el("ul", {}, ...lines.map((line) => this.line(line.report, line))),
      count > shown.length && el("p", { class: "quiet" }, moreWords(count - shown.length)),
    ]);
  }

  private around({ id, properties }: Report) {
    return {
      age: timeAgo(properties.received_at, Date.now()),
      claims: this.desk.claims.of(id),
      isOpen: this.desk.selected.value === id,
    };
  }

  private line(report: Report, { late, age, claims, isOpen }: Looks): HTMLElement {
    const { desk } = this;
    const open = button("", () => desk.open(report.id), { class: "pinned-open" });
    if (isOpen) open.setAttribute("aria-current", "true");
    open.append(
      reportMark(report, desk.words),
      el("span", { class: "pinned-what" }, what(report, desk.words)),
      el("span", { class: "pinned-where" }, placeWords(report)),
      el("span", { class: "pinned-age" }, age),
    );
    if (claims.length > 0) open.append(claimTag(claims));
    const accept = button(t("Accept"), () => void acceptReport(report, desk), {
      class: "primary pinned-accept",
    });
    accept.append(el("span", { class: "unseen" }, ` ${report.properties.receipt}`));
    const look = { class: late ? "pinned-line late" : "pinned-line", id: `pinned-${report.id}` };
    return el("li", look, open, desk.mayEdit && accept);
  }
}

interface Looks {
  readonly late: boolean;
  readonly age: string;
  readonly claims: readonly string[];
  readonly isOpen: boolean;
}

function headWords(n: number): string {
  return ngettext("Not accepted yet: {n}", "Not accepted yet: {n}", n);
}

function moreWords(n: number): string {
  return ngettext("and {n} more", "and {n} more", n);
}
