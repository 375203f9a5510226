import { createHash } from "node:crypto";
import type { Change, Journal } from "../server/journal.ts";
import type { EventRow, ExecutionRow, Frame, MachineRow } from "./execution.ts";

/** AWS keeps an ended execution, and its name taken, for 90 days. */
const keptMs = 90 * 86_400_000;

export type ExecutionStore = ReturnType<typeof executionStore>;

/** Everything Step Functions keeps. Rows are joined into commits by the caller, so that a move is one commit. */
export function executionStore(journal: Journal, nowMs: number) {
  const machines = journal.table<MachineRow>("machine");
  const definitions = journal.table<string>("definition");
  const executions = journal.table<ExecutionRow>("execution");
  const frames = journal.table<Frame>("frame");
  const events = journal.table<EventRow>("event");

  const eventCounts = new Map<string, number>();
  for (const [key] of events.entries()) {
    const arn = key.slice(0, key.lastIndexOf("#"));
    eventCounts.set(arn, (eventCounts.get(arn) ?? 0) + 1);
  }
  const expired = [...executions.entries()].filter(
    ([, one]) => one.stoppedMs !== undefined && nowMs - one.stoppedMs > keptMs,
  );
  for (const [arn] of expired) {
    const count = eventCounts.get(arn) ?? 0;
    eventCounts.delete(arn);
    const old = Array.from({ length: count }, (_, index) => events.drop(`${arn}#${index + 1}`));
    journal.commit(executions.drop(arn), ...old);
  }

  return {
    commit: (...changes: readonly Change[]) => journal.commit(...changes),

    machine: (arn: string) => machines.get(arn),
    machines: () => [...machines.entries()].map(([, machine]) => machine),
    putMachine: (machine: MachineRow) => machines.put(machine.arn, machine),
    dropMachine: (arn: string) => machines.drop(arn),

    /** Definitions are kept by their hash, once: no changes means that this one is known, and so was checked. */
    keepDefinition(text: string): { key: string; changes: Change[] } {
      const key = createHash("sha256").update(text).digest("hex");
      return { key, changes: definitions.get(key) === undefined ? [definitions.put(key, text)] : [] };
    },
    definition(key: string): string {
      const text = definitions.get(key);
      if (text === undefined) throw new Error(`the definition ${key} is missing from the state folder`);
      return text;
    },

    execution: (arn: string) => executions.get(arn),
    executions: () => [...executions.entries()].map(([, execution]) => execution),
    putExecution: (execution: ExecutionRow) => executions.put(execution.arn, execution),

    frame: (arn: string) => frames.get(arn),
    putFrame: (arn: string, frame: Frame) => frames.put(arn, frame),
    dropFrame: (arn: string) => frames.drop(arn),

    eventCount: (arn: string) => eventCounts.get(arn) ?? 0,
    event: (arn: string, id: number) => events.get(`${arn}#${id}`),
    addEvent(arn: string, event: EventRow): Change {
      const id = (eventCounts.get(arn) ?? 0) + 1;
      eventCounts.set(arn, id);
      return events.put(`${arn}#${id}`, event);
    },
  };
}
