import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { api } from "../../lib/api.ts";
import { databaseQuery } from "../../lib/queries.ts";
import { scopeFromParam, scopeToParam } from "../../lib/scope-param.ts";
import { useShortcuts } from "../../lib/use-shortcuts.ts";
import { DurationPicker } from "../../ui/DurationPicker.tsx";
import { notifyDone } from "../../ui/notify.ts";
import { Page } from "../../ui/Page.tsx";
import { AskSummary } from "./AskSummary.tsx";
import { DatabasePicker } from "./DatabasePicker.tsx";
import { askOf, changed, type Draft } from "./draft.ts";
import { LevelPicker } from "./LevelPicker.tsx";
import { previewQuery } from "./preview-query.ts";
import { ReasonField } from "./ReasonField.tsx";
import classes from "./RequestFormPage.module.css";
import { ScopePicker } from "./ScopePicker.tsx";

type Props = { draft: Draft; onDraft: (draft: Draft) => void };

/** One page to ask: the form on the left, on the right what it would mean. */
export function RequestFormPage({ draft, onDraft }: Props) {
  const t = useTranslations("request.form");
  const tPage = useTranslations("request");
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const [reason, setReason] = useState(draft.reason ?? "");
  const database = useQuery({
    ...databaseQuery(draft.database ?? ""),
    enabled: draft.database !== undefined,
  });
  const loading = draft.database !== undefined && database.isPending;
  const askable = database.data?.askable.find((each) => each.level === draft.level);
  const policyMost = askable?.maxDurationMinutes ?? null;
  const [unread, setUnread] = useState(false);
  const minutes = unread ? null : (draft.duration ?? Math.min(60, policyMost ?? 60));
  const ask = minutes === null ? null : askOf({ ...draft, duration: minutes });
  const preview = useQuery(previewQuery(ask));
  const maxMinutes = draft.emergency ? (preview.data?.maxDurationMinutes ?? null) : policyMost;
  const [retryKey, setRetryKey] = useState({ of: "", key: "" });

  const send = useMutation({
    mutationFn: (body: Parameters<typeof api.createRequest>[0]) => {
      // The same content sent again after a lost answer is the same request, not a second one.
      const content = JSON.stringify(body);
      const key = retryKey.of === content ? retryKey.key : crypto.randomUUID();
      setRetryKey({ of: content, key });
      return api.createRequest(body, key);
    },
    onSuccess: async (request) => {
      notifyDone(t("sent"));
      void queryClient.invalidateQueries({ queryKey: ["requests"] });
      void queryClient.invalidateQueries({ queryKey: ["grants"] });
      await navigate({ to: "/requests/$requestId", params: { requestId: request.id } });
    },
  });
  const missing = [
    draft.database === undefined ? t("missingName.database") : null,
    draft.level === undefined ? t("missingName.level") : null,
    minutes === null ? t("missingName.duration") : null,
    reason.trim().length < 3 ? t("missingName.reason") : null,
  ].filter((name) => name !== null);
  const tooLong = maxMinutes !== null && minutes !== null && minutes > maxMinutes;
  const ready = ask !== null && missing.length === 0 && !tooLong && preview.data?.allowed === true;
  const submit = () => {
    if (ready && !send.isPending) send.mutate({ ...ask, reason: reason.trim() });
  };
  useShortcuts({ "mod+Enter": submit });

  const change = (next: Parameters<typeof changed>[1]) => onDraft(changed(draft, next));
  return (
    <Page title={tPage("title")} width="normal">
      <form
        className={classes.columns}
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <div className={classes.form}>
          <DatabasePicker
            chosen={database.data}
            onChoose={(found) =>
              change({ database: found.id, level: firstAllowed(found, draft), scope: undefined })
            }
            loading={loading}
            error={database.error}
          />
          <LevelPicker
            database={database.data}
            loading={loading}
            emergency={draft.emergency === true}
            value={draft.level}
            onChange={(level) => change({ level })}
          />
          <ScopePicker
            database={database.data}
            level={draft.level}
            value={scopeFromParam(draft.scope)}
            onChange={(scope) => change({ scope: scopeToParam(scope) })}
          />
          <DurationPicker
            key={draft.level ?? ""}
            label={t("duration")}
            valueMinutes={minutes}
            maxMinutes={maxMinutes}
            onChange={(next) => {
              setUnread(next === null);
              if (next !== null) change({ duration: next });
            }}
          />
          <ReasonField value={reason} onChange={setReason} />
        </div>
        <AskSummary
          ask={ask}
          preview={preview}
          draft={draft}
          missing={missing}
          ready={ready}
          sending={send.isPending}
          problem={send.error}
          onEmergency={(emergency) => change({ emergency: emergency ? true : undefined })}
        />
      </form>
    </Page>
  );
}

/** Keeps the level if the new database allows it, else takes the first that it does. */
function firstAllowed(
  found: { askable: { level: "read" | "write" | "ddl"; allowed: boolean }[] },
  draft: Draft,
): Draft["level"] {
  const allowed = found.askable.filter((each) => each.allowed).map((each) => each.level);
  return allowed.find((level) => level === draft.level) ?? allowed[0] ?? draft.level;
}
