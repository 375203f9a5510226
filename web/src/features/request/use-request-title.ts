import { useTranslations } from "use-intl";
import type { RequestView } from "../../lib/api.ts";

/** What somebody asks for, as one line. */
export function useRequestTitle(): (request: RequestView) => string {
  const t = useTranslations("request.page.title");
  return (request) =>
    t(request.kind, {
      who: request.requester.name,
      level: request.level,
      database: request.database.name,
    });
}
