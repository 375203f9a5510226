import type { Settings } from "../kernel/context.ts";
import { invalid } from "../kernel/errors.ts";

/** The broker can read the secrets of grants too: none of them passes for an administrator's.
 * @throws DomainError invalid `instance.secret-of-grant`. */
export function refuseGrantSecret({ stack }: Pick<Settings, "stack">, secretName: string): void {
  const name = secretName.startsWith("arn:") ? secretName.split(":secret:").slice(1).join("") : secretName;
  if (!name.startsWith(`daypass/${stack}/grants/`)) return;
  throw invalid("instance.secret-of-grant", "This secret belongs to a grant; name the administrator's.");
}
