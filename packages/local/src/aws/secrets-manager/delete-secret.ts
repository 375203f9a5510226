import { z } from "zod";
import { AwsError } from "../server/aws-error.ts";
import type { Clock } from "../server/clock.ts";
import { jsonOperation } from "../server/json-operation.ts";
import { secretId } from "./secret.input.ts";
import { newSecretArn, type SecretStore } from "./secret.store.ts";
import { notDeleted } from "./write-secret.ts";

const dayMs = 86_400_000;
const defaultWindowDays = 30;

/** DeleteSecret. `forcedDeletionMs` is how long a forced deletion takes to free the name. */
export function deleteOperations(store: SecretStore, clock: Clock, forcedDeletionMs: number) {
  const remove = z.strictObject({
    SecretId: secretId,
    RecoveryWindowInDays: z.int().optional(),
    ForceDeleteWithoutRecovery: z.boolean().optional(),
  });

  return {
    DeleteSecret: jsonOperation(remove, (input) => {
      const days = input.RecoveryWindowInDays;
      const forced = input.ForceDeleteWithoutRecovery === true;
      if (forced && days !== undefined) {
        throw new AwsError(
          "InvalidParameterException",
          "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.",
        );
      }
      if (days !== undefined && (days < 7 || days > 30)) {
        throw new AwsError(
          "InvalidParameterException",
          "The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).",
        );
      }
      if (forced) return forceDelete(input.SecretId);
      const secret = notDeleted(store.get(input.SecretId));
      const removeMs = clock.now() + (days ?? defaultWindowDays) * dayMs;
      store.put({ ...secret, deletion: { removeMs, forced: false } });
      return { ARN: secret.arn, Name: secret.name, DeletionDate: removeMs / 1000 };
    }),
  };

  /** Succeeds for a secret that is not there. The values are gone at once, the name is free a little later. */
  function forceDelete(id: string) {
    const secret = store.find(id);
    const now = clock.now();
    if (secret === undefined) {
      const name = id.startsWith("arn:") ? id.split(":").slice(6).join(":") : id;
      return { ARN: id.startsWith("arn:") ? id : newSecretArn(id), Name: name, DeletionDate: now / 1000 };
    }
    const removeMs = secret.deletion?.forced ? secret.deletion.removeMs : now + forcedDeletionMs;
    store.putAndErase({ ...secret, versions: {}, deletion: { removeMs, forced: true } });
    return { ARN: secret.arn, Name: secret.name, DeletionDate: removeMs / 1000 };
  }
}
