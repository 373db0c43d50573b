/**
 * Notes of what is being typed, where writing is immediate: the box takes its milliseconds, and a
 * page that ends takes along what the box has not begun.
 */

/** null forgets it. */
export function note(name: string, said: object | null): void {
  try {
    if (said) localStorage.setItem(`gspace-typed/${name}`, JSON.stringify(said));
    else localStorage.removeItem(`gspace-typed/${name}`);
  } catch {
    // not allowed or full: the box has it in a moment, or says that it could not
  }
}

export function noted<T>(name: string): T | null {
  try {
    return JSON.parse(localStorage.getItem(`gspace-typed/${name}`) ?? "null") as T | null;
  } catch {
    return null;
  }
}
