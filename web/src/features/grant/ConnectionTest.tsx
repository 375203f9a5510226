import { Button } from "@mantine/core";
import { IconPlugConnected } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { api, type GrantView } from "../../lib/api.ts";
import { ProblemNotice } from "../../ui/ProblemNotice.tsx";
import classes from "./panel.module.css";

/** Whether the account can log in from where the database is, which a laptop may not be. */
export function ConnectionTest({ grant }: { grant: GrantView }) {
  const t = useTranslations("grant.credential");
  const queryClient = useQueryClient();
  const run = useMutation({
    mutationFn: () => api.testAccess(grant.id),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ["requests", "one", grant.requestId] }),
  });
  return (
    <>
      <div className={classes.buttons}>
        <Button
          size="xs"
          variant="default"
          title={t("testHelp")}
          loading={run.isPending}
          onClick={() => run.mutate()}
          leftSection={<IconPlugConnected size={15} aria-hidden />}
        >
          {t("test")}
        </Button>
      </div>
      {run.isError ? <ProblemNotice error={run.error} /> : null}
      <p className={classes.text} role="status">
        {run.data === undefined
          ? null
          : run.data.ok
            ? t("testOk", { server: run.data.serverVersion, ms: run.data.latencyMs })
            : t("testFailed", { message: run.data.message })}
      </p>
    </>
  );
}
