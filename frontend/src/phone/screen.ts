/** What a screen is: made anew each time it is shown, told when it goes. */

import type { Place } from "./frame/router.ts";
import type { Updates } from "./frame/update.ts";
import type { Contact } from "./join/contact.ts";
import type { Enrolment } from "./join/enrolment.ts";
import type { Pump } from "./pump.ts";
import type { State } from "./state.ts";

export interface Phone {
  readonly state: State;
  readonly pump: Pump;
  readonly enrolment: Enrolment;
  readonly contact: Contact;
  readonly updates: Updates;
}

export interface Screen {
  readonly title: string;
  readonly body: HTMLElement;
  /** Which tab is lit: shoot, list, map, notices; none for the others. */
  readonly tab?: "shoot" | "list" | "map" | "notices";
  /** No bars around it (camera, broadcast). */
  readonly full?: boolean;
  /** The screen is left: stop cameras, sensors, timers, listeners. */
  readonly leave?: () => void;
}

export type MakeScreen = (phone: Phone, place: Place) => Screen | Promise<Screen>;
