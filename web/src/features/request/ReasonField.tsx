import { Textarea } from "@mantine/core";
import { IconTicket } from "@tabler/icons-react";
import { useTranslations } from "use-intl";
import { ticketIn } from "./draft.ts";
import classes from "./ReasonField.module.css";

/** Why; a ticket that is named in it is recognised and shown. */
export function ReasonField({ value, onChange }: { value: string; onChange: (reason: string) => void }) {
  const t = useTranslations("request.form");
  const ticket = ticketIn(value);
  return (
    <div>
      <Textarea
        label={t("reason")}
        placeholder={t("reasonPlaceholder")}
        required
        withAsterisk={false}
        autosize
        minRows={3}
        maxRows={10}
        maxLength={2_000}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      <div className={classes.below}>
        <span>{t("reasonHelp")}</span>
        {ticket === null ? null : (
          <span className={classes.ticket}>
            <IconTicket size={14} aria-hidden />
            {ticket.href === null ? (
              t("ticket", { ticket: ticket.name })
            ) : (
              <a href={ticket.href} target="_blank" rel="noreferrer noopener">
                {t("ticket", { ticket: ticket.name })}
              </a>
            )}
          </span>
        )}
      </div>
    </div>
  );
}
