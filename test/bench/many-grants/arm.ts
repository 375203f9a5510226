import { CreateSecretCommand } from "@aws-sdk/client-secrets-manager";
import { StartExecutionCommand } from "@aws-sdk/client-sfn";
import { epochMs } from "@daypass/core/kernel/clock.ts";
import { ms } from "../figures.ts";
import type { Lent } from "./lend.ts";
import { activeGrant, atOnce, endOfIndex, putGrants } from "./lent.ts";
import type { Machines } from "./machines.ts";
import { say } from "./say.ts";

/** Secrets, ends, rows and timers of all grants. `firstEndMs` is asked once the secrets are there. */
export async function arm(
  machines: Machines,
  lent: readonly Lent[],
  { timers, spreadMs, firstEndMs: first }: { timers: number; spreadMs: number; firstEndMs: () => number },
): Promise<number> {
  const all = lent.flatMap(({ grants }) => grants);
  await atOnce(16, all, async ({ secretName, account }) => {
    const SecretString = JSON.stringify({ username: account, password: "known to nobody" });
    await machines.secrets.send(new CreateSecretCommand({ Name: secretName, SecretString }));
  });
  say(`${all.length} secrets`);
  const firstEndMs = first();
  for (const one of lent) {
    const active = one.grants.map((grant, index) =>
      activeGrant(grant, endOfIndex(firstEndMs, index, one.grants.length, spreadMs), {}),
    );
    one.grants.splice(0, one.grants.length, ...active);
    await one.target.setEnds(
      new Map(active.map(({ account, endsAt }) => [account, epochMs(endsAt ?? never())])),
    );
    await putGrants(machines, active);
  }
  say(`${all.length} rows`);
  await startTimers(machines, lent, timers, all.length);
  const left = firstEndMs - Date.now();
  say(`${timers} timers, ${ms(left)} before the first end`);
  if (left < 3000)
    throw new Error("the machine is too slow: the first end came before all timers were armed");
  return firstEndMs;
}

/** Evenly over the servers and the ends. */
async function startTimers(
  { workflows, stateMachineArn }: Machines,
  lent: readonly Lent[],
  timers: number,
  count: number,
): Promise<void> {
  const step = (index: number) => Math.floor((index * timers) / count);
  const chosen = lent.flatMap(({ grants }) => grants.filter((_, index) => step(index) !== step(index - 1)));
  await atOnce(8, chosen, async ({ id }) => {
    const input = JSON.stringify({ grantId: id });
    await workflows.send(new StartExecutionCommand({ stateMachineArn, name: id, input }));
  });
}

function never(): never {
  throw new Error("a grant without its end");
}
