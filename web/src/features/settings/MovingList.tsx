import { Link } from "@tanstack/react-router";
import type { GrantView } from "../../lib/api.ts";
import { DatabaseName } from "../../ui/DatabaseName.tsx";
import { LevelBadge } from "../../ui/LevelBadge.tsx";
import { Panel } from "../../ui/Page.tsx";
import { GrantStatusBadge } from "../../ui/StatusBadge.tsx";
import classes from "./Rows.module.css";

/** Accounts that are being made or taken back at this moment. */
export function MovingList({ grants }: { grants: GrantView[] }) {
  return (
    <Panel padded={false}>
      <ul className={classes.rows}>
        {grants.map((grant) => (
          <li key={grant.id} className={classes.row}>
            <div className={classes.main}>
              <GrantStatusBadge grant={grant} />
              <Link to="/grants/$grantId" params={{ grantId: grant.id }} className={classes.name}>
                <DatabaseName database={grant.database} />
              </Link>
              <LevelBadge level={grant.level} />
            </div>
            <p className={classes.line}>
              {grant.holder.name} · <code>{grant.account}</code>
            </p>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
