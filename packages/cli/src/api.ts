import type {
  ReconciliationMode,
  ReconciliationView,
} from "@daypass/core/reconciliation/reconciliation.view.ts";
import { z } from "zod";
import type { Config } from "./config.ts";
import { Failure } from "./failure.ts";
import type { Io } from "./io.ts";

/** The calls that the commands make. */
export type Api = {
  listReconciliations(): Promise<Reconciliation[]>;
  /** "running": another comparison of this instance is under way. */
  startReconciliation(instanceId: string, mode: ReconciliationMode): Promise<Reconciliation | "running">;
};

export function apiAt(io: Io, config: Config): Api {
  return {
    async listReconciliations() {
      const found: Reconciliation[] = [];
      let cursor: string | null = null;
      do {
        const query: string = cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`;
        const page: Page = await call(
          io,
          config,
          "GET",
          `/api/reconciliations?limit=100${query}`,
          pageSchema,
        );
        found.push(...page.items);
        cursor = page.nextCursor;
      } while (cursor !== null);
      return found;
    },
    async startReconciliation(instanceId, mode) {
      const path = `/api/instances/${encodeURIComponent(instanceId)}/reconcile`;
      try {
        return await call(io, config, "POST", path, reconciliationSchema, { mode });
      } catch (error) {
        if (error instanceof Refusal && error.code === "reconciliation.running") return "running";
        throw error;
      }
    },
  };
}

/** An answer that says no, by its stable code. */
export class Refusal extends Failure {
  readonly code: string;
  readonly status: number;

  constructor(status: number, code: string, message: string, hint?: string) {
    super(message, hint);
    this.status = status;
    this.code = code;
  }
}

/** A newer server may say more than this program knows; what it knows must be as it expects. */
const reconciliationSchema = z.object({
  instance: z.object({ id: z.string(), name: z.string(), engine: z.string() }),
  environment: z.object({ id: z.string(), name: z.string(), protected: z.boolean() }),
  status: z.enum(["never", "running", "done", "failed"]),
  mode: z.string().nullable(),
  run: z.string().nullable(),
  startedBy: z.string().nullable(),
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
  accountCount: z.number().nullable(),
  grantCount: z.number().nullable(),
  differences: z.array(
    z.object({
      kind: z.string(),
      account: z.string(),
      grantId: z.string().nullable(),
      message: z.string(),
      action: z.string(),
      dropAfter: z.string().nullable(),
      remedy: z.array(z.string()),
    }),
  ),
  differenceCount: z.number(),
  error: z.string().nullable(),
  repairedAt: z.string().nullable(),
  nextAt: z.string().nullable(),
});
export type Reconciliation = z.output<typeof reconciliationSchema>;
export type Difference = Reconciliation["differences"][number];
/** Does not compile once the server says something else than this program reads. */
type Reads = ReconciliationView extends Reconciliation ? true : never;
true satisfies Reads;

const pageSchema = z.object({ items: z.array(reconciliationSchema), nextCursor: z.string().nullable() });
type Page = z.output<typeof pageSchema>;

const problemSchema = z.object({
  code: z.string(),
  detail: z.string(),
  requestId: z.string().optional(),
});

const answerWithinMs = 30_000;

async function call<T>(
  io: Io,
  { url, token }: Config,
  method: "GET" | "POST",
  path: string,
  schema: z.ZodType<T>,
  body?: object,
): Promise<T> {
  let response: Response;
  let text: string;
  try {
    response = await io.fetch(new URL(path, url), {
      method,
      // Followed, a redirect would take the token to wherever it points.
      redirect: "error",
      headers: {
        authorization: `Bearer ${token}`,
        accept: "application/json",
        ...(body ? { "content-type": "application/json" } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
      signal: AbortSignal.any([io.signal, AbortSignal.timeout(answerWithinMs)]),
    });
    text = await response.text();
  } catch (error) {
    io.signal.throwIfAborted();
    throw new Unanswered(`${url.origin} does not answer: ${reasonOf(error)}.`);
  }
  const json = jsonOf(text);
  if (!response.ok) throw refusalOf(url, response, json);
  const parsed = schema.safeParse(json);
  if (!parsed.success) {
    throw new Failure(
      `What ${url.origin} answered is not what Daypass answers.`,
      "Is the address right, and is this program as new as the server?",
    );
  }
  return parsed.data;
}

/** Nobody was reached, so nothing was refused: worth another try. */
export class Unanswered extends Failure {}

function refusalOf(url: URL, { status, headers }: Response, json: unknown): Failure {
  const problem = problemSchema.safeParse(json);
  if (!problem.success) {
    const message = `${url.origin} answered ${status}, and not as Daypass does.`;
    return status >= 500 ? new Unanswered(message) : new Failure(message, "Is the address right?");
  }
  const { code, detail, requestId } = problem.data;
  if (status >= 500 || status === 429) {
    const after = headers.get("retry-after");
    return new Unanswered(
      `${detail}${requestId ? ` (request ${requestId})` : ""}`,
      after ? `Try again in ${after} s.` : undefined,
    );
  }
  return new Refusal(status, code, detail, hintFor(status, url));
}

function hintFor(status: number, url: URL): string | undefined {
  const where = `${url.origin}/settings/tokens`;
  if (status === 401) return `The token has expired or was revoked; make another at ${where}.`;
  if (status === 403) {
    return `It takes an administrator's token with the scopes Read and Administer; make one at ${where}.`;
  }
  return undefined;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Node hides why a connection failed in the cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  if (error.name === "TimeoutError") return "no answer within 30 s";
  const cause = error.cause;
  if (cause instanceof Error) {
    const code = "code" in cause && typeof cause.code === "string" ? cause.code : cause.message;
    return code;
  }
  return error.message;
}
