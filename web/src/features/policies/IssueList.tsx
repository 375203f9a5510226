import { IconAlertTriangle } from "@tabler/icons-react";
import { useTranslations } from "use-intl";
import classes from "./IssueList.module.css";
import type { JsonReading } from "./json-text.ts";
import type { ShownIssue } from "./use-issues.ts";

/** All there is to put right, with the line of the file on which it stands. */
export function IssueList({ issues, reading }: { issues: ShownIssue[]; reading: JsonReading }) {
  const t = useTranslations("policies.editor");
  const tJson = useTranslations("policies.json");
  if (!reading.ok) {
    const { key, line, column, name = "" } = reading.mistake;
    return (
      <output className={classes.count}>
        <IconAlertTriangle size={15} aria-hidden />{" "}
        {tJson(key, { line: String(line), column: String(column), name })} {t("unread")}
      </output>
    );
  }
  if (issues.length === 0) return null;
  return (
    <details className={classes.list} open={issues.length < 4}>
      <summary className={classes.count}>
        <IconAlertTriangle size={15} aria-hidden /> {t("issues", { count: issues.length })}
      </summary>
      <ul>
        {issues.map((issue) => (
          <li key={`${issue.path} ${issue.message}`}>
            <span className={classes.line}>
              {t("lineIssue", { line: String(lineOf(reading.lines, issue.path)) })}
            </span>
            {issue.path ? <code>{issue.path}</code> : null}
            <span>
              {issue.by === "server" ? `${t("server")}: ` : ""}
              {issue.message}
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** Of the value itself, or of the nearest thing round it that the file has. */
export function lineOf(lines: ReadonlyMap<string, number>, path: string): number {
  for (let at = path; at !== ""; at = at.slice(0, Math.max(0, at.lastIndexOf(".")))) {
    const line = lines.get(at);
    if (line !== undefined) return line;
  }
  return 1;
}
