/** What the lines of the outbox say and offer: an entry, a correction, an older report. */

import { t } from "../../core/language.ts";
import type { Report } from "../../core/report.ts";
import { dayTime } from "../../core/times.ts";
import { el } from "../../dom/element.ts";
import { say, withReadings } from "../../dom/say.ts";
import {
  type Edit,
  type Entry,
  type PhotoEntry,
  photosOf,
  type ReportEntry,
  type SituationEntry,
  worstOf,
} from "../../outbox/entry.ts";
import {
  categoryIcon,
  categoryWords,
  placeOfContent,
  placeOfReport,
  receiptGroups,
  severityMark,
  statusBadge,
} from "../around/report_words.ts";
import { choice, sure } from "../frame/ask.ts";
import { go } from "../frame/router.ts";
import { incidentName } from "../join/incident.ts";
import { reportOf } from "../lane/own.ts";
import { assignIncident, discard, tryAgain } from "../reports.ts";
import type { Phone } from "../screen.ts";
import { exportEntries } from "../waiting/export.ts";
import { uploadOf } from "../waiting/progress.ts";
import { doWithout, trySayingAgain, unsay } from "../waiting/queue.ts";
import { type Circumstances, standingOf, standingOfEdit } from "../waiting/standing.ts";
import type { Action, RowView } from "./outbox_row.ts";

/** One line of a folder. */
export type Line =
  | { readonly kind: "entry"; readonly entry: Entry }
  | { readonly kind: "edit"; readonly edit: Edit }
  /** Sent from this phone before, of which nothing but the service's copy is here. */
  | { readonly kind: "report"; readonly report: Report };

export function viewOf(phone: Phone, line: Line, around: Circumstances): RowView {
  if (line.kind === "edit") return editView(phone, line.edit, around);
  if (line.kind === "report") return olderView(phone, line.report);
  const { entry } = line;
  return entry.kind === "report"
    ? reportView(phone, entry, around)
    : situationView(phone, entry, around);
}

function reportView(phone: Phone, entry: ReportEntry, around: Circumstances): RowView {
  const { state } = phone;
  const { content, photos, receipt } = entry;
  const said = reportOf(state.mine.known.value, entry.id)?.report ?? null;
  const status = entry.folder === "sent" ? (said?.properties.status ?? null) : null;
  const place = said ? placeOfReport(said) : placeOfContent(content);
  const time = dayTime(content.captured_at ?? entry.createdAt, around.now);
  const code = receipt ? t("Receipt {code}", { code: receiptGroups(receipt) }) : "";
  return {
    href: entry.folder === "draft" ? `draft/${entry.id}` : `report/${entry.id}`,
    photo: photos[0]?.id ?? null,
    placeholder: categoryIcon(state.words, content.category),
    key: [content.category, content.detail, content.severity, status, photos[0]?.preview !== null],
    title: () => [
      el("strong", {}, categoryWords(state.words, content)),
      ...(content.severity === "unknown" ? [] : [severityMark(state.words, content.severity)]),
      ...(status ? [statusBadge(state.words, status)] : []),
    ],
    facts: [`${time} · ${place}`, code].filter(Boolean),
    standing: standingOf(entry, around),
    upload: photos.map(uploadOf).find((one) => one !== null) ?? null,
    actions: actionsOf(phone, entry),
  };
}

function situationView(phone: Phone, entry: SituationEntry, around: Circumstances): RowView {
  const { layer, feature, name, captured_at } = entry.content;
  return {
    href: `shelter/${encodeURIComponent(layer)}/${encodeURIComponent(feature)}`,
    photo: null,
    placeholder: "layer_shelter",
    key: name,
    title: () => [el("strong", {}, name)],
    facts: [`${dayTime(captured_at, around.now)} · ${t("State of a facility")}`],
    standing: standingOf(entry, around),
    upload: null,
    actions: actionsOf(phone, entry),
  };
}

function olderView({ state }: Phone, report: Report): RowView {
  const { category, detail, severity, status, receipt, captured_at, received_at } =
    report.properties;
  const time = dayTime(captured_at ?? received_at, Date.now());
  return {
    href: `report/${report.id}`,
    photo: null,
    placeholder: categoryIcon(state.words, category),
    key: [category, detail, severity, status],
    title: () => [
      el("strong", {}, categoryWords(state.words, { category, detail: detail ?? null })),
      severityMark(state.words, severity),
      statusBadge(state.words, status),
    ],
    facts: [
      `${time} · ${placeOfReport(report)}`,
      t("Receipt {code}", { code: receiptGroups(receipt) }),
    ],
    standing: null,
    upload: null,
    actions: [],
  };
}

function editView({ state }: Phone, edit: Edit, around: Circumstances): RowView {
  const target = state.entry(edit.target);
  const said = reportOf(state.mine.known.value, edit.target)?.report ?? null;
  const category =
    said?.properties.category ?? (target?.kind === "report" ? target.content.category : null);
  const code = said?.properties.receipt ?? (target?.kind === "report" ? target.receipt : null);
  const facts = [code ? t("Receipt {code}", { code: receiptGroups(code) }) : ""];
  return {
    href: `report/${edit.target}`,
    photo: null,
    placeholder: categoryIcon(state.words, category),
    key: [edit.kind, category],
    title: () => [el("strong", {}, editWords(edit)), categoryWords(state.words, { category })],
    facts: [dayTime(edit.createdAt, around.now), ...facts].filter(Boolean),
    standing: standingOfEdit(edit, target, around),
    upload: null,
    actions: edit.delivery.state === "attention" ? editActions(state, edit) : [],
  };
}

/** "Correction", "Answer": what an edit is, for lists. */
export function editWords({ kind, body }: Edit): Node {
  if (kind === "answer") return say("Answer to headquarters");
  if (body.withdrawn) return say("Withdrawal");
  if (body.photos_add) return say("More pictures");
  return say("Correction");
}

function editActions(state: Phone["state"], { id }: Edit): Action[] {
  const question = say("Give this correction up?");
  const drop = async () => {
    if (await sure({ question, action: say("Give up"), danger: true })) await unsay(state, id);
  };
  return [
    { id: "again", label: say("Try again"), act: () => void trySayingAgain(state, id) },
    { id: "drop", label: say("Give up"), act: () => void drop(), danger: true },
  ];
}

/** What a person can do about an entry, besides opening it. */
export function actionsOf(phone: Phone, entry: Entry): Action[] {
  const { state } = phone;
  const dropIt: Action = {
    id: "discard",
    label: say("Discard"),
    act: () => void discardAsked(phone, entry),
    danger: true,
  };
  if (entry.folder === "draft") {
    const act = () => go(`draft/${entry.id}`);
    return [dropIt, { id: "go on", label: say("Continue"), act, main: true }];
  }
  if (entry.folder === "sent") return [];
  const assign: Action = {
    id: "assign",
    label: entry.incident ? say("Another incident") : say("Choose an incident"),
    act: () => void assignAsked(phone, entry),
  };
  const unknown = entry.incident === null && state.incidents.value.length > 0;
  if (worstOf(entry).state !== "attention") return unknown ? [assign] : [];
  const again: Action = {
    id: "again",
    label: say("Try again"),
    act: () => void tryAgain(state, entry.id),
  };
  const save: Action = {
    id: "save",
    label: say("Save as a file"),
    act: () => void exportEntries(state, [entry.id]),
  };
  if (entry.words.state === "done") {
    return [again, ...photosOf(entry).filter(isStuck).slice(0, 1).map(without(phone, entry)), save];
  }
  const others = state.incidents.value.some(({ slug }) => slug !== entry.incident);
  return [again, ...(others ? [assign] : []), save, dropIt];
}

function isStuck(photo: PhotoEntry): boolean {
  return photo.original.state === "attention";
}

function without({ state }: Phone, { id }: Entry): (photo: PhotoEntry) => Action {
  return (photo) => ({
    id: `without ${photo.id}`,
    label: say("Do without the picture"),
    act: async () => {
      const question = say("The large picture will not be sent. Its words have arrived.");
      const action = say("Do without the picture");
      if (await sure({ question, action, danger: true })) await doWithout(state, id, photo.id);
    },
  });
}

async function discardAsked({ state }: Phone, entry: Entry): Promise<void> {
  const pictures = photosOf(entry).length;
  const question =
    pictures > 0
      ? say("Discard this report and its pictures? Nobody else has them.")
      : say("Discard this report? Nobody else has it.");
  if (await sure({ question, action: say("Discard"), danger: true })) {
    await discard(state, entry.id);
  }
}

async function assignAsked({ state }: Phone, entry: Entry): Promise<void> {
  const choices = state.incidents.value
    .filter(({ slug }) => slug !== entry.incident)
    .map((incident) => ({
      value: incident.slug,
      label: withReadings(incidentName(incident)),
    }));
  const question = say("Which incident does it belong to?");
  const chosen = await choice({ question, action: say("Choose") }, choices);
  if (chosen) await assignIncident(state, entry.id, chosen);
}
