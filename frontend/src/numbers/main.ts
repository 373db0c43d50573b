/** The page of numbers: they follow the reports; without scripts it is as of its opening. */

import { Api } from "../core/api.ts";
import { Feed } from "../core/feed.ts";
import { useLanguage } from "../core/language.ts";
import { useZone } from "../core/times.ts";
import { byId } from "../dom/element.ts";
import { showBadge } from "../hq/bar.ts";
import { browserHost, checkAudience, listenToBrowser } from "../hq/browser_host.ts";
import { setUpTheme } from "../hq/theme.ts";
import { Body } from "./body.ts";
import { type PageData, readPageData } from "./page_data.ts";

const page = readPageData();
useLanguage(page.language, page.catalogue);
useZone(page.time_zone);
setUpTheme(byId("theme"));
setUpPrint();
follow(page);

function follow({ urls, csrf, audience, query }: PageData): void {
  const asked = new URLSearchParams(query);
  asked.set("part", "body");
  const body = new Body(`${urls.numbers}?${asked}`, byId("numbers"));
  const api = new Api({ csrf });
  const feed = new Feed(browserHost(urls, api), {
    audience,
    apply: (items, gone) => {
      if ([...items, ...gone].some(({ kind }) => kind === "report")) body.again();
    },
    snapshot: async () => {
      await checkAudience(urls.state, audience, api);
      const { epoch, head } = await api.get<{ epoch: string; head: number }>(urls.state);
      body.again();
      return { epoch, head };
    },
  });
  listenToBrowser(feed);
  byId("live-badge").hidden = false;
  feed.status.watch((fresh) => showBadge(fresh, urls.login));
  void feed.start();
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
