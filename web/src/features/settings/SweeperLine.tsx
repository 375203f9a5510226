import { IconAlertTriangle, IconHeartbeat } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { serverNowMs } from "../../lib/clock.ts";
import { sweeperOf } from "../../lib/layers.ts";
import { sweeperQuery } from "../../lib/queries.ts";
import { useTicking } from "../../lib/use-ticking.ts";
import { Callout } from "../../ui/Callout.tsx";
import { Moment } from "../../ui/Moment.tsx";
import classes from "./SweeperLine.module.css";

/** Whether the layer that all accounts share is alive: one quiet line, a loud one when it is not. */
export function SweeperLine() {
  const t = useTranslations("settings.guarantee.sweeper");
  const { data } = useQuery(sweeperQuery);
  const at = data?.sweptAt ?? null;
  const says = useTicking(() => sweeperOf(at, serverNowMs()).says);
  if (data === undefined) return <p className={classes.quiet} />;
  const text = t.rich(says, { moment: () => (at === null ? null : <Moment at={at} />) });
  if (says === "silent") {
    return (
      <div className={classes.loud}>
        <Callout tone="red" icon={IconAlertTriangle}>
          {text}
        </Callout>
      </div>
    );
  }
  return (
    <p className={classes.quiet}>
      <IconHeartbeat size={16} stroke={1.8} aria-hidden /> {text}
    </p>
  );
}
