import { AsyncLocalStorage } from "node:async_hooks";
import { PutCommand, TransactWriteCommand } from "@aws-sdk/lib-dynamodb";
import type { BrokerContext } from "@daypass/core/grant/account-engine.port.ts";
import mysql from "mysql2";
import pg from "pg";

/** Where a broker is stopped: before or after the side effect of this number, counted from one. */
export type Stop = { at: number; side: "before" | "after" };

/** One call of the broker whose side effects are numbered: commits to the table, secrets, statements to the database. */
export type NumberedRun = {
  effects: string[];
  stop: Stop | undefined;
  /** Ends the process, or what stands for it. */
  die: () => void;
  isDead: boolean;
  connections: Set<{ destroy(): void }>;
};

const runs = new AsyncLocalStorage<NumberedRun>();

/** Runs a call of the broker and stops it for good where it is told to: nothing that comes later in it happens, and its
 * connections break, as if the process had been killed. Resolves when it has ended or is dead. */
export async function runUntil(
  stop: Stop | undefined,
  call: () => Promise<unknown>,
  kill?: () => void,
): Promise<{ effects: string[]; isDead: boolean }> {
  const { promise: death, resolve } = Promise.withResolvers<void>();
  const run: NumberedRun = {
    effects: [],
    stop,
    isDead: false,
    connections: new Set(),
    die() {
      kill?.();
      run.isDead = true;
      for (const connection of run.connections) connection.destroy();
      resolve();
    },
  };
  await Promise.race([runs.run(run, call), death]);
  return { effects: run.effects, isDead: run.isDead };
}

/** The broker's context with its writes to table and secrets numbered. */
export function numbered(ctx: BrokerContext): BrokerContext {
  const client = new Proxy(ctx.table.client, {
    get(target, name) {
      if (name !== "send") return Reflect.get(target, name) as unknown;
      return (command: Parameters<typeof target.send>[0]) =>
        isWrite(command) ? effect("commit", () => target.send(command)) : alive(() => target.send(command));
    },
  });
  return {
    ...ctx,
    table: { ...ctx.table, client },
    grantSecrets: {
      ...ctx.grantSecrets,
      create: (...parameters) => effect("create secret", () => ctx.grantSecrets.create(...parameters)),
      delete: (...parameters) => effect("delete secret", () => ctx.grantSecrets.delete(...parameters)),
    },
  };
}

function isWrite(command: object): boolean {
  return command instanceof TransactWriteCommand || command instanceof PutCommand;
}

async function effect<T>(name: string, happen: () => Promise<T>): Promise<T> {
  const run = runs.getStore();
  if (!run) return happen();
  if (run.isDead) return never();
  run.effects.push(name);
  const isHere = run.stop?.at === run.effects.length;
  if (isHere && run.stop?.side === "before") return dead(run);
  const result = await happen().catch((error: unknown) => {
    if (run.isDead) return never<T>();
    throw error;
  });
  if (run.isDead) return never();
  if (isHere) return dead(run);
  return result;
}

/** A read: it does nothing that could be left behind, but the dead do not read either. */
async function alive<T>(read: () => Promise<T>): Promise<T> {
  const run = runs.getStore();
  if (run?.isDead) return never();
  return read();
}

function dead<T>(run: NumberedRun): Promise<T> {
  run.die();
  return never();
}

function never<T>(): Promise<T> {
  return new Promise<T>(() => undefined);
}

/** Numbers the statements of both drivers from outside: the code on trial knows nothing of it. */
export function numberStatements(): void {
  numberPostgres();
  numberMysql();
}

function numberPostgres(): void {
  type Call = (this: pg.Client, ...parameters: unknown[]) => Promise<unknown>;
  const { query, connect } = pg.Client.prototype as unknown as { query: Call; connect: Call };
  const numberedQuery: Call = function (...parameters) {
    const ask = () => query.apply(this, parameters);
    const [text] = parameters;
    return typeof text === "string" && runs.getStore() ? statement(text, ask) : ask();
  };
  const noted: Call = function (...parameters) {
    const run = runs.getStore();
    if (run?.isDead) return never();
    const { connection } = this as unknown as { connection: { stream: { destroy(): void } } };
    run?.connections.add({ destroy: () => connection.stream.destroy() });
    return connect.apply(this, parameters);
  };
  Object.assign(pg.Client.prototype, { query: numberedQuery, connect: noted });
}

type Done = (error: Error | null, result?: unknown) => void;
type MysqlCall = (this: mysql.Connection, ...parameters: unknown[]) => unknown;

function numberMysql(): void {
  // The class of every connection; the package has it for its types alone.
  const { prototype } = (
    mysql as unknown as { Connection: { prototype: Record<"query" | "execute", MysqlCall> } }
  ).Connection;
  for (const name of ["query", "execute"] as const) {
    const original = prototype[name];
    prototype[name] = function (...parameters) {
      const run = runs.getStore();
      const [text] = parameters;
      if (!run || typeof text !== "string") return original.apply(this, parameters);
      run.connections.add({ destroy: () => this.destroy() });
      const done = parameters.at(-1) as Done;
      const ask = () =>
        new Promise((resolve, reject) => {
          const answered: Done = (error, result) => (error ? reject(error) : resolve(result));
          original.call(this, ...parameters.slice(0, -1), answered);
        });
      statement(text, ask).then(
        (result) => done(null, result),
        (error: Error) => done(error),
      );
      return undefined;
    };
  }
}

function statement<T>(text: string, ask: () => Promise<T>): Promise<T> {
  return isRead(text) ? alive(ask) : effect(text.replaceAll(/\s+/g, " ").slice(0, 60), ask);
}

function isRead(text: string): boolean {
  return (
    /^\s*(?:select|show|with|set session)\b/i.test(text) &&
    !/pg_terminate_backend|set_config|lo_unlink|get_lock/i.test(text)
  );
}
