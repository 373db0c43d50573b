/** Whether the public sees a report, and the buttons that change it. */

import { t } from "../core/language.ts";
import { hindrance, isPublic } from "../core/release.ts";
import type { PublicCopy, Report, ReportProperties } from "../core/report.ts";
import { button, el } from "../dom/element.ts";
import { icon } from "../dom/icon.ts";
import { change } from "./decide.ts";
import type { Desk } from "./desk.ts";
import { askRelease, type ReleaseDraft } from "./release_dialog.ts";

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
    properties.release_how === "rule" ? byRule(desk) : null,
    ...(properties.public_photos ?? []).map(shownPhoto),
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

function byRule({ page }: Desk): HTMLElement {
  const rules = el("a", { href: page.urls.release_rules }, t("The rules"));
  return el("p", { class: "by-rule" }, t("Released by a rule, not by hand."), " ", rules);
}

function shownPhoto({ display_url, thumb_url }: PublicCopy): HTMLElement {
  const image = el("img", { src: thumb_url, alt: t("Photo as shown") });
  return el("a", { href: display_url, target: "_blank", class: "shown-photo" }, image);
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

// What was entered outlives a failed try (no connection, somebody was faster).
const drafts = new Map<string, ReleaseDraft>();

async function release(report: Report, desk: Desk): Promise<void> {
  const answer = await askRelease(report, desk, drafts.get(report.id));
  drafts.delete(report.id);
  if (answer === null) return;
  drafts.set(report.id, answer);
  if (await change(report, { release: "public", ...answer.edit }, desk)) drafts.delete(report.id);
}
