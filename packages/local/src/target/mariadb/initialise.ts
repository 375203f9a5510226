import { execFile } from "node:child_process";
import { chown, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { Place } from "../place.ts";
import { serverEnvironment } from "../server-environment.ts";
import { passwordHash } from "./password-hash.ts";
import type { MariadbPrograms } from "./programs.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** Makes an empty data folder whose only account is `root` of this machine with this password. */
export async function initialise(place: Place, programs: MariadbPrograms, password: string): Promise<void> {
  const accounts = join(dirname(place.dataFolder), "initial-accounts.sql");
  await writeFile(accounts, `${onlyRoot(password).join(";\n")};\n`, { mode: 0o600 });
  try {
    if (place.runAs) await chown(accounts, place.runAs.uid, place.runAs.gid);
    await promisify(execFile)(programs.installDb, [...flags(place), `--extra-file=${accounts}`], {
      ...place.runAs,
      cwd: dirname(place.dataFolder),
      env: serverEnvironment(),
    });
  } catch (cause) {
    await rm(place.dataFolder, { recursive: true, force: true });
    throw new Error(`MariaDB could not make its data folder\n${saidBy(cause)}`, { cause });
  } finally {
    await rm(accounts, { force: true });
  }
}

/** Part of the installation itself, so that there is no moment in which an account without a password may log in. */
function onlyRoot(password: string): string[] {
  return [
    "DELETE FROM mysql.global_priv WHERE User <> 'mariadb.sys'",
    "DELETE FROM mysql.proxies_priv",
    "FLUSH PRIVILEGES",
    `CREATE USER root@'127.0.0.1' IDENTIFIED VIA mysql_native_password USING '${passwordHash(password)}'`,
    "GRANT ALL PRIVILEGES ON *.* TO root@'127.0.0.1' WITH GRANT OPTION",
  ];
}

/** What the server wrote before the program gave up; its own last words are advice. */
function saidBy(cause: unknown): string {
  if (!(cause instanceof Error)) return "";
  const said = ["stdout", "stderr"].map((stream) => String(Reflect.get(cause, stream) ?? ""));
  const lines = said.join("\n").split("\n");
  return lines.filter((line) => /\[ERROR\]|^ERROR|cannot|denied/i.test(line)).join("\n");
}

function flags(place: Place): string[] {
  return [
    "--no-defaults",
    `--datadir=${place.dataFolder}`,
    `--tmpdir=${temporaryFolder(place)}`,
    "--auth-root-authentication-method=normal",
    "--skip-test-db",
    "--skip-name-resolve",
    "--skip-log-bin",
    `--innodb-log-file-size=${logFileSize}`,
    ...shared,
    // Losing a half-made data folder in a power cut costs nothing: it is made again.
    "--innodb-flush-method=nosync",
    "--innodb-flush-log-at-trx-commit=0",
  ];
}

/** What the installation and the server do alike. A machine has only so many places for asynchronous reading; a sample
 * does without, so that servers beside it can never be what keeps it from starting. */
export const shared = ["--innodb-use-native-aio=OFF"];

/** Of a sample; the server's default alone would take 96 MB of disk. */
export const logFileSize = "32M";
