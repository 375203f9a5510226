import { readFile, writeFile } from "node:fs/promises";

/** Adds to package-lock.json the optional packages of other platforms. A registry mirror that serves only the
 * packages of one platform makes npm leave the others out, and `npm ci` then refuses the lock file. Their platform is
 * read off their names; npm installs them only where it fits. Run after any `npm install`. */
type Entry = {
  version?: string;
  dev?: boolean;
  optional?: boolean;
  os?: string[];
  cpu?: string[];
  libc?: string[];
  link?: boolean;
  optionalDependencies?: Record<string, string>;
};
type Lock = { packages: Record<string, Entry> };

const systems = [
  "android",
  "darwin",
  "freebsd",
  "linux",
  "netbsd",
  "openbsd",
  "sunos",
  "aix",
  "win32",
  "openharmony",
];
const processors = [
  "arm64",
  "x64",
  "ia32",
  "arm",
  "riscv64",
  "s390x",
  "ppc64",
  "loong64",
  "mips64el",
  "wasm32",
];

const path = "package-lock.json";
const text = await readFile(path, "utf8");
const lock = JSON.parse(text) as Lock;
const added: string[] = [];
for (const [place, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (isThere(place, name)) continue;
    lock.packages[`node_modules/${name}`] = entryFor(name, version, entry.dev === true);
    added.push(`${name}@${version}`);
  }
}
const sorted = Object.fromEntries(
  Object.entries(lock.packages).toSorted(([one], [other]) => (one < other ? -1 : 1)),
);
await writeFile(path, `${JSON.stringify({ ...lock, packages: sorted }, null, 2)}\n`);
console.log(
  added.length === 0 ? "The lock file is complete." : `Added ${added.length}:\n${added.join("\n")}`,
);

/** Nested below the package that wants it, or below any folder above. */
function isThere(place: string, name: string): boolean {
  for (let folder = place; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("/node_modules/")))) {
    const prefix = folder === "" ? "" : `${folder}/`;
    if (`${prefix}node_modules/${name}` in lock.packages) return true;
    if (folder === "" || !folder.includes("/node_modules/")) return `node_modules/${name}` in lock.packages;
  }
}

function entryFor(name: string, range: string, dev: boolean): Entry {
  const version = range.replace(/^[\^~]/, "");
  const words = name.split(/[/-]/);
  const os = systems.filter(
    (system) => words.includes(system) || (system === "win32" && words.includes("windows")),
  );
  const cpu = processors.filter((processor) => words.includes(processor));
  if (!/^\d+\.\d+\.\d+/.test(version) || (os.length === 0 && cpu.length === 0)) {
    throw new Error(
      `${name}@${range} is missing from the lock file and does not look like a package of one platform`,
    );
  }
  const isMusl = words.includes("musl") || words.includes("musleabihf") || words.includes("linuxmusl");
  return {
    version,
    ...(cpu.length > 0 ? { cpu } : {}),
    ...(dev ? { dev } : {}),
    ...(isMusl ? { libc: ["musl"] } : {}),
    optional: true,
    ...(os.length > 0 ? { os } : {}),
  };
}
