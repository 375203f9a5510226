/** What a mailbox shows of a raw message: the headers that name people and subject, and the source itself. */
export interface RawHeaders {
  readonly from: string;
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly bcc: readonly string[];
  readonly subject: string;
}

/** Undefined when the text has no header block, or two of a header that may be there once. */
export function readRawHeaders(source: string): RawHeaders | undefined {
  const end = /\r?\n\r?\n/.exec(source);
  const block = end === null ? source : source.slice(0, end.index);
  const headers = new Map<string, string>();
  for (const line of block.replaceAll(/\r?\n[ \t]+/g, " ").split(/\r?\n/)) {
    const [, name, value] = /^([!-9;-~]+):[ \t]*(.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) return undefined;
    const key = name.toLowerCase();
    if (single.includes(key) && headers.has(key)) return undefined;
    headers.set(key, value.trim());
  }
  return {
    from: headers.get("from") ?? "",
    to: addresses(headers.get("to")),
    cc: addresses(headers.get("cc")),
    bcc: addresses(headers.get("bcc")),
    subject: decodeWords(headers.get("subject") ?? ""),
  };
}

const single = ["from", "to", "cc", "bcc", "subject", "date", "sender", "reply-to", "message-id"];

/** Commas inside quotes belong to a name. */
function addresses(text: string | undefined): string[] {
  const parts = text?.match(/(?:"(?:\\.|[^"\\])*"|[^",])+/g) ?? [];
  return parts.map((part) => part.trim()).filter((part) => part !== "");
}

/** RFC 2047: `=?utf-8?B?…?=` and `=?utf-8?Q?…?=`. */
function decodeWords(text: string): string {
  return text
    .replaceAll(/\?=\s+=\?/g, "?==?")
    .replaceAll(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_, kind: string, encoded: string) =>
      kind.toLowerCase() === "b"
        ? Buffer.from(encoded, "base64").toString("utf8")
        : Buffer.from(
            encoded
              .replaceAll("_", " ")
              .replaceAll(/=([0-9A-F]{2})/gi, (_all, hex: string) =>
                String.fromCharCode(Number.parseInt(hex, 16)),
              ),
            "latin1",
          ).toString("utf8"),
    );
}
