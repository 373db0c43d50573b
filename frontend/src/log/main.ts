/** The page of headquarters' log: written without leaving it, and live on every screen. */

import { Api } from "../core/api.ts";
import { t, useLanguage } from "../core/language.ts";
import { useZone } from "../core/times.ts";
import { byId } from "../dom/element.ts";
import { followPage } from "../hq/follow_page.ts";
import { openLogDialog } from "../hq/log_dialog.ts";
import { setUpLogForm } from "../hq/log_form.ts";
import { setUpTheme } from "../hq/theme.ts";
import { LogList } from "./list.ts";
import { type PageData, readPageData } from "./page_data.ts";

const page = readPageData();
if (page) {
  useLanguage(page.language, page.catalogue);
  useZone(page.time_zone);
}
setUpTheme(byId("theme"));
setUpPrint();
if (page) open(page);

function open(page: PageData): void {
  const list = new LogList(page.urls.log, byId("log-list"));
  setUpWriting(byId("log-form") as HTMLFormElement, list);
  setUpLinks(page, list);
  follow(page, list);
}

function follow(page: PageData, list: LogList): void {
  followPage(page, new Api({ csrf: page.csrf }), {
    apply: (items) => {
      if (items.some((item) => item.kind === "log")) list.again();
    },
    begins: () => list.again(),
  });
}

function setUpWriting(form: HTMLFormElement, list: LogList): void {
  const next = (fresh: HTMLFormElement) => {
    form.replaceWith(fresh);
    setUpWriting(fresh, list);
    return fresh;
  };
  setUpLogForm(form, {
    written: (fresh) => {
      next(fresh).querySelector<HTMLElement>("input[type=radio]")?.focus();
      say(t("Written in the log."));
      list.again();
    },
    again: (fresh) => {
      const wrong = next(fresh).querySelector<HTMLElement>("[aria-invalid], textarea");
      wrong?.focus();
      say("");
    },
  });
}

/** Correcting and answering open beside what is being written. */
function setUpLinks(page: PageData, list: LogList): void {
  document.addEventListener("click", (event) => {
    const link = (event.target as Element).closest<HTMLAnchorElement>("a[data-log]");
    if (!link?.dataset.log || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const query = new URL(link.href).searchParams;
    void openLogDialog(page.urls.log, query, () => list.again());
  });
}

function say(words: string): void {
  const line = byId("log-said");
  line.textContent = words;
  line.hidden = words === "";
}

function setUpPrint(): void {
  const print = byId("log-print");
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}
