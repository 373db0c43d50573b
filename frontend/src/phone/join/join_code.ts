/** What a person types, pastes or scans to join: six digits, an invitation's code, or its link. */

export interface JoinCode {
  /** digits and transfer hand over a phone that has joined elsewhere; they need no name. */
  readonly kind: "digits" | "transfer" | "invitation";
  readonly code: string;
}

const INVITATION = /\/m\/join\/([^/?#\s]+)/;
const TRANSFER = /[?&]transfer=([\w-]+)/;
const DIGITS = /^[0-9]{6}$/;
// what keyboards offer as a hyphen, the Japanese long vowel too
const HYPHENS = /[\u2010-\u2015\u2212\u30fc]/g;

/** null for nothing. */
export function readJoinCode(typed: string): JoinCode | null {
  const plain = typed.normalize("NFKC").replace(HYPHENS, "-").replace(/\s+/g, "");
  const [, invitation] = INVITATION.exec(plain) ?? [];
  if (invitation) return { kind: "invitation", code: decoded(invitation) };
  const [, transfer] = TRANSFER.exec(plain) ?? [];
  if (transfer) return { kind: "transfer", code: transfer };
  const digits = plain.replaceAll("-", "");
  if (DIGITS.test(digits)) return { kind: "digits", code: digits };
  return plain === "" ? null : { kind: "invitation", code: plain };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
