/** The camera: what the app opens on. One press of the shutter, and the record is kept. */

import { plain, say } from "../../dom/say.ts";
import { compass } from "../camera/bearing.ts";
import { Camera } from "../camera/camera.ts";
import {
  allClear,
  askInTap,
  fromCameraApp,
  fromGallery,
  keepTaken,
  pressShutter,
  type Taken,
  withoutPhoto,
} from "../camera/capture.ts";
import { finished, finishedCard } from "../camera/finished.ts";
import { Viewfinder } from "../camera/viewfinder.ts";
import { go, type Place } from "../frame/router.ts";
import { placeNow } from "../place/place_line.ts";
import { position } from "../place/position.ts";
import type { MakeScreen, Phone, Screen } from "../screen.ts";
import { CURRENT_DRAFT } from "../state.ts";

let opened = false;

export const shoot: MakeScreen = async (phone, place) => {
  const draft = await draftLeftOpen(phone, place);
  const screen = new Shoot(phone, place.query.get("to"));
  if (draft !== null) go(`draft/${draft}`, { replace: true });
  else screen.start();
  return screen;
};

/** After a reload, or when the system ended the page: what was being written comes back. */
async function draftLeftOpen({ state }: Phone, { query }: Place): Promise<string | null> {
  const first = !opened;
  opened = true;
  const id = first && !query.has("to") ? await state.box.kept<string>(CURRENT_DRAFT) : null;
  const entry = id ? await state.box.entry(id) : null;
  return entry?.folder === "draft" ? entry.id : null;
}

class Shoot implements Screen {
  readonly title = plain("Shoot");
  readonly tab = "shoot";
  readonly body: HTMLElement;
  private readonly phone: Phone;
  /** The report that gets the picture; null = a new one. */
  private readonly to: string | null;
  private readonly view: Viewfinder;
  private readonly camera: Camera;
  private readonly ends: (() => void)[] = [];
  private left = false;
  private unkept: Taken | null = null;

  constructor(phone: Phone, to: string | null) {
    this.phone = phone;
    this.to = to;
    this.view = new Viewfinder(to !== null, {
      shutter: () => void this.shutter(),
      wake: () => void this.camera.start(),
      torch: (on) => void this.camera.light(on),
      cameraApp: (files) => void this.keep(() => fromCameraApp(files)),
      gallery: (files) => void this.keep(() => fromGallery(files)),
      withoutPhoto: () => void this.open(async () => to ?? (await withoutPhoto(phone.state))),
      allClear: () => void this.sendAllClear(),
      again: () => void this.keepAgain(),
    });
    this.camera = new Camera(this.view.video);
    this.body = this.view.element;
  }

  start(): void {
    const { state } = this.phone;
    const card = finishedCard(state);
    this.view.showCard(card.element);
    const tick = setInterval(() => this.drawPlace(), 5_000);
    const onHidden = () => (document.hidden ? this.camera.stop() : void this.camera.start());
    const stir = () => this.camera.stir();
    document.addEventListener("visibilitychange", onHidden);
    document.addEventListener("pointerdown", stir);
    compass.start();
    this.ends.push(
      position.hold(),
      position.heard.watch(() => this.drawPlace()),
      position.fix.changed(() => this.drawPlace()),
      this.camera.state.watch((now) => this.view.showCamera(now, this.camera.hasTorch)),
      state.entries.watch(() => this.view.showDrafts(state.counts().draft)),
      card.stop,
      () => clearInterval(tick),
      () => document.removeEventListener("visibilitychange", onHidden),
      () => document.removeEventListener("pointerdown", stir),
      () => compass.stop(),
      () => this.camera.stop(),
    );
    if (!document.hidden) void this.camera.start();
  }

  leave(): void {
    this.left = true;
    for (const end of this.ends.splice(0)) end();
  }

  private drawPlace(): void {
    this.view.showPlace(placeNow(position.heard.value, position.fix.value, Date.now()));
  }

  private shutter(): Promise<void> {
    askInTap();
    finished.set(null);
    this.view.flash();
    navigator.vibrate?.(30);
    return this.keep(() => pressShutter(this.camera));
  }

  private async keep(take: () => Promise<Taken>): Promise<void> {
    this.view.busy(true);
    try {
      this.unkept = await take();
    } catch {
      this.view.busy(false);
      this.view.complain(
        say("That did not give a picture. Try again, or use the phone's camera app."),
      );
      return;
    }
    await this.keepAgain();
  }

  /** What is in hand goes into the box; when the storage refuses, it stays in hand. */
  private async keepAgain(): Promise<void> {
    const { unkept } = this;
    if (!unkept) return;
    await this.open(async () => {
      const id = await keepTaken(this.phone.state, unkept, this.to);
      this.unkept = null;
      return id;
    });
  }

  private async open(make: () => Promise<string>): Promise<void> {
    this.view.busy(true);
    try {
      const id = await make();
      if (!this.left) go(`draft/${id}`, { replace: this.to !== null });
    } catch {
      this.view.complain(
        say("This phone could not keep it: its storage may be full. Nothing else is lost."),
        this.unkept !== null,
      );
    } finally {
      this.view.busy(false);
    }
  }

  private async sendAllClear(): Promise<void> {
    askInTap();
    try {
      finished.set(await allClear(this.phone.state));
    } catch {
      this.view.complain(say("This phone could not keep it: its storage may be full."));
    }
  }
}
