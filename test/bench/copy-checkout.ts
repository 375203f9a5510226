import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, readdir, symlink } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

const checkout = resolve(import.meta.dirname, "../..");
const own = "@daypass";

/** The files of the checkout in another folder, with its own packages and the installed ones of others: as after
 * `npm ci`, with nothing built and nothing cached. */
export async function copyCheckout(folder: string): Promise<void> {
  const which = ["--cached", "--others", "--exclude-standard", "--", "*.json", "packages", "web"];
  const { stdout } = await promisify(execFile)("git", ["ls-files", "-z", ...which], { cwd: checkout });
  for (const file of new Set(stdout.split("\0"))) {
    const from = join(checkout, file);
    if (file !== "" && existsSync(from)) await cp(from, join(folder, file));
  }
  await linkModules("node_modules", folder);
  await linkModules("web/node_modules", folder);
  await mkdir(join(folder, "node_modules", own));
  for (const name of await readdir(join(checkout, "packages"))) {
    await symlink(`../../packages/${name}`, join(folder, "node_modules", own, name));
  }
  await symlink("../../web", join(folder, "node_modules", own, "web"));
}

async function linkModules(path: string, folder: string): Promise<void> {
  await mkdir(join(folder, path), { recursive: true });
  for (const name of await readdir(join(checkout, path))) {
    if (name === own || name === ".cache" || name.startsWith(".vite")) continue;
    await symlink(join(checkout, path, name), join(folder, path, name));
  }
}
