import { z } from "zod";
import { engineSchema } from "../catalog/catalog.view.ts";
import { instantSchema } from "../kernel/clock.ts";
import { idSchema } from "../kernel/ids.ts";

/** The account's credential with ready-made lines. Each showing is recorded. */
export const credentialView = z
  .strictObject({
    grantId: idSchema("grant"),
    engine: engineSchema,
    host: z.string(),
    port: z.number().int(),
    database: z.string(),
    username: z.string(),
    password: z.string(),
    endsAt: instantSchema,
    uri: z.string(),
    jdbc: z.string(),
    /** A line for the shell: psql's, or that of the client of MySQL or MariaDB. */
    psql: z.string(),
    /** `export` lines for the shell. */
    environment: z.string(),
  })
  .meta({ id: "Credential" });
export type CredentialView = z.output<typeof credentialView>;
