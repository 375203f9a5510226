import { readFile, rename, writeFile } from "node:fs/promises";
import { z } from "zod";

const schema = z
  .object({
    frontDoorPort: z.number().int(),
    oidcPort: z.number().int(),
    awsPort: z.number().int(),
    /** True once the sample company is complete. */
    seeded: z.boolean(),
    /** True once its MariaDB instance is complete too, which may come at a later start. */
    mariadbSeeded: z.boolean(),
  })
  .partial();

/** What a later start should choose again. */
export type Remembered = z.infer<typeof schema>;

export async function readRemembered(path: string): Promise<Remembered> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "{}";
    throw error;
  });
  return schema.parse(JSON.parse(text));
}

export async function remember(path: string, remembered: Remembered): Promise<void> {
  await writeFile(`${path}.new`, JSON.stringify(remembered), { mode: 0o600 });
  await rename(`${path}.new`, path);
}
