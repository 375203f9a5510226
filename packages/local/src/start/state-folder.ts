import { chmodSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { lockFolder } from "../aws/server/folder-lock.ts";
import { resetMariadb } from "../target/mariadb/target.ts";
import { resetTarget } from "../target/postgres/target.ts";

/** Where each part keeps its state. */
export type StateFolder = {
  root: string;
  aws: string;
  table: string;
  oidc: string;
  postgres: string;
  mariadb: string;
  log: string;
  remembered: string;
  release(): void;
};

export const checkout = resolve(dirname(fileURLToPath(import.meta.url)), "../../../..");

/** Takes the state folder for this process alone; throws when another Daypass runs on it. */
export async function takeStateFolder(options: { reset: boolean }): Promise<StateFolder> {
  const root = resolve(process.env["DAYPASS_HOME"] || join(checkout, ".daypass"));
  const lock = lockFolder(root);
  const folder: StateFolder = {
    root,
    aws: join(root, "aws"),
    table: join(root, "table"),
    oidc: join(root, "oidc"),
    postgres: join(root, "postgres"),
    mariadb: join(root, "mariadb"),
    log: join(root, "log"),
    remembered: join(root, "remembered.json"),
    release: () => lock.release(),
  };
  try {
    // Started by root, the database servers run as users of their own, which have to pass through to their folders.
    chmodSync(root, process.getuid?.() === 0 ? 0o711 : 0o700);
    if (options.reset) await forget(folder);
    for (const secret of [folder.aws, folder.table, folder.oidc, folder.log]) {
      await mkdir(secret, { recursive: true, mode: 0o700 });
    }
    return folder;
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Deletes only what is ours: DAYPASS_HOME may have been pointed at a folder with other things in it. */
async function forget(folder: StateFolder): Promise<void> {
  await resetTarget(folder.postgres);
  await resetMariadb(folder.mariadb);
  for (const part of [folder.aws, folder.table, folder.oidc, folder.log, folder.remembered]) {
    await rm(part, { recursive: true, force: true });
  }
}
