/** Whether the public sees a report, and the buttons that change it. */

import { t } from "../core/language.ts";
import { hindrance, isPublic } from "../core/release.ts";
import type { Report, ReportProperties } from "../core/report.ts";
import { button, el } from "../dom/element.ts";
import { icon } from "../dom/icon.ts";
import { change } from "./decide.ts";
import type { Desk } from "./desk.ts";
import { askRelease } from "./release_dialog.ts";

export function releaseSection(report: Report, desk: Desk): HTMLElement {
  const { properties } = report;
  const released = properties.release === "public";
  const why = reasonAgainst(properties);
  const note = why ?? (released ? null : t("The public does not see this report."));
  return el(
    "section",
    { class: "release-part" },
    el("h3", {}, t("For the public")),
    isPublic(properties) ? told(properties) : null,
    note ? el("p", { id: "release-note", class: "quiet" }, note) : null,
    el(
      "p",
      { class: "buttons" },
      released && why ? null : openButton(report, desk, why !== null),
      released ? takeBackButton(report, desk) : null,
    ),
  );
}

function told({ public_text }: ReportProperties): HTMLElement {
  if (public_text) return el("p", { class: "comment" }, public_text);
  return el("p", { class: "comment none" }, t("Released without a text"));
}

function reasonAgainst(properties: ReportProperties): string | null {
  const against = hindrance(properties);
  if (against === "rescue") return t("Rescues are never shown to the public.");
  if (against === null) return null;
  return t("What is rejected, withdrawn or a duplicate is not shown to the public.");
}

function openButton(report: Report, desk: Desk, disabled: boolean): HTMLElement {
  const released = report.properties.release === "public";
  const says = released ? t("Change what is public…") : t("Release…");
  const made = button("", () => void release(report, desk), {
    id: "release-open",
    disabled,
    "aria-describedby": disabled ? "release-note" : null,
  });
  made.append(icon("release_public"), says);
  return made;
}

function takeBackButton(report: Report, desk: Desk): HTMLElement {
  const act = () => void change(report, { release: "none" }, desk);
  const made = button("", act, { id: "release-take-back" });
  made.append(icon("release_none"), t("Take back"));
  return made;
}

// What was typed outlives a failed try (no connection, somebody was faster).
const drafts = new Map<string, string>();

async function release(report: Report, desk: Desk): Promise<void> {
  const edit = await askRelease(report, desk, drafts.get(report.id));
  drafts.delete(report.id);
  if (edit === null) return;
  drafts.set(report.id, edit.public_text);
  if (await change(report, { release: "public", ...edit }, desk)) drafts.delete(report.id);
}
