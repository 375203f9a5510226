import { Button, Textarea } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { api, type UserView } from "../../lib/api.ts";
import { useMe } from "../../lib/roles.ts";
import { Callout } from "../../ui/Callout.tsx";
import { ConfirmPanel } from "../../ui/ConfirmPanel.tsx";
import { Facts } from "../../ui/Facts.tsx";
import { Moment } from "../../ui/Moment.tsx";
import { notifyDone } from "../../ui/notify.ts";
import { EndAccess } from "./EndAccess.tsx";
import classes from "./PersonPanel.module.css";

/** One person: what the identity provider says of them, and suspending them with a reason. */
export function PersonPanel({ person }: { person: UserView }) {
  const t = useTranslations("settings.people");
  const tRole = useTranslations("words.role");
  const { me, administers } = useMe();
  const [asking, setAsking] = useState(false);
  const isSuspended = person.suspendedAt !== null;
  const facts = [
    { name: t("mail"), value: person.email },
    {
      name: t(person.groupsUnknown ? "lastKnownGroups" : "groups"),
      value: person.groups.length === 0 ? t("noGroups") : person.groups.join(", "),
    },
    { name: t("roles"), value: person.roles.map((role) => tRole(role)).join(", ") },
    { name: t("lastSeen"), value: <Moment at={person.lastSeenAt} show="both" /> },
    { name: t("since"), value: <Moment at={person.createdAt} show="absolute" /> },
    { name: t("id"), value: <code>{person.id}</code> },
  ];
  return (
    <div className={classes.panel}>
      {person.suspendedAt === null ? null : (
        <Callout tone="red" title={t("suspended")}>
          {t.rich("suspendedSince", { moment: () => <Moment at={person.suspendedAt ?? ""} show="both" /> })}
        </Callout>
      )}
      {person.groupsUnknown === null ? null : (
        <Callout tone="amber" title={t("groupsUnknown")}>
          <p>
            {t.rich("groupsUnknownSince", {
              moment: () => <Moment at={person.groupsUnknown?.since ?? ""} show="both" />,
              cause: t(`groupsUnknownCause.${person.groupsUnknown.cause}`),
            })}
          </p>
          <p>{t("groupsUnknownText")}</p>
        </Callout>
      )}
      <Facts facts={facts} />
      <div className={classes.links}>
        <Link to="/audit" search={{ actor: person.id }}>
          {t("audit")}
        </Link>
        <Link to="/policies/simulator" search={{ person: person.id }}>
          {t("access")}
        </Link>
      </div>
      {administers ? <EndAccess subject={{ kind: "person", id: person.id, name: person.name }} /> : null}
      {!administers ? null : person.id === me.user.id ? (
        <p className={classes.note}>{t("notYourself")}</p>
      ) : asking ? (
        isSuspended ? (
          <Reinstate person={person} onDone={() => setAsking(false)} />
        ) : (
          <Suspend person={person} onDone={() => setAsking(false)} />
        )
      ) : (
        <div>
          <Button
            size="xs"
            variant={isSuspended ? "default" : "light"}
            {...(isSuspended ? {} : { color: "red" })}
            onClick={() => setAsking(true)}
          >
            {isSuspended ? t("reinstate") : t("suspend")}
          </Button>
        </div>
      )}
    </div>
  );
}

type MoveProps = { person: UserView; onDone: () => void };

function Suspend({ person, onDone }: MoveProps) {
  const t = useTranslations("settings.people");
  const [reason, setReason] = useState("");
  const suspend = useMove(
    () => api.suspendUser(person.id, reason.trim()),
    () => {
      notifyDone(t("suspendedDone", { name: person.name }));
      onDone();
    },
  );
  return (
    <ConfirmPanel
      title={t("suspendTitle", { name: person.name })}
      consequence={t("suspendText")}
      confirm={t("confirmSuspend")}
      onConfirm={() => suspend.mutate()}
      onCancel={onDone}
      pending={suspend.isPending}
      disabled={reason.trim().length < 3}
      error={suspend.error}
    >
      <Textarea
        label={t("reason")}
        required
        rows={2}
        maxLength={500}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </ConfirmPanel>
  );
}

function Reinstate({ person, onDone }: MoveProps) {
  const t = useTranslations("settings.people");
  const reinstate = useMove(
    () => api.reinstateUser(person.id),
    () => {
      notifyDone(t("reinstatedDone", { name: person.name }));
      onDone();
    },
  );
  return (
    <ConfirmPanel
      title={t("reinstateTitle", { name: person.name })}
      consequence={t("reinstateText")}
      confirm={t("confirmReinstate")}
      onConfirm={() => reinstate.mutate()}
      onCancel={onDone}
      pending={reinstate.isPending}
      error={reinstate.error}
    />
  );
}

function useMove(move: () => Promise<UserView>, onDone: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: move,
    onSuccess: onDone,
    onSettled: () => client.invalidateQueries({ queryKey: ["users"] }),
  });
}
