import { join } from "node:path";
import type { LambdaFunction } from "./lambda/function.ts";
import { invokerOf } from "./lambda/invoker.ts";
import { lambda } from "./lambda/lambda.ts";
import { objectStorage } from "./s3/s3.ts";
import { scheduler } from "./scheduler/scheduler.ts";
import { secretsManager } from "./secrets-manager/secrets-manager.ts";
import type { Clock } from "./server/clock.ts";
import type { Faults, ServiceName } from "./server/faults.ts";
import { lockFolder } from "./server/folder-lock.ts";
import { type Journal, openJournal } from "./server/journal.ts";
import type { Service } from "./server/service.ts";
import { type Mailbox, mailbox } from "./ses/mailbox.ts";
import { emailService } from "./ses/send-email.ts";
import { stepFunctions } from "./step-functions/step-functions.ts";
import { securityTokens } from "./sts/sts.ts";

export interface MachineServices {
  readonly byName: Readonly<Record<ServiceName, Service>>;
  readonly mails: Mailbox;
  /** Lets everything go on that a former run left behind. */
  resume(): void;
  /** Lets nothing go on; what is on record is resumed by the next run. */
  close(): void;
}

/** The services of one machine, each with a journal of its own in the folder, which they hold alone. */
export function openServices(options: {
  readonly folder: string | undefined;
  readonly clock: Clock;
  readonly faults: Faults;
  readonly functions: Readonly<Record<string, LambdaFunction>>;
  readonly accountConcurrency: number | undefined;
  readonly verifiedSenders: readonly string[] | undefined;
}): MachineServices {
  const { folder, clock, faults, functions, accountConcurrency } = options;
  const lock = folder === undefined ? undefined : lockFolder(folder);
  const journals: Journal[] = [];
  const stopping = new AbortController();
  const close = (): void => {
    stopping.abort(new Error("the machine is stopping"));
    for (const one of journals) one.close();
    lock?.release();
  };
  const journal = (name: string): Journal => {
    const opened = openJournal(folder === undefined ? undefined : join(folder, `${name}.jsonl`));
    journals.push(opened);
    return opened;
  };

  try {
    const stop = stopping.signal;
    const calls = lambda({ journal: journal("lambda"), clock, functions, accountConcurrency, stop });
    const invoker = invokerOf(calls, faults);
    const workflows = stepFunctions({ journal: journal("step-functions"), clock, lambda: invoker, stop });
    const schedules = scheduler({ journal: journal("scheduler"), clock, lambda: invoker, stop });
    const mails = mailbox(journal("ses"));
    return {
      byName: {
        secretsmanager: secretsManager(journal("secrets-manager"), clock),
        sfn: workflows,
        lambda: calls,
        scheduler: schedules,
        sesv2: emailService(mails, clock, options.verifiedSenders),
        sts: securityTokens(),
        s3: objectStorage(journal("s3"), clock),
      },
      mails,
      resume() {
        calls.resume();
        workflows.resume();
        schedules.resume();
      },
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}
