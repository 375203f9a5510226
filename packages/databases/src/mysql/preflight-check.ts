import type { ManualStatement, PreflightCheck } from "../engine.ts";

/** One thing that was looked at on the server as a whole: good, or what is amiss and the statements that mend it. */
export function check(good: boolean, { id, otherwise, yes, no, statements = [] }: Finding): PreflightCheck {
  const shown: ManualStatement[] = good ? [] : statements.map((text) => ({ database: null, sql: text }));
  return {
    id,
    database: null,
    status: good ? "ok" : otherwise,
    sentence: good ? yes : no,
    statements: shown,
  };
}

type Finding = {
  id: string;
  otherwise: "missing" | "warning";
  yes: string;
  no: string;
  statements?: string[];
};
