/** Small things this browser keeps for one person and incident: which layers, what is seen. */

export class Remembered {
  private readonly prefix: string;
  private readonly storage: Storage | null;

  constructor(owner: string) {
    this.prefix = `gspace.${owner}.`;
    this.storage = openStorage();
  }

  get<T>(name: string): T | null {
    try {
      return JSON.parse(this.storage?.getItem(this.prefix + name) ?? "null") as T | null;
    } catch {
      return null;
    }
  }

  set(name: string, value: unknown): void {
    try {
      this.storage?.setItem(this.prefix + name, JSON.stringify(value));
    } catch {
      // Full or forbidden storage costs a convenience, not the page.
    }
  }
}

// Reading the property itself throws where the browser forbids storage.
function openStorage(): Storage | null {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}
