import type { EndedView } from "@daypass/core/grant/access-end.view.ts";
import { Button, Textarea } from "@mantine/core";
import { IconPlugX } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { api } from "../../lib/api.ts";
import { ConfirmPanel } from "../../ui/ConfirmPanel.tsx";
import { useNamesText } from "../../ui/names-text.ts";
import { EndedCount } from "./EndedCount.tsx";
import { subjectGrantsQuery } from "./settings-queries.ts";
import type { Subject } from "./subject-grants.ts";

/** The kill switch: everything that a person holds, or that is held on an instance, ends now; the rest is counted
 * until all of it is revoked. */
export function EndAccess({ subject }: { subject: Subject }) {
  const t = useTranslations("settings.endAccess");
  const [asking, setAsking] = useState(false);
  const [ended, setEnded] = useState<(EndedView & { atMs: number }) | null>(null);
  return (
    <>
      {asking ? (
        <Confirm
          subject={subject}
          onDone={(counted) => {
            setAsking(false);
            setEnded({ ...counted, atMs: Date.now() });
          }}
          onCancel={() => setAsking(false)}
        />
      ) : (
        <div>
          <Button
            size="xs"
            variant="light"
            color="red"
            leftSection={<IconPlugX size={15} aria-hidden />}
            onClick={() => setAsking(true)}
          >
            {t("ask")}
          </Button>
        </div>
      )}
      {ended === null ? null : (
        <EndedCount key={ended.atMs} subject={subject} ended={ended.ended} toEnd={ended.left} />
      )}
    </>
  );
}

type ConfirmProps = { subject: Subject; onDone: (counted: EndedView) => void; onCancel: () => void };

function Confirm({ subject, onDone, onCancel }: ConfirmProps) {
  const t = useTranslations("settings.endAccess");
  const client = useQueryClient();
  const [reason, setReason] = useState("");
  const end = useMutation({
    mutationFn: () =>
      subject.kind === "person"
        ? api.endUserAccess(subject.id, reason.trim())
        : api.endInstanceAccess(subject.id, reason.trim()),
    onSuccess: onDone,
    onSettled: () =>
      Promise.all(
        ["grants", "instances", "databases", "requests"].map((concept) =>
          client.invalidateQueries({ queryKey: [concept] }),
        ),
      ),
  });
  return (
    <ConfirmPanel
      title={t(`title.${subject.kind}`, { name: subject.name })}
      consequence={
        <>
          <p>
            <Whose subject={subject} />
          </p>
          <p>{t(`consequence.${subject.kind}`)}</p>
        </>
      }
      confirm={t("confirm")}
      onConfirm={() => end.mutate()}
      onCancel={onCancel}
      pending={end.isPending}
      disabled={reason.trim().length < 3}
      error={end.error}
    >
      <Textarea
        label={t("reason")}
        description={t("reasonHelp")}
        required
        rows={2}
        maxLength={500}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </ConfirmPanel>
  );
}

/** How many, and whose or where, as far as it is known; the switch itself ends whatever there is. */
function Whose({ subject }: { subject: Subject }) {
  const t = useTranslations("settings.endAccess");
  const tellNames = useNamesText();
  const { data, isError } = useQuery(subjectGrantsQuery(subject, "calm"));
  if (data === undefined) return <>{t(isError ? "unknown" : "counting")}</>;
  if (data.held.length === 0) return <>{t("nothing")}</>;
  const names = data.held.map(({ holder, database }) =>
    subject.kind === "person" ? `${database.name} (${database.environment.name})` : holder.name,
  );
  const shown = [...new Set(names)];
  return (
    <strong>
      {t(`held.${subject.kind}`, {
        count: data.held.length,
        atLeast: data.isPartial ? t("atLeast") : "",
        names: tellNames(
          shown.length > 6 ? [...shown.slice(0, 5), t("others", { count: shown.length - 5 })] : shown,
        ),
      })}
    </strong>
  );
}
