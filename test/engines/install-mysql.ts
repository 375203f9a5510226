import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { mysqlCommand, mysqlFolder } from "./mysql-programs.ts";

/**
 * `npm run engines:install:mysql`: a MySQL server for the tests, on a Debian that has none. Debian unstable has one: it
 * and all its libraries are downloaded, checked by apt against Debian's keys, and unpacked into a folder of their own.
 * Nothing is installed on the machine, and no root is needed.
 */
const keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";

if (process.argv.includes("--again")) rmSync(mysqlFolder, { recursive: true, force: true });
if (!existsSync(mysqlFolder)) install();
console.log(`MySQL ${versionOf(mysqlFolder)} is in ${mysqlFolder}; --again installs it anew`);

function install(): void {
  if (!existsSync(keyring)) {
    throw new Error(
      `${keyring} is missing, by which downloads are checked: apt-get install debian-archive-keyring`,
    );
  }
  const folder = mkdtempSync(join(tmpdir(), "daypass-mysql-"));
  try {
    for (const name of ["lists/partial", "cache/archives/partial"]) {
      mkdirSync(join(folder, name), { recursive: true });
    }
    writeFileSync(
      join(folder, "sources.list"),
      `deb [signed-by=${keyring}] http://deb.debian.org/debian unstable main\n`,
    );
    // As if nothing were installed: every library comes with it.
    writeFileSync(join(folder, "status"), "");
    apt(folder, "update");
    apt(folder, "install", "--yes", "--download-only", "mysql-server-core", "mysql-client-core");
    const archives = join(folder, "cache/archives");
    const root = join(folder, "root");
    for (const name of readdirSync(archives).filter((file) => file.endsWith(".deb"))) {
      execFileSync("dpkg-deb", ["--extract", join(archives, name), root]);
    }
    versionOf(root);
    mkdirSync(dirname(mysqlFolder), { recursive: true, mode: 0o711 });
    execFileSync("cp", ["-r", "--preserve=mode,links", root, `${mysqlFolder}.new`]);
    chmodSync(`${mysqlFolder}.new`, 0o755);
    renameSync(`${mysqlFolder}.new`, mysqlFolder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function apt(folder: string, ...words: string[]): void {
  const settings = {
    "Dir::Etc::sourcelist": join(folder, "sources.list"),
    "Dir::Etc::sourceparts": "/dev/null",
    "Dir::State": folder,
    "Dir::State::lists": join(folder, "lists"),
    "Dir::State::status": join(folder, "status"),
    "Dir::Cache": join(folder, "cache"),
    "APT::Install-Recommends": "0",
    // The folder is ours alone, and apt's own user could not write into it.
    "APT::Sandbox::User": "root",
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
  execFileSync("apt-get", ["-qq", ...options, ...words], { stdio: ["ignore", "ignore", "inherit"] });
}

/** What runs, and says so, is installed. */
function versionOf(folder: string): string {
  const { program, flags } = mysqlCommand(folder);
  const said = execFileSync(program, [...flags, "--version"], { encoding: "utf8" });
  return /Ver (\S+)/.exec(said)?.[1] ?? said.trim();
}
