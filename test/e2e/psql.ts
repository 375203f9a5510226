import { spawn } from "node:child_process";
import pg from "pg";

export type Psql = { code: number | null; stdout: string; stderr: string; endedAt: number };

/** Runs the line that the page gives, in a shell, with one more argument: the statement. */
export async function psql(line: string, statement: string): Promise<Psql> {
  return runPsql(line, statement).ended;
}

export function runPsql(line: string, statement: string): { ended: Promise<Psql> } {
  const child = spawn("bash", ["-c", `${line} -X -A -t -v ON_ERROR_STOP=1 -c "$STATEMENT"`], {
    env: { ...process.env, STATEMENT: statement },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<Psql>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      if (/command not found|psql: not found/.test(stderr)) {
        reject(new Error("psql is missing: apt-get install -y postgresql-client"));
      }
      resolve({ code, stdout: stdout.trim(), stderr, endedAt: Date.now() });
    });
  });
  return { ended };
}

/** Accounts on the server whose names look like ours, asked as the sample company's administrator. */
export async function accountsOn(administrator: {
  host: string;
  port: number;
  username: string;
  password: string;
}) {
  const client = new pg.Client({ ...administrator, user: administrator.username, database: "postgres" });
  await client.connect();
  try {
    const { rows } = await client.query<{ rolname: string }>(
      "select rolname from pg_roles where rolname ~ '^dp_[0-9a-z]{26}$' order by 1",
    );
    return rows.map((row) => row.rolname);
  } finally {
    await client.end();
  }
}
