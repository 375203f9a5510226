import { Button } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { serverNowMs } from "../../lib/clock.ts";
import { download } from "../../lib/download.ts";
import { notifyBad, notifyDone } from "../../ui/notify.ts";
import { useProblemText } from "../../ui/ProblemNotice.tsx";
import { type AuditSearch, auditFilterOf } from "./audit-filter.ts";

/** What is filtered, as a file; says so when the server had to cut it. */
export function ExportButtons({ search }: { search: AuditSearch }) {
  const t = useTranslations("audit.export");
  const save = useMutation({
    mutationFn: (format: "csv" | "json") =>
      download("/api/audit/export", { format, ...auditFilterOf(search, serverNowMs()) }),
    onSuccess: ({ headers }) =>
      headers.get("X-Daypass-Truncated") === "true" ? notifyBad(t("cut")) : notifyDone(t("done")),
  });
  const { title } = useProblemText(save.error);
  return (
    <>
      {(["csv", "json"] as const).map((format) => (
        <Button
          key={format}
          variant="default"
          size="xs"
          leftSection={<IconDownload size={15} aria-hidden />}
          aria-label={t("label", { format: t(format) })}
          loading={save.isPending && save.variables === format}
          onClick={() => save.mutate(format, { onError: () => notifyBad(title) })}
        >
          {t(format)}
        </Button>
      ))}
    </>
  );
}
