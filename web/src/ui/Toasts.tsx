import { CloseButton } from "@mantine/core";
import { IconAlertTriangle, IconCheck } from "@tabler/icons-react";
import { useSyncExternalStore } from "react";
import { useTranslations } from "use-intl";
import { dismissToast, type Toast, toastStore } from "./notify.ts";
import classes from "./Toasts.module.css";

/** The corner where `notifyDone` and `notifyBad` speak; both regions are always there, so that readers hear them. */
export function Toasts() {
  const toasts = useSyncExternalStore(toastStore.subscribe, toastStore.read);
  return (
    <div className={classes.corner}>
      <output className={classes.region}>
        {toasts
          .filter((toast) => toast.tone === "done")
          .map((toast) => (
            <OneToast key={toast.id} toast={toast} />
          ))}
      </output>
      <div role="alert" className={classes.region}>
        {toasts
          .filter((toast) => toast.tone === "bad")
          .map((toast) => (
            <OneToast key={toast.id} toast={toast} />
          ))}
      </div>
    </div>
  );
}

function OneToast({ toast }: { toast: Toast }) {
  const t = useTranslations("ui");
  const ToastIcon = toast.tone === "done" ? IconCheck : IconAlertTriangle;
  return (
    <span className={classes.toast} data-tone={toast.tone}>
      <ToastIcon size={17} aria-hidden />
      <span className={classes.message}>{toast.message}</span>
      <CloseButton size="sm" aria-label={t("close")} onClick={() => dismissToast(toast.id)} />
    </span>
  );
}
