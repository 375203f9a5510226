import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { chmod, chown, cp, mkdir, readFile, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";

/** Where the server's files are, and as whom it runs: PostgreSQL refuses to run as root. */
export type Place = {
  dataFolder: string;
  /** `bin`, `lib` and `share` of PostgreSQL. */
  binaries: string;
  /** Absent when the server runs as the person who started it. */
  runAs?: { uid: number; gid: number };
};

/**
 * Finds a place for the server's files. For root it is the state folder too, unless the `postgres` user
 * cannot enter one of the folders above it (a checkout in /root, say): then it is under /var/lib/daypass.
 */
export async function findPlace(folder: string, binaries: string): Promise<Place> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (process.getuid?.() !== 0) return { dataFolder: join(folder, "data"), binaries };

  const runAs = await postgresUser();
  // What must stay secret in here is guarded file by file, so that others may pass through.
  await chmod(folder, 0o711);
  const elsewhere = fallbackFolder(folder);
  const dataFolder = join((await canEnter(folder, runAs)) ? folder : elsewhere, "data");
  await mkdir(dirname(dataFolder), { recursive: true, mode: 0o711 });
  await mkdir(dataFolder, { recursive: true, mode: 0o700 });
  await chown(dataFolder, runAs.uid, runAs.gid);
  if (await canEnter(join(binaries, "bin"), runAs)) return { dataFolder, binaries, runAs };

  const copy = join(elsewhere, "native");
  await cp(binaries, copy, { recursive: true, verbatimSymlinks: true, force: true });
  return { dataFolder, binaries: copy, runAs };
}

/** Deletes the server's files, wherever they are. The server must be stopped. */
export async function removePlace(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  if (process.getuid?.() === 0) await rm(fallbackFolder(folder), { recursive: true, force: true });
}

function fallbackFolder(folder: string): string {
  const name = createHash("sha256").update(folder).digest("hex").slice(0, 12);
  return join("/var/lib/daypass", `${basename(dirname(folder)).replace(/^\.+/, "")}-${name}`);
}

async function postgresUser(): Promise<{ uid: number; gid: number }> {
  const known = await findUser("postgres");
  if (known) return known;
  const options = [
    "--system",
    "--user-group",
    "--no-create-home",
    "--shell",
    "/usr/sbin/nologin",
    "postgres",
  ];
  try {
    await promisify(execFile)("useradd", options);
  } catch (cause) {
    throw new Error(
      "PostgreSQL does not run as root, and the user postgres could not be created. Start as another user.",
      { cause },
    );
  }
  const created = await findUser("postgres");
  if (!created) throw new Error("the user postgres was created but is not in /etc/passwd");
  return created;
}

async function findUser(name: string): Promise<{ uid: number; gid: number } | undefined> {
  const line = (await readFile("/etc/passwd", "utf8")).split("\n").find((row) => row.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(":") ?? [];
  return uid === undefined || gid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) };
}

/** Whether this user may pass through every folder down to this one. */
async function canEnter(folder: string, user: { uid: number; gid: number }): Promise<boolean> {
  const { mode, uid, gid } = await stat(folder);
  const needed = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
  if ((mode & needed) === 0) return false;
  const parent = dirname(folder);
  return parent === folder || canEnter(parent, user);
}
