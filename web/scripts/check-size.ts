import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";

const limitKb = 201;
const dist = new URL("../dist/", import.meta.url);

type Chunk = { file: string; imports?: string[]; dynamicImports?: string[]; isEntry?: boolean; src?: string };

/** Fails when the JavaScript of a first load, the entry and all it imports statically, is above the limit. */
const manifest = JSON.parse(await readFile(new URL(".vite/manifest.json", dist), "utf8")) as Record<
  string,
  Chunk
>;
const pages = Object.keys(manifest).filter((key) => key.includes("routes/"));
const entryFiles = reach(["index.html"]);
const entry = await gzippedKb(entryFiles);
let worst = { page: "", kb: 0 };
for (const page of pages) {
  const kb = await gzippedKb(reach(["index.html", page, "src/app/routes/_in.tsx?tsr-split=component"]));
  if (kb > worst.kb) worst = { page, kb };
}
process.stdout.write(
  `JavaScript of the frame: ${entry.toFixed(1)} kB gzipped, with its heaviest page: ${worst.kb.toFixed(1)} kB (${worst.page}); limit ${limitKb} kB\n`,
);
if (pages.length === 0 || entry === 0)
  throw new Error("The manifest names no pages: build first, or its shape has changed.");
if (worst.kb > limitKb) process.exitCode = 1;

function reach(starts: string[]): Set<string> {
  const keys = new Set<string>();
  const visit = (key: string) => {
    const chunk = manifest[key];
    if (chunk === undefined || keys.has(key)) return;
    keys.add(key);
    chunk.imports?.forEach(visit);
  };
  starts.forEach(visit);
  return new Set(
    [...keys].flatMap((key) => manifest[key]?.file ?? []).filter((file) => file.endsWith(".js")),
  );
}

async function gzippedKb(files: Set<string>): Promise<number> {
  let bytes = 0;
  for (const file of files) bytes += gzipSync(await readFile(new URL(file, dist))).length;
  return bytes / 1000;
}
