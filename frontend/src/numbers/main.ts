/** The page of numbers: they follow the reports; without scripts it is as of its opening. */

import { Api } from "../core/api.ts";
import { useLanguage } from "../core/language.ts";
import { useZone } from "../core/times.ts";
import { byId } from "../dom/element.ts";
import { followPage } from "../hq/follow_page.ts";
import { setUpTheme } from "../hq/theme.ts";
import { Body } from "./body.ts";
import { type PageData, readPageData } from "./page_data.ts";

const page = readPageData();
useLanguage(page.language, page.catalogue);
useZone(page.time_zone);
setUpTheme(byId("theme"));
setUpPrint();
follow(page);

function follow(page: PageData): void {
  const asked = new URLSearchParams(page.query);
  asked.set("part", "body");
  // what another screen has got a moment ago will do, if it holds what this one knows of
  const url = () => {
    asked.set("v", String(feed.position.cursor));
    return `${page.urls.numbers}?${asked}`;
  };
  const body = new Body(url, byId("numbers"));
  const feed = followPage(page, new Api({ csrf: page.csrf }), {
    apply: (items, gone) => {
      if ([...items, ...gone].some(({ kind }) => kind === "report")) body.again();
    },
    begins: () => body.again(),
  });
}

function setUpPrint(): void {
  const print = byId("print");
  print.hidden = false;
  print.addEventListener("click", () => window.print());
  // paper cannot be unfolded
  window.addEventListener("beforeprint", () => {
    for (const list of document.querySelectorAll("details.silent")) list.setAttribute("open", "");
  });
}
