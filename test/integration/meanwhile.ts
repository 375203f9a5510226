import { TransactWriteCommand } from "@aws-sdk/lib-dynamodb";
import type { Context } from "@daypass/core/kernel/context.ts";

/** The same context, but just before its next commit somebody else is quicker. */
export function meanwhile<C extends Context>(ctx: C, quicker: () => Promise<unknown>): C {
  let isFirst = true;
  const client = new Proxy(ctx.table.client, {
    get(target, name) {
      if (name !== "send") return Reflect.get(target, name) as unknown;
      return async (command: Parameters<typeof target.send>[0]) => {
        if (isFirst && command instanceof TransactWriteCommand) {
          isFirst = false;
          await quicker();
        }
        return target.send(command);
      };
    },
  });
  return { ...ctx, table: { ...ctx.table, client } };
}
