const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** When an event was recorded, read off its identifier (`evt_` and a ULID): milliseconds since 1970; null for other text. */
export function eventTimeMs(eventId: string): number | null {
  const match = /^evt_([0-7][0-9A-HJKMNP-TV-Z]{9})[0-9A-HJKMNP-TV-Z]{16}$/.exec(eventId);
  if (match?.[1] === undefined) return null;
  return Array.from(match[1]).reduce((time, sign) => time * 32 + alphabet.indexOf(sign), 0);
}
