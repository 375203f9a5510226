import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { fileHeaders } from "@daypass/functions/page-headers.ts";

export type PageFile = { body: Buffer; headers: Record<string, string> };

/** Finds the file for a path, or the page itself for an address that the page resolves; undefined is a 404. */
export type PageFiles = (path: string) => PageFile | undefined;

/** Reads the built page into memory, so that building it anew cannot tear it apart under a reader. `note` is what this
 * machine has to tell administrators; the page shows it beside the list of instances. */
export async function readPageFiles(folder: string, note?: string): Promise<PageFiles> {
  const files = new Map<string, PageFile>();
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    if (!entry.isFile() || entry.name.startsWith(".")) continue;
    const file = join(entry.parentPath, entry.name);
    const path = `/${relative(folder, file).split(sep).join("/")}`;
    if (path.startsWith("/.")) continue;
    const body = await readFile(file);
    files.set(path, pageFile(path, path === "/index.html" ? withNote(body, note) : body));
  }
  const page = files.get("/index.html");
  if (!page) throw new Error(`there is no index.html in ${folder}`);
  // A path whose last part has a dot asks for a file; giving the page instead would hide that it is missing.
  return (path) => files.get(path) ?? (/\.[^/]*$/.test(path) ? undefined : page);
}

function withNote(page: Buffer, note: string | undefined): Buffer {
  if (note === undefined) return page;
  const text = note.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
  // As a function, since a replacement text has characters with a meaning of their own.
  return Buffer.from(
    page.toString("utf8").replace("</head>", () => `<meta name="daypass-note" content="${text}"></head>`),
  );
}

function pageFile(path: string, body: Buffer): PageFile {
  const { contentType, cacheControl } = fileHeaders(path.slice(1));
  return {
    body,
    headers: {
      "content-type": contentType,
      "cache-control": cacheControl,
      etag: `"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"`,
    },
  };
}
