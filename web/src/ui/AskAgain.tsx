import type { MantineSize } from "@mantine/core";
import { useTranslations } from "use-intl";
import type { GrantView, RequestView } from "../lib/api.ts";
import { scopeToParam } from "../lib/scope-param.ts";
import { LinkButton } from "./LinkButton.tsx";

type Asked = Pick<GrantView, "database" | "level" | "durationMinutes" | "scope"> &
  Partial<Pick<RequestView, "reason">>;

/** The way to the form, filled with what was asked for the last time. */
export function AskAgain({ asked, size }: { asked: Asked; size?: MantineSize }) {
  const t = useTranslations("ui");
  const scope = scopeToParam(asked.scope);
  return (
    <LinkButton
      to="/request"
      search={{
        database: asked.database.id,
        level: asked.level,
        duration: asked.durationMinutes,
        ...(asked.reason === undefined ? {} : { reason: asked.reason }),
        ...(scope === undefined ? {} : { scope }),
      }}
      variant="default"
      {...(size === undefined ? {} : { size })}
    >
      {t("askAgain")}
    </LinkButton>
  );
}
