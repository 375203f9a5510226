import { IconAlertTriangle } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import type { ReconciliationView } from "../../lib/api.ts";
import { Moment } from "../../ui/Moment.tsx";
import { SqlBlock } from "../../ui/SqlBlock.tsx";
import classes from "./DifferenceItem.module.css";

/** One account that is not as the ledger has it: what, what was done, and what to run by hand. */
export function DifferenceItem({ difference }: { difference: ReconciliationView["differences"][number] }) {
  const t = useTranslations("settings.reconciliation");
  const { kind, account, grantId, message, action, dropAfter, remedy } = difference;
  return (
    <li className={classes.difference}>
      <IconAlertTriangle size={16} stroke={2} aria-hidden className={classes.icon} />
      <div className={classes.body}>
        <p>
          <strong>{t(`kind.${kind}`)}</strong> <code>{account}</code>{" "}
          {/* The grant that its marker names is not there. */}
          {grantId === null || kind === "unknown" ? null : (
            <Link to="/grants/$grantId" params={{ grantId }}>
              {t("grant")}
            </Link>
          )}
        </p>
        <p className={classes.message}>{message}</p>
        <p>
          <span className={classes.done}>{t("done")}</span> {t(`action.${action}`)}
          {dropAfter === null ? null : (
            <> {t.rich("dropAfter", { moment: () => <Moment at={dropAfter} show="both" /> })}</>
          )}
        </p>
        {remedy.length === 0 ? null : <SqlBlock label={t("remedy")} sql={remedy.join("\n")} />}
      </div>
    </li>
  );
}
