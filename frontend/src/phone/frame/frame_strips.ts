/** Strips below the bar: each says one thing that holds on every screen, and what to do about it. */

import { msg, ngettext } from "../../core/language.ts";
import { dayTime } from "../../core/times.ts";
import { button, el } from "../../dom/element.ts";
import { icon } from "../../dom/icon.ts";
import { plain, say, withReadings } from "../../dom/say.ts";
import { chooseIncident } from "../join/choose_incident.ts";
import { assignAll, incidentName, kindOf, switchIncident, unassigned } from "../join/incident.ts";
import { homeScreenLater, homeScreenWanted } from "../join/install.ts";
import type { Phone } from "../screen.ts";
import { exportEntries } from "../waiting/export.ts";

interface Strip {
  /** While it stays the same, so does what is on the screen: nothing is read aloud twice. */
  readonly key: string;
  readonly draw: () => HTMLElement;
}
type Decide = (phone: Phone) => Strip | null;

export class FrameStrips {
  readonly root = el("div", { role: "status" });
  private readonly phone: Phone;
  private shown = new Map<string, HTMLElement>();

  constructor(phone: Phone) {
    this.phone = phone;
    const { state, contact, updates } = phone;
    const values = [state.entries, state.edits, state.online, state.link, state.device];
    const others = [
      state.incident,
      state.incidents,
      contact.opened,
      updates.waiting,
      homeScreenWanted,
    ];
    for (const value of [...values, ...others]) {
      (value as { changed(listener: () => void): void }).changed(() => this.update());
    }
    this.update();
  }

  /** Anew, in another language. */
  draw(): void {
    this.shown.clear();
    this.update();
  }

  private update(): void {
    const strips = STRIPS.map((decide) => decide(this.phone)).filter((one) => one !== null);
    const next = new Map(
      strips.map(({ key, draw }) => [key, this.shown.get(key) ?? draw()] as const),
    );
    const same = [...next.keys()].join() === [...this.shown.keys()].join();
    this.shown = next;
    if (!same) this.root.replaceChildren(...next.values());
  }
}

const lockedOut: Decide = ({ state }) => {
  if (!state.device.value?.lockedOut) return null;
  const unsent = state.hasUnsent();
  const draw = () =>
    strip(
      "error",
      "ui_lock",
      el(
        "span",
        {},
        el("strong", {}, say("This phone has been locked out by headquarters.")),
        " ",
        unsent && say("What has not been sent is kept here."),
        " ",
        say("Ask headquarters for a new invitation and scan it: then everything goes on."),
      ),
      link("settings", msg("Enter a new code")),
      unsent && act(msg("Save to a file"), () => void exportEntries(state, "all")),
    );
  return { key: `locked-${unsent}`, draw };
};

/** As the pages of the desk and the public say it. */
const kind: Decide = ({ state }) => {
  if (!state.device.value) return null;
  const now = kindOf(state.incident.value);
  if (now === "disaster") return null;
  if (now === "peacetime") {
    const words = msg("Peacetime: reports are kept here and assigned when an incident is opened.");
    return { key: now, draw: () => strip("", "ui_check", el("span", {}, say(words))) };
  }
  const draw = () => el("p", { class: "notice" }, say(KIND_WORDS[now]));
  return { key: now, draw };
};

const KIND_WORDS = {
  drill: msg("Drill - this is not a real emergency"),
  demo: msg("Demo (re-enactment of 2016) - not current"),
  closed: msg("This incident is closed - the information is no longer updated"),
} as const;

const away: Decide = ({ state }) => {
  const { why, at } = state.link.value;
  const code = state.online.value ? (why?.code ?? null) : "offline";
  // a key that is no longer valid has its own strip
  if (code === null || (why?.status === 401 && state.online.value)) return null;
  const time = dayTime(why ? at : Date.now(), Date.now());
  const words =
    AWAY_WORDS[code] ?? msg("The service has not answered since {time}. Reports are kept.");
  const draw = () => strip("away", "ui_offline", el("span", {}, say(words, { time })));
  return { key: `away-${words}-${time}`, draw };
};

const AWAY_WORDS: Readonly<Record<string, string>> = {
  offline: msg("Offline since {time}. Reports are kept and sent later."),
  timeout: msg("The network has been too weak since {time}. Reports are kept and sent later."),
  portal: msg("A login page is in the way since {time}: sign in to the Wi-Fi or leave it."),
};

const homeScreen: Decide = ({ state }) => {
  if (!homeScreenWanted.value || !state.device.value) return null;
  const draw = () =>
    strip(
      "",
      "ui_check",
      el("span", {}, say("Put the app on the home screen: an iPhone clears pages that rest.")),
      link("settings", msg("How")),
      act(msg("Not now"), homeScreenLater),
    );
  return { key: "home", draw };
};

/** Where the browser does not send by itself once the page is closed. */
const keepOpen: Decide = ({ state }) => {
  const n = state.counts().waiting;
  if (n === 0 || "SyncManager" in window || state.link.value.why) return null;
  const draw = () => {
    const words = ngettext(
      "Keep this open until nothing is left: {n}",
      "Keep this open until nothing is left: {n}",
      n,
    );
    return strip("warn", "ui_outbox", el("span", {}, withReadings(words)));
  };
  return { key: `open-${n}`, draw };
};

const opened: Decide = ({ state, contact }) => {
  const fresh = state.incidents.value.find(({ slug }) => contact.opened.value.includes(slug));
  if (!fresh) return null;
  const seen = () => void contact.seen(fresh.slug);
  const here = state.incident.value?.slug === fresh.slug;
  const draw = () =>
    strip(
      "new",
      "ui_bell",
      el(
        "span",
        {},
        fresh.state === "drill"
          ? say("A drill has been opened:")
          : say("An incident has been opened:"),
        " ",
        el("strong", {}, incidentName(fresh)),
      ),
      !here &&
        act(msg("Report to it"), () => {
          void switchIncident(state, fresh.slug);
          seen();
        }),
      act(msg("Seen"), seen),
    );
  return { key: `opened-${fresh.slug}-${here}`, draw };
};

const unassignedOnes: Decide = ({ state }) => {
  const n = unassigned(state).length;
  if (n === 0 || state.incidents.value.length === 0) return null;
  const ask = async () => {
    const chosen = await chooseIncident(state, say("Which incident are these reports for?"));
    if (chosen) await assignAll(state, chosen.slug);
  };
  const draw = () => {
    const words = ngettext(
      "{n} report belongs to no incident yet and waits.",
      "{n} reports belong to no incident yet and wait.",
      n,
    );
    const said = el("span", {}, withReadings(words));
    return strip(
      "warn",
      "ui_alert",
      said,
      act("Choose", () => void ask()),
    );
  };
  return { key: `unassigned-${n}`, draw };
};

/** Never while something is unsent: then it is only told among the settings. */
const update: Decide = ({ state, updates }) => {
  if (!updates.waiting.value || state.hasUnsent()) return null;
  const said = () => el("span", {}, say("A new version is ready."));
  const take = () => act(msg("Take it"), () => void updates.apply());
  return { key: "update", draw: () => strip("new", "ui_check", said(), take()) };
};

const STRIPS: readonly Decide[] = [
  lockedOut,
  kind,
  away,
  unassignedOnes,
  opened,
  keepOpen,
  homeScreen,
  update,
];

function strip(look: string, mark: string, ...content: (Node | false)[]): HTMLElement {
  const as = look ? `phone-strip phone-strip--${look}` : "phone-strip";
  return el("div", { class: as }, icon(mark), ...content);
}

function act(word: string, run: () => void): HTMLElement {
  return button(plain(word), run, { class: "button" });
}

function link(path: string, word: string): HTMLElement {
  return el("a", { class: "button", href: `/m/${path}`, "data-go": path }, say(word));
}
