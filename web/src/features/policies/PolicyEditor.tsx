import { Button } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { Link, useBlocker } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslations } from "use-intl";
import type { PolicyView } from "../../lib/api.ts";
import { Callout } from "../../ui/Callout.tsx";
import { ChoiceLinks } from "../../ui/ChoiceLinks.tsx";
import { Moment } from "../../ui/Moment.tsx";
import { ProblemNotice } from "../../ui/ProblemNotice.tsx";
import { ConflictNotice } from "./ConflictNotice.tsx";
import { DeletePolicy } from "./DeletePolicy.tsx";
import { IssueList } from "./IssueList.tsx";
import classes from "./PolicyEditor.module.css";
import { PolicyFile } from "./PolicyFile.tsx";
import { PolicyForm } from "./PolicyForm.tsx";
import { PolicyWords } from "./PolicyWords.tsx";
import { asWritten, newPolicy } from "./policy-value.ts";
import { useDraft } from "./use-draft.ts";
import { useIssues } from "./use-issues.ts";
import { useSavePolicy } from "./use-save-policy.ts";

type Props = { stored: PolicyView | null; mayChange: boolean; view: "form" | "file" };

/** Form and file of one policy, what they mean in words, and saving with a check of the version. */
export function PolicyEditor({ stored, mayChange, view }: Props) {
  const t = useTranslations("policies.editor");
  // Another's save shows up as a conflict, not as a form that changes under the hands.
  const [opened, setOpened] = useState(stored);
  const draft = useDraft(fileOf(opened));
  const save = useSavePolicy(opened, (saved) => {
    setOpened(saved);
    draft.restart(fileOf(saved));
  });
  const { issues, showAll } = useIssues(draft, save.error, opened !== null);
  const [deleting, setDeleting] = useState(false);
  useLeaveGuard(draft.isChanged && !save.isSuccess);
  const submit = () => {
    showAll();
    if (draft.reading.ok && issues.all.length === 0) save.mutate(draft.reading.value);
  };
  return (
    <div className={classes.editor}>
      <EditorHead stored={opened} />
      {mayChange ? null : <Callout>{t("readOnly")}</Callout>}
      {save.conflict ? (
        <ConflictNotice
          newest={save.conflict.newest}
          onTheirs={(newest) => {
            setOpened(newest);
            draft.restart(fileOf(newest));
            save.reset();
          }}
          onMine={(newest) => {
            setOpened(newest);
            save.reset();
            if (draft.reading.ok) save.mutateOver(newest, draft.reading.value);
          }}
        />
      ) : null}
      {save.error && !save.conflict && !issues.hasServers ? <ProblemNotice error={save.error} /> : null}
      <div className={classes.sides} data-view={view}>
        <section className={classes.form} aria-label={t("form")}>
          <PolicyForm
            value={draft.value}
            onChange={draft.setValue}
            issues={issues.shown}
            disabled={!mayChange || !draft.reading.ok}
          />
        </section>
        <div className={classes.file}>
          <PolicyFile draft={draft} issues={issues.shown} readOnly={!mayChange} />
          <PolicyWords draft={draft} />
        </div>
      </div>
      {mayChange ? (
        <div className={classes.bar}>
          <IssueList issues={issues.shown} reading={draft.reading} />
          <div className={classes.buttons}>
            <Button onClick={submit} loading={save.isPending} disabled={opened !== null && !draft.isChanged}>
              {opened === null ? t("create") : t("save")}
            </Button>
            {draft.isChanged ? (
              <Button
                variant="default"
                onClick={() => {
                  draft.restart(fileOf(opened));
                  save.reset();
                }}
              >
                {t("reset")}
              </Button>
            ) : null}
            {opened === null ? null : (
              <Button
                variant="subtle"
                color="red"
                className={classes.delete}
                leftSection={<IconTrash size={15} aria-hidden />}
                onClick={() => setDeleting(true)}
              >
                {t("delete.action")}
              </Button>
            )}
          </div>
          {deleting && opened !== null ? (
            <DeletePolicy policy={opened} onCancel={() => setDeleting(false)} />
          ) : null}
        </div>
      ) : null}
    </div>
  );
}

function fileOf(stored: PolicyView | null): unknown {
  return stored === null ? newPolicy : asWritten(stored.policy);
}

function EditorHead({ stored }: { stored: PolicyView | null }) {
  const t = useTranslations("policies.editor");
  return (
    <div className={classes.head}>
      {stored === null ? (
        <span />
      ) : (
        <p className={classes.version}>
          {t.rich("version", {
            version: String(stored.version),
            who: stored.updatedBy?.name ?? t("itself"),
            moment: () => <Moment at={stored.updatedAt} />,
          })}
        </p>
      )}
      <div className={classes.switch}>
        <ChoiceLinks label={t("view")}>
          {(["form", "file"] as const).map((each) => (
            <Link
              key={each}
              to="."
              search={each === "form" ? {} : { view: each }}
              activeOptions={{ exact: true, includeSearch: true }}
              replace
              resetScroll={false}
            >
              {t(each)}
            </Link>
          ))}
        </ChoiceLinks>
      </div>
    </div>
  );
}

/** Leaving the page, by a link or by closing the tab, asks first while something is not saved. */
function useLeaveGuard(isChanged: boolean): void {
  const t = useTranslations("policies.editor");
  useBlocker({
    shouldBlockFn: ({ current, next }) =>
      // A dialogue of the browser itself: nothing of the page can be above it.
      isChanged && current.pathname !== next.pathname && !window.confirm(t("leave")),
    enableBeforeUnload: isChanged,
  });
}
