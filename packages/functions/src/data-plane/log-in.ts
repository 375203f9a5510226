import type { RunnerContext } from "@daypass/core/credential/access-test.port.ts";
import { testLogin as testMysqlLogin } from "@daypass/databases/mysql/test-login.ts";
import { testLogin } from "@daypass/databases/postgres/test-login.ts";

/** Logs in with the credential of a grant, as its instance is reached. */
export const logIn: RunnerContext["logIn"] = async ({ engine, tls }, credential) => {
  const { host, port, dbname, username, password } = credential;
  switch (engine) {
    case "postgres":
      return testLogin({ host, port, tls }, { username, password }, dbname);
    case "mysql":
      return testMysqlLogin({ host, port, tls }, { username, password }, dbname);
  }
};
