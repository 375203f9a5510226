import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { chmod, chown, mkdir, readFile, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";

/** Where a server's files are, and as whom it runs: database servers refuse to run as root. */
export type Place = {
  dataFolder: string;
  /** Absent when the server runs as the person who started it. */
  runAs?: ServerUser;
};

export type ServerUser = { uid: number; gid: number };

/**
 * Finds a place for the server's files. For root it is the state folder too, unless the user that the server
 * runs as cannot enter one of the folders above it (a checkout in /root, say): then it is under /var/lib/daypass.
 */
export async function findPlace(folder: string, user: string): Promise<Place> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (process.getuid?.() !== 0) return { dataFolder: join(folder, "data") };

  const runAs = await serverUser(user);
  // What must stay secret in here is guarded file by file, so that others may pass through.
  await chmod(folder, 0o711);
  const dataFolder = join((await canEnter(folder, runAs)) ? folder : fallbackFolder(folder), "data");
  await mkdir(dirname(dataFolder), { recursive: true, mode: 0o711 });
  await mkdir(dataFolder, { recursive: true, mode: 0o700 });
  await chown(dataFolder, runAs.uid, runAs.gid);
  return { dataFolder, runAs };
}

/** Deletes the server's files, wherever they are. The server must be stopped. */
export async function removePlace(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  if (process.getuid?.() === 0) await rm(fallbackFolder(folder), { recursive: true, force: true });
}

/** Where root keeps what the server must reach, when it cannot reach the state folder. */
export function fallbackFolder(folder: string): string {
  const name = createHash("sha256").update(folder).digest("hex").slice(0, 12);
  return join("/var/lib/daypass", `${basename(dirname(folder)).replace(/^\.+/, "")}-${name}`);
}

async function serverUser(name: string): Promise<ServerUser> {
  const known = await findUser(name);
  if (known) return known;
  const options = ["--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", name];
  try {
    await promisify(execFile)("useradd", options);
  } catch (cause) {
    throw new Error(
      `A database server does not run as root, and the user ${name} could not be created. Start as another user.`,
      { cause },
    );
  }
  const created = await findUser(name);
  if (!created) throw new Error(`the user ${name} was created but is not in /etc/passwd`);
  return created;
}

async function findUser(name: string): Promise<ServerUser | undefined> {
  const line = (await readFile("/etc/passwd", "utf8")).split("\n").find((row) => row.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(":") ?? [];
  return uid === undefined || gid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) };
}

/** Whether this user may pass through every folder down to this one. */
export async function canEnter(folder: string, user: ServerUser): Promise<boolean> {
  const { mode, uid, gid } = await stat(folder);
  const needed = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
  if ((mode & needed) === 0) return false;
  const parent = dirname(folder);
  return parent === folder || canEnter(parent, user);
}
