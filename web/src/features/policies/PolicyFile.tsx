import { Button } from "@mantine/core";
import { useId, useRef } from "react";
import { useTranslations } from "use-intl";
import { CopyButton } from "../../ui/CopyButton.tsx";
import { lineOf } from "./IssueList.tsx";
import classes from "./PolicyFile.module.css";
import type { Draft } from "./use-draft.ts";
import type { ShownIssue } from "./use-issues.ts";

type Props = { draft: Draft; issues: ShownIssue[]; readOnly: boolean };

/** The policy as JSON, with line numbers; lines with something to put right are marked. */
export function PolicyFile({ draft, issues, readOnly }: Props) {
  const t = useTranslations("policies.editor");
  const help = useId();
  const gutter = useRef<HTMLDivElement>(null);
  const { reading, text } = draft;
  const marked = new Set(
    reading.ok ? issues.map((issue) => lineOf(reading.lines, issue.path)) : [reading.mistake.line],
  );
  const count = text.split("\n").length;
  return (
    <section className={classes.file} aria-label={t("file")}>
      <div className={classes.head}>
        <div>
          <h2 className={classes.title}>{t("file")}</h2>
          <p className={classes.help} id={help}>
            {t("fileHelp")}
          </p>
        </div>
        <div className={classes.actions}>
          {readOnly ? null : (
            <Button size="compact-xs" variant="subtle" disabled={!reading.ok} onClick={draft.tidy}>
              {t("format")}
            </Button>
          )}
          <CopyButton text={text} what={t("copy")} />
        </div>
      </div>
      <div className={classes.editor} data-bad={!reading.ok || undefined}>
        <div className={classes.gutter} ref={gutter} aria-hidden>
          {Array.from({ length: count }, (_, index) => (
            <div key={index} data-marked={marked.has(index + 1) || undefined}>
              {index + 1}
            </div>
          ))}
        </div>
        <textarea
          className={classes.text}
          aria-label={t("file")}
          aria-describedby={help}
          aria-invalid={!reading.ok || issues.length > 0}
          value={text}
          readOnly={readOnly}
          rows={Math.max(12, Math.min(count + 1, 24))}
          wrap="off"
          spellCheck={false}
          autoCapitalize="off"
          autoCorrect="off"
          onScroll={(event) => {
            if (gutter.current) gutter.current.scrollTop = event.currentTarget.scrollTop;
          }}
          onChange={(event) => draft.setText(event.currentTarget.value)}
        />
      </div>
    </section>
  );
}
