import type { Server } from "./engine.ts";
import { holdsUnseen } from "./unseen.ts";

/**
 * One word for a POSIX shell, whatever the text: bash, zsh and dash read it alike, in a script and at a terminal. With
 * characters that a terminal acts on, or that nobody sees, `printf` makes the text from its bytes.
 */
export function shellQuote(text: string): string {
  if (!holdsUnseen(text)) return `'${text.replaceAll("'", "'\\''")}'`;
  // The shell cuts line breaks off the end of what a command prints.
  const [end = ""] = /\n*$/.exec(text) ?? [];
  const bytes = [...Buffer.from(text.slice(0, text.length - end.length))];
  return `"$(printf '${bytes.map(printfByte).join("")}')"${end === "" ? "" : `'${end}'`}`;
}

function printfByte(byte: number): string {
  const character = String.fromCharCode(byte);
  return /[\w./=:]/.test(character) ? character : `\\${byte.toString(8).padStart(3, "0")}`;
}

/** Lines for a POSIX shell; each begins with a space, so that shells which leave such lines out of their history do. */
export function exportLines(environment: Record<string, string>): string {
  return Object.entries(environment)
    .map(([name, value]) => ` export ${name}=${shellQuote(value)}`)
    .join("\n");
}

/** Also the characters that encodeURIComponent leaves alone, so that the text survives shells and chat clients. */
export function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

export function hostForUrl({ host, port }: Server): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}
