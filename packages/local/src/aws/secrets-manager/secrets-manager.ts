import type { Clock } from "../server/clock.ts";
import type { Journal } from "../server/journal.ts";
import { jsonService, type Service } from "../server/service.ts";
import { deleteOperations } from "./delete-secret.ts";
import { listOperations } from "./list-secrets.ts";
import { readOperations } from "./read-secret.ts";
import { secretStore } from "./secret.store.ts";
import { writeOperations } from "./write-secret.ts";

/** AWS frees the name of a forcibly deleted secret a moment later, not at once. */
const defaultForcedDeletionMs = 500;

export function secretsManager(
  journal: Journal,
  clock: Clock,
  forcedDeletionMs = defaultForcedDeletionMs,
): Service {
  const store = secretStore(journal, clock);
  return jsonService({
    ...writeOperations(store, clock),
    ...readOperations(store, clock),
    ...deleteOperations(store, clock, forcedDeletionMs),
    ...listOperations(store),
  });
}
