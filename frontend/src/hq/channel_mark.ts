/** On a report that was told to headquarters: how it came. Nothing on what a phone of ours sent. */

import { t } from "../core/language.ts";
import type { Report } from "../core/report.ts";
import type { Vocabulary } from "../core/vocabulary.ts";
import { el } from "../dom/element.ts";
import { icon } from "../dom/icon.ts";

export function channelMark({ properties }: Report, words: Vocabulary): HTMLElement | null {
  const { channel } = properties;
  if (!channel) return null;
  const how = words.label("channel", channel);
  const mark = el("span", { class: "channel-mark", title: t("Came by: {how}", { how }) }, how);
  mark.prepend(icon(words.term("channel", channel)?.icon ?? "channel_phone"));
  return mark;
}
