/** Returns an instant for a person, to the second and in UTC: "2026-11-28 01:59:09 UTC". */
export function instantText(instant: Date): string {
  return `${instant.toISOString().slice(0, 19).replace("T", " ")} UTC`;
}
