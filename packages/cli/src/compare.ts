import type { ReconciliationMode } from "@daypass/core/reconciliation/reconciliation.view.ts";
import { type Api, type Reconciliation, Refusal, Unanswered } from "./api.ts";
import type { Io } from "./io.ts";

/** How one instance came out; `problem` says why it could not be checked. */
export type Compared = { reconciliation: Reconciliation; problem: string | null };

type Plan = {
  mode: ReconciliationMode;
  timeoutMs: number;
  /** Told each time that one is done. */
  onDone: (compared: Compared) => void;
};

/** So many comparisons at once: each takes connections of a server. */
const atOnce = 8;
/** So often in a row may nobody answer, before that is the answer. */
const patience = 5;
const firstPauseMs = 500;
const longestPauseMs = 5_000;

/** Starts a comparison on each of them and waits for all; those that cannot be checked are told, not thrown. */
export async function compareAll(
  io: Io,
  api: Api,
  instances: readonly Reconciliation[],
  { mode, timeoutMs, onDone }: Plan,
): Promise<Compared[]> {
  const deadlineMs = io.nowMs() + timeoutMs;
  const waiting = [...instances];
  const running = new Map<string, { begun: Reconciliation; last: Reconciliation }>();
  const done = new Map<string, Compared>();
  const finish = (reconciliation: Reconciliation, problem: string | null) => {
    const compared = { reconciliation, problem };
    running.delete(reconciliation.instance.id);
    done.set(reconciliation.instance.id, compared);
    onDone(compared);
  };

  let unanswered = 0;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 1.5, longestPauseMs)) {
    try {
      await startSome();
      if (running.size > 0) await look();
      unanswered = 0;
    } catch (error) {
      if (!(error instanceof Unanswered) || (unanswered += 1) >= patience) throw error;
    }
    if (done.size === instances.length) break;
    if (io.nowMs() >= deadlineMs) {
      for (const { last } of [...running.values(), ...waiting.map((one) => ({ last: one }))]) {
        finish(last, `no result within ${Math.round(timeoutMs / 1000)} s`);
      }
      break;
    }
    await io.sleep(pauseMs);
  }
  return instances.flatMap(({ instance }) => done.get(instance.id) ?? []);

  /** One that is being compared already is asked again later: its result may be in the other mode. */
  async function startSome(): Promise<void> {
    for (const one of waiting.slice(0, atOnce - running.size)) {
      const begun = await start(one);
      if (begun === "running") continue;
      waiting.splice(waiting.indexOf(one), 1);
      if (begun !== undefined) running.set(one.instance.id, { begun, last: begun });
    }
  }

  async function start(one: Reconciliation): Promise<Reconciliation | "running" | undefined> {
    try {
      return await api.startReconciliation(one.instance.id, mode);
    } catch (error) {
      // What is refused for all ends the command; one that is gone meanwhile does not.
      if (!(error instanceof Refusal) || error.status === 401 || error.status === 403) throw error;
      finish(one, error.message);
      return undefined;
    }
  }

  async function look(): Promise<void> {
    for (const now of await api.listReconciliations()) {
      const mine = running.get(now.instance.id);
      if (!mine) continue;
      // A list that lags shows the run before; one that began right after this one is as good.
      if (now.run !== mine.begun.run && (now.startedAt ?? "") <= (mine.begun.startedAt ?? "")) continue;
      mine.last = now;
      if (now.status === "done") finish(now, null);
      else if (now.status === "failed") finish(now, now.error ?? "the comparison failed");
    }
  }
}
