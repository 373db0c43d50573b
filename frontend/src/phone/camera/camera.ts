/**
 * The camera in the page: a photo of the sensor where the browser can, else the frame that is on
 * the screen. It rests when nobody does anything, and is off as soon as the screen is left.
 */

import { Observable } from "../../core/observable.ts";
import type { Shot } from "../reports.ts";

export type CameraState =
  | "off"
  | "starting"
  | "on"
  /** Rests to save the battery; a tap wakes it. */
  | "asleep"
  /** The person or the system said no. */
  | "refused"
  /** There is none, or this address may not use one. */
  | "missing"
  /** Somebody else has it, or it broke off. */
  | "failed";

interface PhotoTaker {
  takePhoto(): Promise<Blob>;
}
interface Globals {
  readonly ImageCapture?: new (track: MediaStreamTrack) => PhotoTaker;
}
interface Torch {
  readonly torch?: boolean;
}

const IDLE_MS = 30_000;
// some phones never answer takePhoto(); the frame on the screen is better than nothing
const PHOTO_MS = 3_000;
const FRAME_QUALITY = 0.92;
// without sizes an iPhone gives 640 x 480
const WANTED: MediaStreamConstraints = {
  audio: false,
  video: { facingMode: "environment", width: { ideal: 3840 }, height: { ideal: 2160 } },
};

export class Camera {
  readonly state = new Observable<CameraState>("off");
  readonly video: HTMLVideoElement;
  private stream: MediaStream | null = null;
  private resting: ReturnType<typeof setTimeout> | undefined;
  private turn = 0;

  constructor(video: HTMLVideoElement) {
    this.video = video;
  }

  /** Also wakes it. Never throws: what went wrong is its state. */
  async start(): Promise<void> {
    if (this.state.value === "starting" || this.state.value === "on") return this.stir();
    if (!navigator.mediaDevices?.getUserMedia) {
      this.state.set("missing");
      return;
    }
    const turn = ++this.turn;
    this.state.set("starting");
    try {
      const stream = await navigator.mediaDevices.getUserMedia(WANTED);
      // the screen was left meanwhile
      if (turn !== this.turn) return end(stream);
      await this.show(stream);
      if (turn === this.turn) this.state.set("on");
      this.stir();
    } catch (error) {
      if (turn === this.turn) this.turnOff(stateAfter(error));
    }
  }

  stop(): void {
    this.turnOff("off");
  }

  /** Somebody does something: no rest yet. */
  stir(): void {
    clearTimeout(this.resting);
    if (this.stream) this.resting = setTimeout(() => this.turnOff("asleep"), IDLE_MS);
  }

  /** Rejects when there is no picture to be had. */
  async take(): Promise<Shot> {
    this.stir();
    const track = this.stream?.getVideoTracks()[0];
    if (!track) throw new Error("the camera is off");
    const picture = (await photoOf(track)) ?? (await frameOf(this.video));
    return { bytes: await picture.arrayBuffer(), type: picture.type, from: "camera" };
  }

  get hasTorch(): boolean {
    const track = this.stream?.getVideoTracks()[0];
    return (track?.getCapabilities?.() as Torch | undefined)?.torch === true;
  }

  async light(torch: boolean): Promise<void> {
    const track = this.stream?.getVideoTracks()[0];
    const advanced = [{ torch } as MediaTrackConstraintSet];
    await track?.applyConstraints({ advanced }).catch(() => {});
  }

  private async show(stream: MediaStream): Promise<void> {
    this.stream = stream;
    // taken away by a call or another app
    stream.getVideoTracks()[0]?.addEventListener("ended", () => this.turnOff("failed"));
    this.video.srcObject = stream;
    await this.video.play();
  }

  private turnOff(state: CameraState): void {
    this.turn += 1;
    clearTimeout(this.resting);
    if (this.stream) end(this.stream);
    this.stream = null;
    this.video.srcObject = null;
    this.state.set(state);
  }
}

function end(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

function stateAfter(error: unknown): CameraState {
  const { name } = (error ?? {}) as { name?: string };
  if (name === "NotAllowedError" || name === "SecurityError") return "refused";
  return name === "NotFoundError" || name === "OverconstrainedError" ? "missing" : "failed";
}

/** null where the browser cannot, or the sensor does not answer in time. */
async function photoOf(track: MediaStreamTrack): Promise<Blob | null> {
  const { ImageCapture } = globalThis as Globals;
  if (!ImageCapture) return null;
  try {
    const taken = await Promise.race([new ImageCapture(track).takePhoto(), nothingAfter(PHOTO_MS)]);
    return taken && taken.size > 0 ? taken : null;
  } catch {
    return null;
  }
}

function nothingAfter(ms: number): Promise<null> {
  return new Promise((resolve) => setTimeout(() => resolve(null), ms));
}

async function frameOf(video: HTMLVideoElement): Promise<Blob> {
  const canvas = document.createElement("canvas");
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext("2d")?.drawImage(video, 0, 0);
  const made = await new Promise<Blob | null>((resolve) =>
    canvas.toBlob(resolve, "image/jpeg", FRAME_QUALITY),
  );
  if (!made || video.videoWidth === 0) throw new Error("no picture on the screen");
  return made;
}
