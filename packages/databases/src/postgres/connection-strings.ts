import type { Login, Server } from "../engine.ts";
import { encode, exportLines, hostForUrl, shellQuote } from "../pasted.ts";

export type ConnectionStrings = {
  /** Begins with a space, so that shells which leave such lines out of their history do; the password is in the environment, never among the arguments that other users of the machine can list. */
  psql: string;
  /** Asks for the password. */
  psqlWithoutPassword: string;
  uri: string;
  uriWithoutPassword: string;
  jdbc: string;
  jdbcWithoutPassword: string;
  env: Record<string, string>;
  /** The same as lines for a POSIX shell. */
  envLines: string;
};

/**
 * What people paste into their clients. `rootCertificate` is the path of the server's CA on their machine; without
 * it the system's store is used, or, when the instance brings a CA of its own, a file of the name `server-ca.pem`.
 */
export function connectionStrings(
  server: Server,
  database: string,
  login: Login,
  options: { rootCertificate?: string } = {},
): ConnectionStrings {
  const tls = tlsParameters(server, options.rootCertificate);
  const conninfo = Object.entries({
    host: server.host,
    port: String(server.port),
    user: login.username,
    dbname: database,
    ...tls,
  })
    .map(([key, value]) => `${key}=${conninfoValue(value)}`)
    .join(" ");
  const psqlWithoutPassword = `psql ${shellQuote(conninfo)}`;
  const { uri, uriWithoutPassword } = uris(server, database, login, tls);
  const { jdbc, jdbcWithoutPassword } = jdbcUrls(server, database, login, tls);
  const env = environment(server, database, login, tls);
  return {
    psql: ` PGPASSWORD=${shellQuote(login.password)} ${psqlWithoutPassword}`,
    psqlWithoutPassword,
    uri,
    uriWithoutPassword,
    jdbc,
    jdbcWithoutPassword,
    env,
    envLines: exportLines(env),
  };
}

function tlsParameters(server: Server, rootCertificate: string | undefined): Record<string, string> {
  switch (server.tls) {
    case "disable":
      return { sslmode: "disable" };
    case "require":
      return { sslmode: "require" };
    case "verify": {
      const fallback = server.ca === undefined ? "system" : "server-ca.pem";
      return { sslmode: "verify-full", sslrootcert: rootCertificate ?? fallback };
    }
  }
}

function uris(server: Server, database: string, login: Login, tls: Record<string, string>) {
  // As the path of an address, these two would be steps of the way and no name.
  const isStep = database === "." || database === "..";
  const path = isStep
    ? `/?${queryString({ dbname: database, ...tls })}`
    : `/${encode(database)}?${queryString(tls)}`;
  const rest = `${hostForUrl(server)}${path}`;
  const user = encode(login.username);
  return {
    uri: `postgresql://${user}:${encode(login.password)}@${rest}`,
    uriWithoutPassword: `postgresql://${user}@${rest}`,
  };
}

function jdbcUrls(server: Server, database: string, login: Login, tls: Record<string, string>) {
  const { sslrootcert, ...mode } = tls;
  // The JDBC driver knows no "system"; without the parameter it looks in its own default place.
  const known = sslrootcert === undefined || sslrootcert === "system" ? mode : tls;
  const base = `jdbc:postgresql://${hostForUrl(server)}/${encode(database)}`;
  return {
    jdbc: `${base}?${queryString({ user: login.username, password: login.password, ...known })}`,
    jdbcWithoutPassword: `${base}?${queryString(known)}`,
  };
}

function environment(
  server: Server,
  database: string,
  login: Login,
  tls: Record<string, string>,
): Record<string, string> {
  return {
    PGHOST: server.host,
    PGPORT: String(server.port),
    PGDATABASE: database,
    PGUSER: login.username,
    PGPASSWORD: login.password,
    ...Object.fromEntries(Object.entries(tls).map(([key, value]) => [`PG${key.toUpperCase()}`, value])),
  };
}

function queryString(parameters: Record<string, string>): string {
  return Object.entries(parameters)
    .map(([key, value]) => `${key}=${encode(value)}`)
    .join("&");
}

function conninfoValue(value: string): string {
  return /^[A-Za-z0-9_.:/-]+$/.test(value)
    ? value
    : `'${value.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
