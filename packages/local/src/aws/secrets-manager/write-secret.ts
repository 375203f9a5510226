import { randomUUID } from "node:crypto";
import { z } from "zod";
import { AwsError } from "../server/aws-error.ts";
import type { Clock } from "../server/clock.ts";
import { jsonOperation } from "../server/json-operation.ts";
import { description, secretId, secretName, stage, value, versionId } from "./secret.input.ts";
import { newSecretArn, type SecretStore } from "./secret.store.ts";
import { currentStage, isSameValue, type Secret, withVersion } from "./secret.ts";

/** CreateSecret and PutSecretValue. Both are repeatable with the same ClientRequestToken and value. */
export function writeOperations(store: SecretStore, clock: Clock) {
  const create = z.strictObject({
    Name: secretName,
    ClientRequestToken: versionId.optional(),
    Description: description.optional(),
    ...value,
  });
  const put = z.strictObject({
    SecretId: secretId,
    ClientRequestToken: versionId.optional(),
    ...value,
    VersionStages: z.array(stage).min(1).max(20).optional(),
  });

  /** Adds a version, or finds that this very request has been done before. */
  function addVersion(secret: Secret, token: string | undefined, given: Value, stages: readonly string[]) {
    const id = token ?? randomUUID();
    const known = secret.versions[id];
    if (known !== undefined) {
      if (isSameValue(known, given.SecretString, given.SecretBinary)) return { id, secret };
      throw new AwsError(
        "ResourceExistsException",
        `A version with the ClientRequestToken ${id} already exists and has another value.`,
      );
    }
    const added = { createdMs: clock.now(), text: given.SecretString, binary: given.SecretBinary };
    const versions = withVersion(secret.versions, id, added, stages);
    return { id, secret: { ...secret, versions, changedMs: clock.now() } };
  }

  return {
    CreateSecret: jsonOperation(create, (input) => {
      refuseTwoValues(input);
      const known = store.find(input.Name);
      if (known?.deletion !== undefined) {
        throw new AwsError(
          "InvalidRequestException",
          "You can't create this secret because a secret with this name is already scheduled for deletion.",
        );
      }
      if (known !== undefined) {
        const version = input.ClientRequestToken ? known.versions[input.ClientRequestToken] : undefined;
        if (version === undefined || !isSameValue(version, input.SecretString, input.SecretBinary)) {
          throw new AwsError(
            "ResourceExistsException",
            `The operation failed because the secret ${input.Name} already exists.`,
          );
        }
        return { ARN: known.arn, Name: known.name, VersionId: input.ClientRequestToken };
      }
      const now = clock.now();
      const empty: Secret = {
        arn: newSecretArn(input.Name),
        name: input.Name,
        description: input.Description,
        createdMs: now,
        changedMs: now,
        versions: {},
      };
      if (!hasValue(input)) {
        store.put(empty);
        return { ARN: empty.arn, Name: empty.name };
      }
      const { id, secret } = addVersion(empty, input.ClientRequestToken, input, [currentStage]);
      store.put(secret);
      return { ARN: secret.arn, Name: secret.name, VersionId: id };
    }),

    PutSecretValue: jsonOperation(put, (input) => {
      refuseTwoValues(input);
      if (!hasValue(input)) throw invalid("You must provide either SecretString or SecretBinary.");
      const known = notDeleted(store.get(input.SecretId));
      const { id, secret } = addVersion(
        known,
        input.ClientRequestToken,
        input,
        input.VersionStages ?? [currentStage],
      );
      if (secret !== known) store.put(secret);
      return {
        ARN: secret.arn,
        Name: secret.name,
        VersionId: id,
        VersionStages: secret.versions[id]?.stages,
      };
    }),
  };
}

interface Value {
  readonly SecretString?: string | undefined;
  readonly SecretBinary?: string | undefined;
}

function hasValue(input: Value): boolean {
  return input.SecretString !== undefined || input.SecretBinary !== undefined;
}

function refuseTwoValues(input: Value): void {
  if (input.SecretString !== undefined && input.SecretBinary !== undefined) {
    throw invalid(
      "You can't specify both a binary secret value and a string secret value in the same secret.",
    );
  }
}

function invalid(message: string): AwsError {
  return new AwsError("InvalidParameterException", message);
}

/** Throws InvalidRequestException for a secret on its way out. */
export function notDeleted(secret: Secret): Secret {
  if (secret.deletion === undefined) return secret;
  throw new AwsError(
    "InvalidRequestException",
    "You can't perform this operation on the secret because it was marked for deletion.",
  );
}
