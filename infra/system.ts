/// <reference path="../.sst/platform/config.d.ts" />
import { createAlarms } from "./alarms.ts";
import { createApi } from "./api.ts";
import { createArchive } from "./archive.ts";
import { createNetwork, networksOf } from "./network.ts";
import { createFailureQueue } from "./queues.ts";
import { createSweeper } from "./schedules.ts";
import { createSecrets } from "./secrets.ts";
import { currentStage } from "./stage.ts";
import { createConsumers } from "./stream.ts";
import { createTable } from "./table.ts";
import { onlyOwnRoles } from "./trust.ts";
import { createWeb } from "./web.ts";
import { createWorkflows } from "./workflow.ts";

/** Everything that a stage is made of. */
export function createSystem() {
  // Live functions need roles that the whole account can take on.
  if ($dev) throw new Error("There is no sst dev here: npm start runs the same handlers on this machine.");
  onlyOwnRoles();
  const stage = currentStage();
  const table = createTable(stage);
  const secrets = createSecrets(stage);
  const archive = createArchive(stage);
  const networks = networksOf(stage).map((settings) => {
    const network = createNetwork(stage, settings, table);
    return { ...network, workflows: createWorkflows(stage, network) };
  });
  const api = createApi(stage, { table, secrets, networks });
  const failures = createFailureQueue(stage);
  const sweep = createSweeper(stage, { table, networks, failures });
  const consumers = createConsumers(stage, { table, archive, failures });
  const { distribution } = createWeb(stage, { api, secrets });
  createAlarms(stage, { api, networks, sweep, consumers, failures });
  return {
    address: stage.origin,
    pointsAt: distribution.domainName,
    table: table.name,
    archive: archive.bucket.bucket,
    signInSecret: secrets.signIn.name,
  };
}
