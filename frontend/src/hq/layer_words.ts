/** Names of layers and places, and whose word they are: who said it and who put it here. */

import { language, t } from "../core/language.ts";
import type { LayerFeature, LayerInfo } from "../core/layer.ts";
import { dayTime } from "../core/times.ts";

interface Named {
  readonly name?: string | null;
  readonly name_en?: string | null;
}

export function inLanguage({ name, name_en }: Named): string | null {
  return (language() === "en" && name_en) || name || null;
}

export function publisherName({ publisher }: LayerInfo): string | null {
  return publisher ? inLanguage(publisher) : null;
}

export function layerTitle(info: LayerInfo): string {
  return (language() === "en" && info.title_en) || info.title;
}

export function featureName({ properties }: LayerFeature): string | null {
  return inLanguage(properties);
}

/** 熊本市発表 14:05 ／ 掲載 北九州市 14:20: the source and the publisher, each with its own time. */
export function sourceLine(about: {
  readonly source_name?: string | null;
  readonly source_as_of?: string | null;
  readonly publisher?: string | null;
  readonly published_at?: string | null;
}): string {
  const { source_name, publisher } = about;
  const source = source_name || t("Source not given");
  const said = t("{source}, as of {time}", { source, time: timeOf(about.source_as_of) });
  const time = timeOf(about.published_at);
  if (!publisher || publisher === source_name)
    return t("{said} / published {time}", { said, time });
  return t("{said} / published by {publisher} {time}", { said, publisher, time });
}

export function layerSource(info: LayerInfo): string {
  return sourceLine({ ...info, publisher: publisherName(info) });
}

function timeOf(at: string | null | undefined): string {
  return at ? dayTime(at, Date.now()) : t("time not given");
}
