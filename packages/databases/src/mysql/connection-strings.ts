import type { Login, Server } from "../engine.ts";
import { encode, exportLines, hostForUrl, shellQuote } from "../pasted.ts";

export type ConnectionStrings = {
  /** Begins with a space, so that shells which leave such lines out of their history do; the password is in the environment, never among the arguments that other users of the machine can list. */
  client: string;
  /** Asks for the password. */
  clientWithoutPassword: string;
  uri: string;
  uriWithoutPassword: string;
  jdbc: string;
  jdbcWithoutPassword: string;
  env: Record<string, string>;
  /** The same as lines for a POSIX shell. */
  envLines: string;
};

/**
 * What people paste into their clients. The clients of MySQL and MariaDB call encryption by different names, and
 * MySQL's verify with a file only: `rootCertificate` is the path of the server's CA on people's machines.
 */
export function connectionStrings(
  server: Server,
  database: string,
  login: Login,
  options: { flavour?: "mysql" | "mariadb"; rootCertificate?: string } = {},
): ConnectionStrings {
  const flavour = options.flavour ?? "mysql";
  const words = [
    flavour === "mariadb" ? "mariadb" : "mysql",
    `--host=${server.host}`,
    `--port=${server.port}`,
    "--protocol=TCP",
    `--user=${login.username}`,
    ...tlsWords(server, flavour, options.rootCertificate),
    "--default-character-set=utf8mb4",
    `--database=${database}`,
  ];
  const line = (more: string[]) => [...words, ...more].map(shellWord).join(" ");
  const env = {
    MYSQL_HOST: server.host,
    MYSQL_TCP_PORT: String(server.port),
    MYSQL_USER: login.username,
    MYSQL_DATABASE: database,
    MYSQL_PWD: login.password,
  };
  return {
    client: ` MYSQL_PWD=${shellQuote(login.password)} ${line([])}`,
    clientWithoutPassword: line(["--password"]),
    ...uris(server, database, login),
    ...jdbcUrls(server, database, login, flavour),
    env,
    envLines: exportLines(env),
  };
}

function tlsWords(server: Server, flavour: "mysql" | "mariadb", path: string | undefined): string[] {
  const file = path ?? (server.ca === undefined && flavour === "mariadb" ? undefined : "server-ca.pem");
  const ca = file === undefined ? [] : [`--ssl-ca=${file}`];
  switch (server.tls) {
    case "disable":
      // Without encryption MySQL's login wants the server's key, and clients ask for it only when they are told to.
      return flavour === "mariadb" ? ["--skip-ssl"] : ["--ssl-mode=DISABLED", "--get-server-public-key"];
    case "require":
      return [flavour === "mariadb" ? "--ssl" : "--ssl-mode=REQUIRED"];
    case "verify":
      return [
        ...(flavour === "mariadb" ? ["--ssl", "--ssl-verify-server-cert"] : ["--ssl-mode=VERIFY_IDENTITY"]),
        ...ca,
      ];
  }
}

function uris(server: Server, database: string, login: Login) {
  const mode = { verify: "VERIFY_IDENTITY", require: "REQUIRED", disable: "DISABLED" }[server.tls];
  const rest = `${hostForUrl(server)}/${encode(database)}?ssl-mode=${mode}`;
  const user = encode(login.username);
  return {
    uri: `mysql://${user}:${encode(login.password)}@${rest}`,
    uriWithoutPassword: `mysql://${user}@${rest}`,
  };
}

function jdbcUrls(server: Server, database: string, login: Login, flavour: "mysql" | "mariadb") {
  const modes =
    flavour === "mariadb"
      ? { verify: "verify-full", require: "trust", disable: "disable" }
      : { verify: "VERIFY_IDENTITY", require: "REQUIRED", disable: "DISABLED" };
  const key = flavour === "mysql" && server.tls === "disable" ? "&allowPublicKeyRetrieval=true" : "";
  const base = `jdbc:${flavour}://${hostForUrl(server)}/${encode(database)}?sslMode=${modes[server.tls]}${key}`;
  return {
    jdbc: `${base}&user=${encode(login.username)}&password=${encode(login.password)}`,
    jdbcWithoutPassword: base,
  };
}

function shellWord(text: string): string {
  return /^[A-Za-z0-9_.:/=%@-]+$/.test(text) ? text : shellQuote(text);
}
