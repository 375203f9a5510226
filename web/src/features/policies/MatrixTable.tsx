import { type Icon, IconBolt, IconHandStop, IconMinus, IconUserCheck } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import type { DatabaseRef, Level, MatrixView } from "../../lib/api.ts";
import { useDurationText } from "../../ui/Duration.tsx";
import { EnvironmentBadge } from "../../ui/EnvironmentBadge.tsx";
import classes from "./MatrixTable.module.css";

type Subject = MatrixView["subjects"][number];
type Cell = NonNullable<Subject["cells"][number][Level]>;
type Props = { columns: { database: DatabaseRef; index: number }[]; subjects: Subject[]; level: Level };

const icons: Record<Cell["decision"], Icon> = {
  automatic: IconBolt,
  approval: IconUserCheck,
  denied: IconHandStop,
  refused: IconMinus,
};

/** Databases downwards, people and groups across: there are more databases than groups, and pages scroll down. */
export function MatrixTable({ columns, subjects, level }: Props) {
  const t = useTranslations("policies.matrix");
  return (
    // What scrolls must be reachable by keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <section className={classes.scroll} tabIndex={0} aria-label={t("lead")}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col" className={classes.corner}>
              {t("database")}
            </th>
            {subjects.map((subject) => (
              <th key={`${subject.kind} ${subject.name}`} scope="col" title={t(subject.kind)}>
                {subject.kind === "everyone" ? null : <span className={classes.kind}>{t(subject.kind)}</span>}
                {subject.kind === "everyone" ? t("everyone") : subject.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {columns.map(({ database, index }) => (
            <tr key={database.id}>
              <th scope="row" className={classes.database}>
                <span className={classes.names}>
                  <Link to="/databases/$databaseId" params={{ databaseId: database.id }}>
                    {database.name}
                  </Link>
                  <span className={classes.instance}>{database.instance.name}</span>
                  <EnvironmentBadge environment={database.environment} />
                </span>
              </th>
              {subjects.map((subject) => (
                <CellView key={`${subject.kind} ${subject.name}`} cell={subject.cells[index]?.[level]} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function CellView({ cell }: { cell: Cell | undefined }) {
  const t = useTranslations("policies.matrix");
  const tell = useDurationText();
  const { decision, maxDurationMinutes, approvals } = cell ?? {
    decision: "refused" as const,
    maxDurationMinutes: 0,
    approvals: 0,
  };
  const CellIcon = icons[decision];
  const may = decision === "automatic" || decision === "approval";
  const how = decision === "approval" ? t("approval", { count: approvals }) : t(decision);
  return (
    <td data-decision={decision}>
      <span className={classes.cell}>
        <CellIcon size={14} aria-hidden />
        <span>
          {may ? <span className={classes.max}>{tell(maxDurationMinutes * 60_000)}</span> : null}
          <span className={classes.how}>{how}</span>
        </span>
      </span>
    </td>
  );
}
