/**
 * How this app gets its key, once: with the cookie that joining in this browser has left, with the
 * hand-over in an installed app's first address, or with a code that a person types. Without a
 * network it tries again by itself.
 */

import { Problem } from "../../core/api.ts";
import { Observable } from "../../core/observable.ts";
import type { Why } from "../../outbox/entry.ts";
import { DEVICE } from "../../outbox/sender.ts";
import { isObject } from "../../outbox/wire.ts";
import { go, place } from "../frame/router.ts";
import { exchange, NoAnswer } from "../service.ts";
import type { Device, State } from "../state.ts";
import { readJoinCode } from "./join_code.ts";

export type Joining =
  | { readonly at: "rest" }
  | { readonly at: "trying" }
  /** No answer yet; it is tried again by itself. */
  | { readonly at: "waiting"; readonly why: Why }
  /** `problem.body.errors` name the field. */
  | { readonly at: "refused"; readonly problem: Problem };

interface Said {
  readonly code: string;
  readonly label?: string;
}
type Ask = () => Promise<unknown>;

const AGAIN_MS = 10_000;

export class Enrolment {
  readonly joining = new Observable<Joining>({ at: "rest" });
  private readonly state: State;
  private pending: Ask | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(state: State) {
    this.state = state;
    addEventListener("online", () => void this.again());
  }

  /** By itself, when the app opens. */
  async start(): Promise<void> {
    const device = this.state.device.value;
    const transfer = place.value.query.get("transfer");
    if (!device && transfer) return this.try(() => this.enrol({ code: transfer }));
    if (!device || device.lockedOut || this.hasJustJoined()) await this.byCookie();
  }

  /** What a person typed. Names are asked of invitations only. */
  async join(typed: string, label: string): Promise<void> {
    const found = readJoinCode(typed);
    if (!found) return;
    const said = found.kind === "invitation" ? { code: found.code, label } : { code: found.code };
    await this.try(() => this.enrol(said));
  }

  /** Somebody who joins anew in this browser comes here straight from the invitation. */
  private hasJustJoined(): boolean {
    const from = document.referrer;
    if (!from.startsWith(`${location.origin}${this.state.page.urls.home}join/`)) return false;
    // what waits was begun under the key that is here, and goes out under it
    return !this.state.hasUnsent();
  }

  private async byCookie(): Promise<void> {
    const headers = { "X-CSRFToken": csrfToken() };
    const url = `${this.state.page.urls.api}devices/me/keys`;
    await this.try(() => exchange(url, { method: "POST", headers }, {}));
    const { value } = this.joining;
    // nobody has joined here yet: that is no refusal, only the beginning
    if (value.at === "refused" && isStranger(value.problem)) this.joining.set({ at: "rest" });
  }

  private enrol(said: Said): Promise<unknown> {
    return exchange(`${this.state.page.urls.api}enrol`, { method: "POST" }, said);
  }

  private async try(ask: Ask): Promise<void> {
    this.pending = ask;
    clearTimeout(this.timer);
    this.joining.set({ at: "trying" });
    try {
      const answer = await ask();
      if (!isJoined(answer)) throw new NoAnswer({ code: "portal" });
      this.pending = null;
      await this.adopt(answer);
      this.joining.set({ at: "rest" });
    } catch (error) {
      this.failed(error);
    }
  }

  private failed(error: unknown): void {
    if (error instanceof Problem) {
      this.pending = null;
      this.joining.set({ at: "refused", problem: error });
    } else if (error instanceof NoAnswer) {
      this.joining.set({ at: "waiting", why: error.why });
      this.timer = setTimeout(() => void this.again(), AGAIN_MS);
    } else {
      throw error;
    }
  }

  private async again(): Promise<void> {
    if (this.pending && this.joining.value.at === "waiting") await this.try(this.pending);
  }

  /** Whatever waits on this phone stays and goes out under the new key. */
  private async adopt({ token, device }: Device): Promise<void> {
    await this.state.box.keep(DEVICE, { token, device });
    await this.state.read();
    if (place.value.query.has("transfer")) go("", { replace: true });
  }
}

/** No cookie, one that is no longer valid, or somebody with an account but no phone of theirs. */
function isStranger({ status }: Problem): boolean {
  return status === 401 || status === 403;
}

function csrfToken(): string {
  const [, token] = /(?:^|; )csrftoken=([^;]*)/.exec(document.cookie) ?? [];
  return token ?? "";
}

function isJoined(answer: unknown): answer is Device {
  return isObject(answer) && typeof answer.token === "string" && typeof answer.device === "string";
}
