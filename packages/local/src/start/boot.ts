import { pageSecurityHeaders } from "@daypass/functions/page-headers.ts";
import type { LambdaFunction } from "../aws/lambda/function.ts";
import { runBuffered, runStreaming } from "../aws/lambda/invocation.ts";
import { loadedFunctions } from "../aws/lambda/loaded-functions.ts";
import { machineClock } from "../aws/server/clock.ts";
import { type Aws, startAws } from "../aws/start-aws.ts";
import { createDynamoDb } from "../dynamodb/dynamodb.ts";
import { freePort } from "../free-port.ts";
import { type Oidc, startOidc } from "../oidc/oidc.ts";
import type { RunningMariadb } from "../target/mariadb/target.ts";
import type { RunningTarget } from "../target/postgres/target.ts";
import { application, applicationEnvironment, schedules, stateMachines } from "./application.ts";
import { type Early, settled } from "./begin-early.ts";
import { type FrontDoor, startFrontDoor } from "./front-door.ts";
import { functionName } from "./handlers.ts";
import { joinMariadb } from "./join-mariadb.ts";
import type { Mariadb } from "./mariadb.ts";
import { provisionBucket } from "./provision-bucket.ts";
import { provisionSecrets } from "./provision-secrets.ts";
import { provisionTable } from "./provision-table.ts";
import { provisionSchedules, provisionStateMachines } from "./provision-workflows.ts";
import { readRemembered, remember } from "./remembered.ts";
import { seed, seedNetwork } from "./seed.ts";
import { openSetupContext, type SetupContext } from "./setup-context.ts";
import type { StateFolder } from "./state-folder.ts";
import { followStream } from "./stream-consumers.ts";

export type Running = {
  origin: string;
  mailbox: string;
  target: Pick<RunningTarget, "host" | "port" | "adopted">;
  /** Settled once the application knows of it; nothing waits for that. */
  mariadb: Promise<Mariadb>;
  /** Milliseconds from the beginning of the process until each part was there. */
  laps: Record<string, number> & { all: number };
};

type Parts = {
  folder: StateFolder;
  /** The application's functions by their names. */
  functions: Readonly<Record<string, LambdaFunction>>;
  early: Early;
  port?: number;
  /** Whatever is pushed here runs at the end, the last first. */
  onStop: (stop: () => Promise<void> | void) => void;
};

/**
 * Starts everything on this machine: the AWS services, sign-in, PostgreSQL and the page at the same time, then the
 * application's own set-up, then the front door is opened.
 */
export async function boot({ folder, functions, early, port, onStop }: Parts): Promise<Running> {
  const laps: Record<string, number> = {};
  const beganAt = performance.now() - process.uptime() * 1000;
  laps["loaded"] = Math.round(performance.now() - beganAt);
  const lap = <T>(name: string, work: Promise<T>): Promise<T> => {
    const timed = work.then((result) => {
      laps[name] = Math.round(performance.now() - beganAt);
      return result;
    });
    // What fails before it is awaited is reported where it is.
    timed.catch(() => undefined);
    return timed;
  };
  const remembered = await readRemembered(folder.remembered);
  const door = await startFrontDoor(port ?? remembered.frontDoorPort ?? 4400, port !== undefined);
  onStop(() => door.close());

  const page = lap("page", early.page);
  const target = lap("postgres", early.target);
  const oidc = lap("sign-in", startSignIn(folder, door, remembered.oidcPort));
  onStop(async () => (await settled(oidc))?.close());
  const dynamodb = await lap("dynamodb", createDynamoDb({ folder: folder.table }));
  onStop(() => dynamodb.close());

  const clock = machineClock();
  const api = loadedFunctions(functions);
  const awsPort = await freePort(remembered.awsPort ?? door.port + 2);
  let seedNow: (() => Promise<void>) | undefined;
  let setupContext: SetupContext | undefined;
  const aws: Aws = await startAws({
    folder: folder.aws,
    port: awsPort,
    functions,
    handlers: { dynamodb },
    clock,
    prepare: async ({ environment }) => {
      Object.assign(process.env, environment);
      await Promise.all([provisionTable(application.table), provisionBucket(application.archiveBucket)]);
      await provisionStateMachines(stateMachines());
      const setup = openSetupContext(door.origin);
      onStop(() => setup.close());
      setupContext = setup.ctx;
      const [network, provider, server] = await Promise.all([seedNetwork(setup.ctx), oidc, target]);
      await provisionSecrets({
        administrators: server.secrets,
        oidcClient: { name: application.oidcClientSecretName, value: provider.clientSecret },
      });
      Object.assign(process.env, applicationEnvironment({ origin: door.origin, oidc: provider, network }));
      await api.handler(functionName("api"));
      await provisionSchedules(schedules());
      seedNow = () => seed(setup.ctx, { issuer: provider.issuer });
    },
  });
  onStop(() => aws.close());
  if (!remembered.seeded) await seedNow?.();
  const stream = followStream(dynamodb, api, clock);
  onStop(() => stream.stop());
  laps["application"] = Math.round(performance.now() - beganAt);

  const { issuer } = await oidc;
  const { definition } = api.find(functionName("api"));
  door.open({
    files: await page,
    pageHeaders: pageSecurityHeaders(issuer),
    invokeApi: (event, requestId) =>
      runBuffered({
        name: functionName("api"),
        requestId,
        definition,
        handler: () => api.handler(functionName("api")),
        event,
        clock,
      }),
    streamApi: (event, requestId, stream) =>
      runStreaming(
        {
          name: functionName("api-stream"),
          requestId,
          definition: api.find(functionName("api-stream")).definition,
          handler: () => api.handler(functionName("api-stream")),
          event,
          clock,
        },
        stream,
      ),
  });
  const memory = {
    frontDoorPort: door.port,
    oidcPort: Number(new URL(issuer).port),
    awsPort,
    seeded: true,
    mariadbSeeded: remembered.mariadbSeeded ?? false,
  };
  await remember(folder.remembered, memory);
  const mariadb = withMariadb(early.mariadb, async (server) => {
    if (setupContext) await joinMariadb(setupContext, server, { isSeeded: memory.mariadbSeeded });
    await remember(folder.remembered, { ...memory, mariadbSeeded: true });
  });
  const all = Math.round(performance.now() - beganAt);
  return {
    origin: door.origin,
    mailbox: `${aws.url}/mailbox`,
    target: await target,
    mariadb,
    laps: { ...laps, all },
  };
}

/** A MariaDB that cannot be told of is one that failed. */
async function withMariadb(
  begun: Promise<Mariadb>,
  tell: (server: RunningMariadb) => Promise<void>,
): Promise<Mariadb> {
  const mariadb = await begun;
  if (mariadb.is !== "running") return mariadb;
  try {
    await tell(mariadb.server);
    return mariadb;
  } catch (error) {
    return { is: "failed", message: error instanceof Error ? error.message : String(error) };
  }
}

/** People are known by the provider's address: with another one, all of them would be strangers. */
async function startSignIn(
  folder: StateFolder,
  door: FrontDoor,
  knownPort: number | undefined,
): Promise<Oidc> {
  const oidc = await startOidc({
    folder: folder.oidc,
    port: knownPort ?? door.port + 1,
    redirectUris: [`${door.origin}/api/sign-in/callback`],
    postLogoutRedirectUris: [door.origin, `${door.origin}/`, `${door.origin}/sign-in`],
  });
  if (knownPort === undefined || oidc.issuer.endsWith(`:${knownPort}`)) return oidc;
  await oidc.close();
  throw new Error(
    `Port ${knownPort}, which sign-in had so far, is in use by another program. Stop that, or begin anew with --reset.`,
  );
}
