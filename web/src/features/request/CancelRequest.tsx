import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { api, type RequestView } from "../../lib/api.ts";
import { notifyDone } from "../../ui/notify.ts";
import { ProblemNotice } from "../../ui/ProblemNotice.tsx";
import classes from "./CancelRequest.module.css";

/** The requester takes a pending request back, after being asked once more. */
export function CancelRequest({ request }: { request: RequestView }) {
  const t = useTranslations("request.page");
  const queryClient = useQueryClient();
  const [asking, setAsking] = useState(false);
  const cancel = useMutation({
    mutationFn: () => api.cancelRequest(request.id),
    onSuccess: () => {
      notifyDone(t("cancelled"));
      setAsking(false);
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: ["requests"] }),
  });
  if (!asking) {
    return (
      <div className={classes.row}>
        <Button variant="default" size="xs" onClick={() => setAsking(true)}>
          {t("cancel")}
        </Button>
      </div>
    );
  }
  return (
    <section className={classes.panel} aria-label={t("cancelTitle")}>
      <p>
        <strong>{t("cancelTitle")}</strong> {t("cancelText")}
      </p>
      {cancel.isError ? <ProblemNotice error={cancel.error} /> : null}
      <div className={classes.buttons}>
        <Button color="red" size="xs" loading={cancel.isPending} onClick={() => cancel.mutate()}>
          {t("cancelConfirm")}
        </Button>
        <Button variant="default" size="xs" onClick={() => setAsking(false)}>
          {t("cancelKeep")}
        </Button>
      </div>
    </section>
  );
}
