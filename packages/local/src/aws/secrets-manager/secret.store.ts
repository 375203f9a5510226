import { randomInt } from "node:crypto";
import { arnOf } from "../server/arn.ts";
import { AwsError } from "../server/aws-error.ts";
import type { Clock } from "../server/clock.ts";
import type { Journal } from "../server/journal.ts";
import type { Secret } from "./secret.ts";

export interface SecretStore {
  /** By name, ARN, or ARN without its random suffix. Throws ResourceNotFoundException. */
  get(id: string): Secret;
  find(id: string): Secret | undefined;
  list(): Secret[];
  put(secret: Secret): void;
  /** Puts, and leaves no earlier value of it in the file. */
  putAndErase(secret: Secret): void;
}

export function secretStore(journal: Journal, clock: Clock): SecretStore {
  const table = journal.table<Secret>("secret");
  const dying = new Set<string>();
  for (const [name, secret] of table.entries()) if (secret.deletion) dying.add(name);

  /** Removes what is past its deletion; asked before every read, so no timer is needed. */
  function sweep(): void {
    for (const name of dying) {
      const secret = table.get(name);
      if (secret?.deletion !== undefined && secret.deletion.removeMs > clock.now()) continue;
      dying.delete(name);
      if (secret?.deletion !== undefined) journal.commitAndErase(table.drop(name));
    }
  }

  function find(id: string): Secret | undefined {
    sweep();
    if (!id.startsWith("arn:")) return table.get(id);
    const resource = id.startsWith(arnOf.secret("")) ? id.slice(arnOf.secret("").length) : "";
    const whole = table.get(resource.replace(/-[A-Za-z0-9]{6}$/, ""));
    if (whole?.arn === id) return whole;
    return table.get(resource);
  }

  function note(secret: Secret): void {
    if (secret.deletion) dying.add(secret.name);
    else dying.delete(secret.name);
  }

  return {
    find,
    get(id) {
      const secret = find(id);
      if (secret !== undefined) return secret;
      throw new AwsError("ResourceNotFoundException", "Secrets Manager can't find the specified secret.");
    },
    list() {
      sweep();
      return [...table.entries()].map(([, secret]) => secret);
    },
    put(secret) {
      journal.commit(table.put(secret.name, secret));
      note(secret);
    },
    putAndErase(secret) {
      journal.commitAndErase(table.put(secret.name, secret));
      note(secret);
    },
  };
}

/** A new ARN: AWS adds six random characters, so that a secret made again under an old name has another one. */
export function newSecretArn(name: string): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  const suffix = Array.from({ length: 6 }, () => alphabet[randomInt(alphabet.length)]).join("");
  return arnOf.secret(`${name}-${suffix}`);
}
