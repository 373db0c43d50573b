/** The phone app: state out of the box, one screen at a time, and a pump that keeps sending. */

import { useLanguage } from "../core/language.ts";
import { Vocabulary } from "../core/vocabulary.ts";
import { Frame } from "./frame.ts";
import { readPageData } from "./page_data.ts";
import { Pump } from "./pump.ts";
import { type Place, place, startRouter } from "./router.ts";
import type { Phone, Screen } from "./screen.ts";
import { screenOf } from "./screens.ts";
import { State } from "./state.ts";

async function start(): Promise<void> {
  const page = readPageData();
  useLanguage(page.language, page.catalogue);
  const state = new State(page, new Vocabulary(page.vocabulary));
  await state.start();
  const pump = new Pump(state);
  const phone: Phone = { state, pump };
  const stage = new Stage(phone, new Frame(state));
  startRouter();
  place.watch((next) => void stage.show(next));
  pump.start();
}

class Stage {
  private readonly phone: Phone;
  private readonly frame: Frame;
  private shown: Screen | null = null;
  private turn = 0;

  constructor(phone: Phone, frame: Frame) {
    this.phone = phone;
    this.frame = frame;
  }

  async show(next: Place): Promise<void> {
    const turn = ++this.turn;
    this.shown?.leave?.();
    this.shown = null;
    const screen = await screenOf(next)(this.phone, next);
    // another screen was asked for meanwhile
    if (turn !== this.turn) return screen.leave?.();
    this.shown = screen;
    this.frame.show(screen);
  }
}

void start();
