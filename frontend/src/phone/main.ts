/** The phone app: state out of the box, one screen at a time, and a pump that keeps sending. */

import { useLanguage } from "../core/language.ts";
import { useZone } from "../core/times.ts";
import { Vocabulary } from "../core/vocabulary.ts";
import { developPhotos } from "./camera/develop.ts";
import { Frame } from "./frame/frame.ts";
import { startLanguage } from "./frame/language.ts";
import { sayThatNothingIsKept } from "./frame/no_box.ts";
import { startRouter } from "./frame/router.ts";
import { Stage } from "./frame/stage.ts";
import { startTheme } from "./frame/theme.ts";
import { Updates } from "./frame/update.ts";
import { keepAwakeWhileSending } from "./frame/wake.ts";
import { Contact } from "./join/contact.ts";
import { Enrolment } from "./join/enrolment.ts";
import { watchInstall } from "./join/install.ts";
import { followHeadquarters } from "./lane/follow.ts";
import { type PageData, readPageData } from "./page_data.ts";
import { improvePlaces } from "./place/position.ts";
import { Pump } from "./pump.ts";
import type { Phone } from "./screen.ts";
import { State } from "./state.ts";

async function start(): Promise<void> {
  const page = readPageData();
  startTheme();
  watchInstall();
  useLanguage(page.language, page.catalogue);
  const state = new State(page, new Vocabulary(page.vocabulary));
  const phone = phoneOf(page, state);
  // it has said what does not work; a report that cannot be kept must not be begun
  if (!window.isSecureContext) return phone.updates.start();
  try {
    await state.start();
    await startLanguage(state);
  } catch (error) {
    console.error(error);
    return sayThatNothingIsKept(page);
  }
  await show(phone);
}

function phoneOf(page: PageData, state: State): Phone {
  const updates = new Updates({
    build: page.build,
    worker: page.urls.worker,
    scope: page.urls.home,
    unsent: async () => {
      await state.read();
      return state.hasUnsent();
    },
  });
  const contact = new Contact(state, updates);
  return { state, updates, contact, pump: new Pump(state), enrolment: new Enrolment(state) };
}

async function show(phone: Phone): Promise<void> {
  const { state, updates, contact, pump, enrolment } = phone;
  state.incident.watch((incident) => useZone(incident?.time_zone ?? "Asia/Tokyo"));
  startRouter();
  new Stage(phone, new Frame(phone)).start();
  // on the screen first, then onto the line
  await new Promise((shown) => setTimeout(shown));
  improvePlaces(state);
  developPhotos(state);
  keepAwakeWhileSending(state);
  pump.start();
  followHeadquarters(state);
  void enrolment.start();
  void updates.start();
  await contact.start();
  void startRest(state);
}

/** What no first picture needs comes when the camera stands. */
async function startRest(state: State): Promise<void> {
  try {
    const { startAround } = await import("./more.ts");
    startAround(state);
  } catch {
    addEventListener("online", () => void startRest(state), { once: true });
  }
}

void start();
