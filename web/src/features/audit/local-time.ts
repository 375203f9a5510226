/** What a field of the type datetime-local holds, in the reader's zone, as an instant; undefined for an empty one. */
export function instantOfLocal(local: string): string | undefined {
  const at = new Date(local);
  return local === "" || Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}

/** "2026-03-13T14:05", in the reader's zone. */
export function localOfInstant(instant: string): string {
  const at = new Date(instant);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
