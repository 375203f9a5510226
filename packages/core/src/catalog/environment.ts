import { z } from "zod";
import type { Id } from "../kernel/ids.ts";
import type { EnvironmentView } from "./catalog.view.ts";

export type Environment = {
  id: Id<"environment">;
  name: string;
  /** Lowest first: dev 10, staging 20, prod 30. */
  rank: number;
  /** Policies have to mean it to open it. */
  protected: boolean;
  version: number;
};

/** Names of environments, networks and instances: printable without need of quoting. */
export const nameSchema = z
  .string()
  .trim()
  .min(1)
  .max(60)
  .regex(/^[\p{L}\p{N}][\p{L}\p{N} ._()/-]*$/u, "may have letters, digits, spaces and . _ ( ) / -")
  .meta({ description: "Unique name", example: "staging" });

export const environmentFields = {
  name: nameSchema,
  rank: z.number().int().min(0).max(1_000_000).meta({ description: "Order, lowest first" }),
  protected: z.boolean(),
};

export function viewOfEnvironment({ id, name, rank, version, ...rest }: Environment): EnvironmentView {
  return { id, name, rank, protected: rest.protected, version };
}

export function byRank(one: Environment, other: Environment): number {
  return one.rank - other.rank || (one.name < other.name ? -1 : 1);
}
