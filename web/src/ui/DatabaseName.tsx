import type { DatabaseRef } from "../lib/api.ts";
import classes from "./DatabaseName.module.css";
import { EnvironmentBadge } from "./EnvironmentBadge.tsx";

type Props = { database: DatabaseRef; size?: "normal" | "large"; withEnvironment?: boolean };

/** A database as it is named everywhere: name, the instance it is on, and its environment. */
export function DatabaseName({ database, size = "normal", withEnvironment = true }: Props) {
  return (
    <span className={classes.row} data-size={size}>
      <span className={classes.name}>{database.name}</span>
      <span className={classes.instance}>{database.instance.name}</span>
      {withEnvironment ? <EnvironmentBadge environment={database.environment} /> : null}
    </span>
  );
}
