import type { Server } from "./engine.ts";

/** How text is written so that it survives being pasted: into a POSIX shell, and into an address. */
export function shellQuote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
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
