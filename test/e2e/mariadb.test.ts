import { spawn } from "node:child_process";
import type { CredentialView } from "@daypass/core/credential/credential.view.ts";
import type { GrantView } from "@daypass/core/grant/grant.view.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Person } from "./person.ts";
import { System } from "./system.ts";

/** The story once more on MariaDB, with the line that the page gives and the client that Debian brings. */
let system: System;
let engineer: Person;
let lead: Person;
let auditor: Person;
beforeAll(async () => {
  system = await System.create();
  [engineer, lead, auditor] = await Promise.all([
    Person.signIn(system.url, "erin-vale"),
    Person.signIn(system.url, "tomoko-lind"),
    Person.signIn(system.url, "oscar-brandt"),
  ]);
});
afterAll(() => system?.close());

type Answer = { code: number | null; stdout: string; stderr: string };

function client(line: string, statement: string): Promise<Answer> {
  const child = spawn("bash", ["-c", `${line} --batch --skip-column-names --execute="$STATEMENT"`], {
    env: { ...process.env, STATEMENT: statement },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const answer = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk: Buffer) => (answer.stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (answer.stderr += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      if (/command not found/.test(answer.stderr)) {
        reject(new Error("the client is missing: apt-get install -y mariadb-client"));
      }
      resolve({ code, stdout: answer.stdout.trim(), stderr: answer.stderr });
    });
  });
}

test("the help desk in production is asked for, lent, used, and taken back", async () => {
  const helpdesk = await engineer.database("helpdesk", "production");
  expect(helpdesk).toMatchObject({ engine: "mysql", health: expect.stringMatching(/ok|attention/) });
  const request = await engineer.ask(helpdesk.id, { level: "read", durationMinutes: 5 });
  await lead.approve(request.id);
  const grant: GrantView = await engineer.grantIn(request.id.replace("req_", "grt_"), ["active"], 15);
  expect(grant.deadManSwitch).toBe("drop");

  const credential: CredentialView = await engineer.credential(grant.id);
  expect(credential.psql).toMatch(/^ MYSQL_PWD='[^']+' mariadb --host=/);
  expect(await client(credential.psql, "SELECT CURRENT_USER()")).toMatchObject({
    code: 0,
    stdout: `${grant.account}@%`,
  });
  for (const statement of ["CREATE TABLE mine (id int)", "SELECT * FROM mysql.user", "USE mysql"]) {
    const refused = await client(credential.psql, statement);
    expect(refused.code, statement).not.toBe(0);
    expect(refused.stderr, statement).toMatch(/denied/);
  }

  const sleeping = client(credential.psql, "SELECT SLEEP(600)");
  await engineer.post(`/api/grants/${grant.id}/end`);
  expect(await engineer.grantIn(grant.id, ["revoked"], 30)).toMatchObject({ endedBy: "holder" });
  expect((await sleeping).code).not.toBe(0);
  expect((await client(credential.psql, "SELECT 1")).stderr).toMatch(/Access denied/);
  const told = (await auditor.events(`subject=${grant.id}`)).map(({ operation }) => operation);
  expect(told).toEqual(expect.arrayContaining(["grant.activate", "grant.show-credential", "grant.finish"]));
  expect(system.output).not.toContain(credential.password);
});
