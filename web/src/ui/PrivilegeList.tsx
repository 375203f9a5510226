import { IconCheck, IconChevronRight, IconX } from "@tabler/icons-react";
import { useTranslations } from "use-intl";
import type { PreviewView } from "../lib/api.ts";
import { CopyButton } from "./CopyButton.tsx";
import classes from "./PrivilegeList.module.css";

type Props = {
  privileges: PreviewView["privileges"];
  /** Whose account it would be; "access" once it is decided, so that it reads right before, during and after. */
  of: "you" | "them" | "access";
};

/** What the account can and cannot do, as sentences, and the very SQL on request. */
export function PrivilegeList({ privileges, of }: Props) {
  const t = useTranslations("ui");
  const tWords = useTranslations("words");
  const titles = {
    you: [t("can"), t("cannot")],
    them: [t("theyCan"), t("theyCannot")],
    access: [tWords("allowed"), tWords("notAllowed")],
  } as const;
  const [can, cannot] = titles[of];
  const sql = privileges.sql.join("\n");
  return (
    <div className={classes.privileges}>
      <Sentences title={can} sentences={privileges.can} kind="can" />
      <Sentences title={cannot} sentences={privileges.cannot} kind="cannot" />
      {sql === "" ? null : (
        <details className={classes.details}>
          <summary>
            <IconChevronRight size={14} aria-hidden /> {t("showSql")}
          </summary>
          <div className={classes.sql}>
            {/* What scrolls must be reachable by keyboard. */}
            {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
            <section tabIndex={0} aria-label={t("showSql")} className={classes.scroll}>
              <pre>{sql}</pre>
            </section>
            <CopyButton text={sql} what="SQL" />
          </div>
        </details>
      )}
    </div>
  );
}

function Sentences({
  title,
  sentences,
  kind,
}: {
  title: string;
  sentences: string[];
  kind: "can" | "cannot";
}) {
  if (sentences.length === 0) return null;
  return (
    <div>
      <h3 className={classes.title}>{title}</h3>
      <ul className={classes.list} data-kind={kind}>
        {sentences.map((sentence) => (
          <li key={sentence}>
            {kind === "can" ? <IconCheck size={15} aria-hidden /> : <IconX size={15} aria-hidden />}
            <span>{sentence}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
