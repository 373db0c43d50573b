/** The publisher's pages: each works as a plain form; what a screen adds is started here. */

import { useLanguage } from "../core/language.ts";
import { useZone } from "../core/times.ts";
import { type PageData, readPageData } from "./page_data.ts";

const SCREENS: Readonly<Record<string, (page: PageData) => void>> = {};

const page = readPageData();
if (page) {
  useLanguage(page.language, page.catalogue);
  useZone(page.time_zone);
  SCREENS[page.screen]?.(page);
}
