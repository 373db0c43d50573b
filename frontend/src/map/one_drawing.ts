/** One drawing on the map at a time: the next one ends it, whatever it draws. */

export interface Drawing {
  /** Ends with nothing. */
  giveUp(): void;
}

let current: Drawing | null = null;

export function isDrawing(): boolean {
  return current !== null;
}

export function begin(drawing: Drawing): void {
  current?.giveUp();
  current = drawing;
}

/** false: it has ended already. */
export function end(drawing: Drawing): boolean {
  if (current !== drawing) return false;
  current = null;
  return true;
}

/** The keys are then those of the dialog. */
export function isBehindDialog(): boolean {
  return document.querySelector("dialog:modal") !== null;
}
