/** The offset of a zone at a time that a person has typed. */

/** +09:00: what the incident's clock shows is meant, wherever this browser is. */
export function offsetAt(local: string, zone: string): string {
  const parts = new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "longOffset" });
  const named = parts.formatToParts(Date.parse(`${local}Z`));
  const offset = named.find((part) => part.type === "timeZoneName")?.value.replace("GMT", "");
  return offset || "+00:00";
}
