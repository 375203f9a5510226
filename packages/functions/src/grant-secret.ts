import { z } from "zod";

/** The secret of a grant, in the shape of those that RDS manages, so that other tools read it too. */
export const grantSecretSchema = z.strictObject({
  engine: z.string(),
  host: z.string(),
  port: z.number().int(),
  dbname: z.string(),
  username: z.string(),
  password: z.string().min(1),
});
