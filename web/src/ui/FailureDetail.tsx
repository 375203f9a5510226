import { IconChevronRight } from "@tabler/icons-react";
import { useTranslations } from "use-intl";
import type { GrantView } from "../lib/api.ts";
import { serverNowMs } from "../lib/clock.ts";
import { useTicking } from "../lib/use-ticking.ts";
import classes from "./FailureDetail.module.css";
import { Moment } from "./Moment.tsx";
import { SqlBlock } from "./SqlBlock.tsx";

type Failure = NonNullable<GrantView["failure"]>;
type Props = { grant: Pick<GrantView, "nextAttemptAt">; failure: Failure; calm?: boolean };

/** Why a grant does not get on: what stands in the way by name, whether it is locked, since when, what is next, and
 * what can be run by hand. `calm` is for its holder, who has nothing to run: the particulars are folded away. */
export function FailureDetail({ grant, failure, calm = false }: Props) {
  const t = useTranslations("guarantee.failure");
  if (!calm) {
    return (
      <div className={classes.detail}>
        <Why failure={failure} />
        <Tries grant={grant} failure={failure} />
        <Particulars failure={failure} />
      </div>
    );
  }
  return (
    <div className={classes.detail}>
      {failure.step === "revoke" ? <p>{t("holder.nothing")}</p> : <Why failure={failure} />}
      <Tries grant={grant} failure={failure} />
      {failure.step === "revoke" || failure.blockers.length + failure.remedy.length > 0 ? (
        <details className={classes.fold}>
          <summary>
            <IconChevronRight size={14} aria-hidden /> {t("holder.details")}
          </summary>
          <div className={classes.detail}>
            {failure.step === "revoke" ? <Why failure={failure} /> : null}
            <Particulars failure={failure} />
          </div>
        </details>
      ) : null}
    </div>
  );
}

function Why({ failure }: { failure: Failure }) {
  const t = useTranslations("guarantee.failure");
  return (
    <p>
      {t(`reason.${failure.reason}`)} <span className={classes.quiet}>{failure.message}</span>{" "}
      {failure.step !== "revoke" ? null : failure.loginDenied === false ? (
        <strong className={classes.open}>{t("open")}</strong>
      ) : failure.loginDenied === null && failure.reason === "unreachable" ? (
        t("unknown")
      ) : null}
    </p>
  );
}

function Tries({ grant: { nextAttemptAt }, failure }: Pick<Props, "grant" | "failure">) {
  const t = useTranslations("guarantee.failure");
  const nextMs = nextAttemptAt === null ? null : Date.parse(nextAttemptAt);
  const isAhead = useTicking(() => nextMs !== null && nextMs > serverNowMs());
  const values = { count: failure.attempts, moment: () => <Moment at={failure.since} /> };
  return (
    <p className={classes.quiet}>
      {nextAttemptAt !== null && isAhead
        ? t.rich("tried", { ...values, next: () => <Moment at={nextAttemptAt} /> })
        : t.rich("triedNow", values)}
    </p>
  );
}

function Particulars({ failure }: { failure: Failure }) {
  const t = useTranslations("guarantee.failure");
  return (
    <>
      {failure.blockers.length === 0 ? null : (
        <div>
          <h3 className={classes.sub}>{t(`blockers.${failure.reason}`)}</h3>
          <ul className={classes.blockers}>
            {failure.blockers.map((blocker) => (
              <li key={blocker}>{blocker}</li>
            ))}
          </ul>
        </div>
      )}
      {failure.remedy.length === 0 ? null : <SqlBlock label={t("remedy")} sql={failure.remedy.join("\n")} />}
    </>
  );
}
