import {
  type Icon,
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleDashed,
  IconShieldCheck,
  IconShieldOff,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import type { GrantView } from "../lib/api.ts";
import { serverNowMs } from "../lib/clock.ts";
import { type Layers, type LayerTone, layersOf } from "../lib/layers.ts";
import { sweeperQuery } from "../lib/queries.ts";
import { useTicking } from "../lib/use-ticking.ts";
import classes from "./GrantLayers.module.css";
import { Moment } from "./Moment.tsx";
import { TextSkeleton } from "./Skeletons.tsx";

/** Which parts will end a grant, each by itself; once it is over, when its account was seen absent. */
export function GrantLayers({ grant }: { grant: GrantView }) {
  if (grant.writtenOff !== null) return <WrittenOff writtenOff={grant.writtenOff} />;
  return grant.state === "revoked" ? <Absence grant={grant} /> : <Armed grant={grant} />;
}

function WrittenOff({
  writtenOff: { at, by, reason },
}: {
  writtenOff: NonNullable<GrantView["writtenOff"]>;
}) {
  const t = useTranslations("guarantee.writeOff");
  return (
    <div className={classes.seen} data-tone="red">
      <IconAlertTriangle size={18} stroke={1.8} aria-hidden />
      <div>
        <strong>{t("was", { name: by.name })}</strong> <Moment at={at} show="both" />
        <p className={classes.says}>{reason}</p>
      </div>
    </div>
  );
}

function Absence({ grant }: { grant: GrantView }) {
  const t = useTranslations("guarantee.layers");
  const at = grant.absentAt ?? grant.revokedAt;
  return (
    <p className={classes.seen}>
      <IconShieldCheck size={18} stroke={1.8} aria-hidden />
      <span>
        <strong>{grant.startedAt === null ? t("never") : t("absent")}</strong>{" "}
        {at === null ? null : t.rich("at", { moment: () => <Moment at={at} show="exact" /> })}
      </span>
    </p>
  );
}

function Armed({ grant }: { grant: GrantView }) {
  const t = useTranslations("guarantee.layers");
  const sweeper = useQuery(sweeperQuery);
  const sweptAt = sweeper.data?.sweptAt ?? null;
  // As text, so that it is drawn again when the time that passes changes it and not once a second.
  const told = useTicking(() => JSON.stringify(layersOf(grant, sweptAt, serverNowMs())));
  const layers = JSON.parse(told) as Layers;
  const { database, timer } = layers;
  const moment = (at: string | null, show: "relative" | "exact") => ({
    moment: () => (at === null ? null : <Moment at={at} show={show} />),
  });
  const isEarlier =
    grant.state === "active" &&
    (database.says === "login" || database.says === "drop") &&
    grant.databaseEndsAt !== grant.endsAt;
  return (
    <section>
      <h2 className={classes.title}>{t("title")}</h2>
      <p className={classes.lead}>{t("lead")}</p>
      <ul className={classes.layers}>
        <Layer name={t("database")} word={t(`databaseWord.${database.says}`)} tone={database.tone}>
          {t.rich(`databaseSays.${database.says}`, moment(database.at, "exact"))}
          {database.says === "none" && grant.database.engine === "mysql" ? <> {t("noEvents")}</> : null}
          {isEarlier ? <> {t("earlier")}</> : null}
        </Layer>
        <Layer name={t("timer")} word={t(`timerWord.${timer.says}`)} tone={timer.tone}>
          {t.rich(
            `timerSays.${timer.says}`,
            moment(timer.at, timer.says === "retries" ? "relative" : "exact"),
          )}
        </Layer>
        {sweeper.data === undefined ? (
          <li>
            <TextSkeleton lines={2} />
          </li>
        ) : (
          <Layer
            name={t("sweeper")}
            word={t(`sweeperWord.${layers.sweeper.says}`)}
            tone={layers.sweeper.tone}
          >
            {t.rich(`sweeperSays.${layers.sweeper.says}`, moment(layers.sweeper.at, "relative"))}
          </Layer>
        )}
      </ul>
    </section>
  );
}

const icons: Record<LayerTone, Icon> = {
  green: IconCircleCheck,
  amber: IconShieldOff,
  red: IconAlertTriangle,
  grey: IconCircleDashed,
};

type LayerProps = { name: string; word: string; tone: LayerTone; children: ReactNode };

function Layer({ name, word, tone, children }: LayerProps) {
  const LayerIcon = icons[tone];
  return (
    <li className={classes.layer} data-tone={tone}>
      <LayerIcon size={16} stroke={2} aria-hidden />
      <div>
        <div className={classes.head}>
          {name}
          <span className={classes.word}>{word}</span>
        </div>
        <p className={classes.says}>{children}</p>
      </div>
    </li>
  );
}
