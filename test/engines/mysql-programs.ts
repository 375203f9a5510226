import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** Where the MySQL of the tests is kept: for all checkouts of this machine, and where a server that does not run as root
 * can enter. */
export const mysqlFolder = join(
  process.getuid?.() === 0 ? "/var/lib/daypass" : join(homedir(), ".cache/daypass"),
  "mysql-of-tests",
);

const platforms: Partial<Record<NodeJS.Architecture, { libraries: string; loader: string }>> = {
  x64: { libraries: "x86_64-linux-gnu", loader: "ld-linux-x86-64.so.2" },
  arm64: { libraries: "aarch64-linux-gnu", loader: "ld-linux-aarch64.so.1" },
};

type Command = { program: string; flags: string[] };

/** How a MySQL server is begun.
 * @throws Error with the command that installs it. */
export function mysqlCommand(folder: string = mysqlFolder): Command {
  const usr = join(folder, "usr");
  const { program, flags } = loaded(folder, "sbin/mysqld");
  return {
    program,
    flags: [
      ...flags,
      // The machine's own configuration is for the machine's own server.
      "--no-defaults",
      `--basedir=${usr}`,
      `--plugin-dir=${join(usr, "lib/mysql/plugin")}`,
      `--lc-messages-dir=${join(usr, "share/mysql")}`,
      `--character-sets-dir=${join(usr, "share/mysql/charsets")}`,
    ],
  };
}

/** The client `mysql` that people use.
 * @throws Error with the command that installs it. */
export function mysqlClientCommand(): Command {
  const { program, flags } = loaded(mysqlFolder, "bin/mysql");
  return {
    program,
    flags: [...flags, "--no-defaults", `--plugin-dir=${join(mysqlFolder, "usr/lib/mysql/plugin")}`],
  };
}

/** With the loader and the libraries that came with it, since it is of a newer Debian. */
function loaded(folder: string, program: string): Command {
  const platform = platforms[process.arch];
  const usr = join(folder, "usr");
  if (!platform || process.platform !== "linux" || !existsSync(join(usr, program))) {
    throw new Error(
      "MySQL is not installed for the tests. On Debian, x64 or arm64: npm run engines:install:mysql -- --again",
    );
  }
  const libraries = join(usr, "lib", platform.libraries);
  return {
    program: join(libraries, platform.loader),
    flags: ["--library-path", libraries, join(usr, program)],
  };
}
