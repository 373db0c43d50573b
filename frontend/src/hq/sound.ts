/** Three short tones, made here (no file to load): off until somebody switches them on. */

import { t } from "../core/language.ts";
import { Observable } from "../core/observable.ts";
import { button, el } from "../dom/element.ts";
import { icon } from "../dom/icon.ts";
import type { Remembered } from "./remembered.ts";

/** urgent: a rescue has come in. queue: one waits too long. alarm: nobody accepts. */
export type Tone = "urgent" | "queue" | "alarm";

/** blocked: switched on, but the browser waits for a press on the page. */
export type SoundState = "off" | "on" | "blocked";

/** [hertz, seconds from the start, seconds long] */
type Beep = readonly [number, number, number];

const TONES: Readonly<Record<Tone, readonly Beep[]>> = {
  urgent: [
    [880, 0, 0.18],
    [1175, 0.2, 0.3],
  ],
  queue: [[660, 0, 0.25]],
  alarm: [0, 0.5, 1].flatMap((at): Beep[] => [
    [988, at, 0.2],
    [740, at + 0.22, 0.2],
  ]),
};
const LOUD = 0.25;
const KEPT = "sound";

export class Sound {
  readonly state = new Observable<SoundState>("off");
  private readonly memory: Remembered;
  private audio: AudioContext | null = null;

  constructor(memory: Remembered) {
    this.memory = memory;
    if (memory.get<boolean>(KEPT)) this.open();
    // what the browser holds back it gives at the first press anywhere
    for (const press of ["pointerdown", "keydown"]) {
      document.addEventListener(press, () => this.resume(), { capture: true });
    }
  }

  toggle(): void {
    const on = this.state.value === "off";
    this.memory.set(KEPT, on);
    if (on) {
      this.open();
      this.resume();
    } else {
      this.state.set("off");
      void this.audio?.suspend();
    }
  }

  play(tone: Tone): void {
    const { audio } = this;
    if (this.state.value !== "on" || !audio) return;
    for (const beep of TONES[tone]) sing(audio, beep);
  }

  private open(): void {
    this.audio ??= newAudio();
    if (!this.audio) return;
    this.audio.onstatechange = () => this.show();
    this.state.set("blocked");
    this.show();
  }

  private resume(): void {
    if (this.state.value === "blocked") void this.audio?.resume().then(() => this.show());
  }

  private show(): void {
    if (this.state.value === "off") return;
    this.state.set(this.audio?.state === "running" ? "on" : "blocked");
  }
}

function newAudio(): AudioContext | null {
  try {
    return new AudioContext();
  } catch {
    // a machine without a sound card has no sound, and a desk all the same
    return null;
  }
}

function sing(audio: AudioContext, [hertz, after, long]: Beep): void {
  const at = audio.currentTime + after;
  const [tone, volume] = [audio.createOscillator(), audio.createGain()];
  tone.type = "triangle";
  tone.frequency.value = hertz;
  // without the slopes a loudspeaker clicks
  volume.gain.setValueAtTime(0, at);
  volume.gain.linearRampToValueAtTime(LOUD, at + 0.02);
  volume.gain.setValueAtTime(LOUD, at + long - 0.05);
  volume.gain.linearRampToValueAtTime(0, at + long);
  tone.connect(volume).connect(audio.destination);
  tone.start(at);
  tone.stop(at + long);
}

/** The switch; it says when the browser holds the sound back. */
export function soundSwitch(sound: Sound): HTMLButtonElement {
  const words = el("span", { class: "sound-words" });
  const made = button("", () => sound.toggle(), { class: "sound" });
  sound.state.watch((state) => {
    const name = state === "off" ? t("Sound off") : t("Sound on");
    made.className = `sound sound-${state}`;
    made.setAttribute("aria-pressed", String(state !== "off"));
    made.setAttribute("aria-label", state === "blocked" ? t("Press anywhere for sound") : name);
    made.title = state === "off" ? t("Sound is off. Press to switch it on.") : name;
    words.textContent = state === "blocked" ? t("Press anywhere for sound") : "";
    made.replaceChildren(icon(state === "off" ? "ui_bell_off" : "ui_bell"), words);
  });
  return made;
}
