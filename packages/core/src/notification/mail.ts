import type { Context } from "../kernel/context.ts";

/** One mail to one person. Both are plain text; the subject has one line. */
export type Mail = { to: string; subject: string; text: string };

/** Hands mails over for delivery; throws when that has to be tried again. */
export type MailContext = Context & { mail: { send(mail: Mail): Promise<void> } };

/** Before it is known who gets it. */
export type Letter = Omit<Mail, "to">;

/** Subject and paragraphs of a letter, with an address to follow at its end. Names come from people: whatever could
 * begin another header or line is taken out of them. */
export function letter(subject: string, paragraphs: readonly string[], link: string): Letter {
  const text = [...paragraphs.map((paragraph) => paragraph.trim()), link, "Daypass"].join("\n\n");
  return { subject: oneLine(subject), text: `${text}\n` };
}

/** At most 200 characters without control or invisible formatting characters. */
export function oneLine(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu, " ").trim();
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}

/** What people wrote, set apart line by line, so that it cannot pass for our own words. */
export function quoted(text: string): string {
  const lines = text.replaceAll(/[\p{Cf}\p{Cs}]/gu, "").split(/\r\n|[\r\n\p{Zl}\p{Zp}]/u);
  return lines.map((line) => `> ${line.replaceAll(/\p{Cc}/gu, " ")}`).join("\n");
}

/** One plain address; anything that could name a second recipient is none. */
export function isMailAddress(text: string): boolean {
  return (
    text.length <= 254 && /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$/.test(text)
  );
}
