import { z } from "zod";
import { AwsError } from "../server/aws-error.ts";
import type { Clock } from "../server/clock.ts";
import { jsonOperation } from "../server/json-operation.ts";
import { secretId, stage, versionId } from "./secret.input.ts";
import type { SecretStore } from "./secret.store.ts";
import { currentStage, idAtStage, type Secret } from "./secret.ts";
import { notDeleted } from "./write-secret.ts";

const dayMs = 86_400_000;

/** GetSecretValue. */
export function readOperations(store: SecretStore, clock: Clock) {
  const get = z.strictObject({
    SecretId: secretId,
    VersionId: versionId.optional(),
    VersionStage: stage.optional(),
  });

  return {
    GetSecretValue: jsonOperation(get, (input) => {
      const secret = notDeleted(store.get(input.SecretId));
      const id = input.VersionId ?? idAtStage(secret.versions, input.VersionStage ?? currentStage);
      const version = id === undefined ? undefined : secret.versions[id];
      if (id === undefined || version === undefined) {
        const what =
          input.VersionId === undefined
            ? `staging label: ${input.VersionStage ?? currentStage}`
            : `VersionId: ${input.VersionId}`;
        throw new AwsError(
          "ResourceNotFoundException",
          `Secrets Manager can't find the specified secret value for ${what}`,
        );
      }
      if (input.VersionStage !== undefined && !version.stages.includes(input.VersionStage)) {
        throw new AwsError(
          "InvalidRequestException",
          "You provided a VersionStage that is not associated to the provided VersionId.",
        );
      }
      const today = clock.now() - (clock.now() % dayMs);
      if (secret.accessedMs !== today) store.put({ ...secret, accessedMs: today });
      return {
        ARN: secret.arn,
        Name: secret.name,
        VersionId: id,
        SecretString: version.text,
        SecretBinary: version.binary,
        VersionStages: version.stages,
        CreatedDate: version.createdMs / 1000,
      };
    }),
  };
}

/** What a list shows of a secret: everything but its values. Instants are seconds, as on the wire. */
export function summary(secret: Secret) {
  return {
    ARN: secret.arn,
    Name: secret.name,
    Description: secret.description,
    CreatedDate: secret.createdMs / 1000,
    LastChangedDate: secret.changedMs / 1000,
    LastAccessedDate: secret.accessedMs === undefined ? undefined : secret.accessedMs / 1000,
    DeletedDate: secret.deletion === undefined ? undefined : secret.deletion.removeMs / 1000,
  };
}
