import { execFile } from "node:child_process";
import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";

/** The programs of a MariaDB that is installed on this machine. */
export type MariadbPrograms = { server: string; installDb: string; version: string };

/** What gives a machine a MariaDB server; npm has none to offer. */
export const mariadbPackage = "mariadb-server";
export const howToGetMariadb = `apt-get install ${mariadbPackage}`;

/** Looks for a MariaDB server, and for the program that makes its data folder. MySQL, whose server may have the same
 * name, is none. */
export async function findMariadb(
  folders: readonly string[] = programFolders(),
): Promise<MariadbPrograms | undefined> {
  const installDb = await firstOf(folders, ["mariadb-install-db", "mysql_install_db"]);
  const server = await firstOf(folders, ["mariadbd", "mysqld"]);
  if (installDb === undefined || server === undefined) return undefined;
  const { stdout } = await promisify(execFile)(server, ["--no-defaults", "--version"]);
  const [, version, major, minor] = /Ver ((\d+)\.(\d+)\.\d+)-MariaDB/.exec(stdout) ?? [];
  if (version === undefined || !isRecent(Number(major), Number(minor))) return undefined;
  return { server, installDb, version };
}

/** @throws Error that says how to install one. */
export async function requireMariadb(folders?: readonly string[]): Promise<MariadbPrograms> {
  const found = await findMariadb(folders);
  if (found) return found;
  throw new Error(
    `There is no MariaDB server (10.6 or later) on this machine. On Debian and Ubuntu: ${howToGetMariadb}`,
  );
}

function isRecent(major: number, minor: number): boolean {
  return major > 10 || (major === 10 && minor >= 6);
}

/** Debian keeps servers out of the PATH of people. */
function programFolders(): string[] {
  const path = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  return [
    ...path,
    "/usr/sbin",
    "/usr/bin",
    "/usr/local/sbin",
    "/usr/local/bin",
    "/usr/libexec",
    "/opt/homebrew/bin",
  ];
}

async function firstOf(folders: readonly string[], names: readonly string[]): Promise<string | undefined> {
  for (const name of names) {
    for (const folder of folders) if (await isExecutable(join(folder, name))) return join(folder, name);
  }
  return undefined;
}

function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
