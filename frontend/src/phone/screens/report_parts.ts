/** Parts of one report's screen that only tell: what, receipt, acceptance, pictures, facts, history. */

import { t } from "../../core/language.ts";
import type { Photo, Report } from "../../core/report.ts";
import { dayTime, timeAgo } from "../../core/times.ts";
import type { Vocabulary } from "../../core/vocabulary.ts";
import { el } from "../../dom/element.ts";
import { icon } from "../../dom/icon.ts";
import { plain, say, withReadings } from "../../dom/say.ts";
import {
  categoryIcon,
  categoryWords,
  placeOfContent,
  placeOfReport,
  receiptGroups,
  severityMark,
  spelled,
  statusBadge,
} from "../around/report_words.ts";
import { rescueBanner } from "../frame/rescue.ts";
import type { Thumbs } from "../frame/thumbs.ts";
import type { Heard } from "../lane/own.ts";
import type { Subject } from "./report_subject.ts";

export function headNodes(subject: Subject, words: Vocabulary): Node[] {
  const { category, severity, status } = subject;
  const title = el(
    "h1",
    { class: "report-title" },
    icon(categoryIcon(words, category)),
    el("span", {}, categoryWords(words, subject)),
  );
  const marks = [
    el(
      "span",
      { class: "status" },
      severityMark(words, severity),
      el("span", {}, withReadings(words.label("severity", severity))),
    ),
    ...(status ? [statusBadge(words, status)] : []),
  ];
  return [title, el("p", { class: "row" }, ...marks)];
}

/** Large enough to be read over the radio, with the words for its letters. */
export function receiptNodes(receipt: string | null): Node[] {
  if (!receipt) return [];
  const letters = [...receipt];
  const names = spelled(receipt);
  const aid = letters.map((letter, at) => {
    const name = names[at] === letter ? null : el("span", { lang: "en" }, names[at]);
    return el("li", {}, el("b", {}, letter), name);
  });
  return [
    el("h2", { class: "small-title" }, say("Receipt code")),
    el("p", { class: "receipt", "aria-label": letters.join(" ") }, receiptGroups(receipt)),
    el("ul", { class: "spelling", "aria-label": plain("Over the radio") }, ...aid),
  ];
}

/** 本部 受領: the one thing that somebody who waits for rescue wants to know. */
export function acceptedNodes({ report, category, status }: Subject): Node[] {
  if (category !== "rescue") return [];
  const accepted = report && acceptedWords(report);
  if (accepted) {
    const words = say("Headquarters has it: {who}", { who: accepted });
    return [el("p", { class: "banner banner--ok" }, icon("ui_check"), el("strong", {}, words))];
  }
  const words = status ? say("Headquarters has not confirmed it yet") : say("Not sent yet");
  return [
    el("p", { class: "banner banner--error" }, icon("ui_alert"), el("strong", {}, words)),
    rescueBanner(),
  ];
}

/** Who had it first, and when. */
export function acceptedWords({ properties }: Report): string | null {
  const { accepted_at, accepted_by } = properties;
  if (!accepted_at) return null;
  return `${accepted_by || plain("Headquarters")}, ${dayTime(accepted_at, Date.now())}`;
}

export function decidedNodes({ report, status, erased }: Subject): Node[] {
  if (erased) {
    const words = say("This report was erased. Nothing of it is kept by the service.");
    return [el("p", { class: "banner banner--warn" }, icon("ui_trash"), words)];
  }
  const { reason, merged_into: into } = report?.properties ?? {};
  const nodes: Node[] = [];
  if (status === "duplicate" && into) {
    const link = el("a", { href: `/m/report/${into}`, "data-go": `report/${into}` });
    link.append(say("Open the other report"));
    nodes.push(el("p", {}, say("Headquarters has merged it into another report."), " ", link));
  }
  if (reason) nodes.push(el("p", {}, el("b", {}, say("Reason:")), " ", reason));
  return nodes.length > 0 ? [el("div", { class: "card" }, ...nodes)] : [];
}

/** The phone's own copies first: they are there without a network. */
export async function photoNodes(subject: Subject, thumbs: Thumbs): Promise<Node[]> {
  const said = new Map((subject.report?.properties.photos ?? []).map((one) => [one.id, one]));
  const here = new Map((subject.entry?.photos ?? []).map((one) => [one.id, one]));
  const ids = [...new Set([...here.keys(), ...said.keys()])];
  const made = ids.map(async (id, at) => {
    const alt = plain("Photo {n}", { n: at + 1 });
    const src = (here.has(id) ? await thumbs.url(id) : null) ?? addressOf(said.get(id));
    return photoFrame(src, alt, said.get(id)?.state ?? "awaited");
  });
  return Promise.all(made);
}

function addressOf(photo: Photo | undefined): string | null {
  return photo?.display_url ?? photo?.preview_url ?? photo?.thumb_url ?? null;
}

function photoFrame(src: string | null, alt: string, state: string): HTMLElement {
  const missing = () => {
    const words = el("span", {}, say("The picture is not on this phone"));
    return el("span", { class: "photo photo--missing" }, icon(`photo_${state}`), words);
  };
  if (!src) return missing();
  const image = el("img", { src, alt, loading: "lazy", decoding: "async" });
  const frame = el("span", { class: "photo" }, image);
  image.addEventListener("error", () => frame.replaceWith(missing()));
  return frame;
}

export function factNodes(subject: Subject, now: number): Node[] {
  const { entry, report, comment, floor, capturedAt } = subject;
  const place = report ? placeOfReport(report) : entry ? placeOfContent(entry.content) : "";
  const received = report?.properties.received_at;
  const accuracy = report?.properties.accuracy_m;
  const rows: [string, string][] = [
    [t("Comment"), comment],
    [t("Place"), place],
    [t("Accuracy"), accuracy ? t("±{n} m", { n: Math.round(accuracy) }) : ""],
    [t("Floor"), floor ?? ""],
    [t("Taken"), capturedAt ? timeAgo(capturedAt, now) : ""],
    [t("Arrived"), received ? timeAgo(received, now) : ""],
    [t("Headquarters has it"), (report && acceptedWords(report)) ?? ""],
  ];
  const shown = rows.filter(([, value]) => value !== "");
  const parts = shown.flatMap(([name, value]) => [
    el("dt", {}, withReadings(name)),
    el("dd", {}, withReadings(value)),
  ]);
  return [el("dl", { class: "facts" }, ...parts)];
}

/** What this phone has heard, and when: the service does not tell the times of all steps. */
export function historyNodes({ heard, entry }: Subject, words: Vocabulary, now: number): Node[] {
  const steps: { at: number; words: Node }[] = heard.flatMap((one, at) =>
    stepsOf(one, heard[at - 1], words),
  );
  if (entry) {
    steps.unshift({ at: entry.createdAt, words: say("Written on this phone") });
    if (entry.sentAt) steps.push({ at: entry.sentAt, words: say("Words arrived at the service") });
  }
  const items = steps
    .sort((a, b) => a.at - b.at)
    .map(({ at, words: said }) =>
      el("li", {}, el("span", { class: "soft" }, dayTime(at, now)), " ", said),
    );
  if (items.length === 0) return [];
  return [
    el("h2", { class: "small-title" }, say("What this phone has heard")),
    el("ol", { class: "history" }, ...items),
  ];
}

function stepsOf(one: Heard, before: Heard | undefined, words: Vocabulary) {
  const steps: { at: number; words: Node }[] = [];
  if (one.accepted && !before?.accepted) {
    steps.push({ at: one.at, words: say("Headquarters has it") });
  }
  if (one.status !== before?.status) {
    steps.push({ at: one.at, words: withReadings(words.label("status", one.status)) });
  }
  return steps;
}
