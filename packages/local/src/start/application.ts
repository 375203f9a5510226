import { inspectionWorkflow } from "@daypass/core/catalog/inspection.workflow.ts";
import { grantWorkflow } from "@daypass/core/grant/grant.workflow.ts";
import type { Id } from "@daypass/core/kernel/ids.ts";
import { reconciliationWorkflow } from "@daypass/core/reconciliation/reconciliation.workflow.ts";
import { arnOf } from "../aws/server/arn.ts";
import { functionName } from "./handlers.ts";

/** What the application is made of in AWS, by its names on one machine. */
export const application = {
  table: "daypass",
  stack: "local",
  archiveBucket: "daypass-archive",
  oidcClientSecretName: "daypass/oidc-client",
  grantStateMachine: "daypass-grant-default",
  inspectionStateMachine: "daypass-inspection-default",
  reconciliationStateMachine: "daypass-reconciliation-default",
  administratorGroups: ["administrators"],
  auditorGroups: ["auditors"],
} as const;

export function stateMachines(): { name: string; definition: object }[] {
  const broker = arnOf.function(functionName("broker"));
  return [
    { name: application.grantStateMachine, definition: grantWorkflow(broker) },
    { name: application.inspectionStateMachine, definition: inspectionWorkflow(broker) },
    { name: application.reconciliationStateMachine, definition: reconciliationWorkflow(broker) },
  ];
}

export function schedules(): { name: string; rate: string; functionName: string }[] {
  return [{ name: "daypass-sweep", rate: "rate(1 minute)", functionName: functionName("sweep") }];
}

/** What the handlers read from their environment, besides what every AWS client reads. */
export function applicationEnvironment(given: {
  origin: string;
  oidc: { issuer: string; clientId: string };
  network: { id: Id<"network">; name: string };
}): Record<string, string> {
  return {
    DAYPASS_TABLE: application.table,
    DAYPASS_STACK: application.stack,
    DAYPASS_ORIGIN: given.origin,
    DAYPASS_OIDC_ISSUER: given.oidc.issuer,
    DAYPASS_OIDC_CLIENT_ID: given.oidc.clientId,
    DAYPASS_OIDC_CLIENT_SECRET_NAME: application.oidcClientSecretName,
    DAYPASS_ADMINISTRATOR_GROUPS: application.administratorGroups.join(","),
    DAYPASS_AUDITOR_GROUPS: application.auditorGroups.join(","),
    DAYPASS_MAIL_FROM: "Daypass <daypass@example.com>",
    DAYPASS_ARCHIVE_BUCKET: application.archiveBucket,
    DAYPASS_NETWORKS: JSON.stringify([
      {
        id: given.network.id,
        name: given.network.name,
        stateMachineArn: arnOf.stateMachine(application.grantStateMachine),
        inspectionStateMachineArn: arnOf.stateMachine(application.inspectionStateMachine),
        reconciliationStateMachineArn: arnOf.stateMachine(application.reconciliationStateMachine),
        brokerFunction: functionName("broker"),
        runnerFunction: functionName("runner"),
      },
    ]),
  };
}
