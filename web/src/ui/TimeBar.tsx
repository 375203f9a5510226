import { serverNowMs } from "../lib/clock.ts";
import { isEndingSoon, remainingShare } from "../lib/remaining.ts";
import { useTicking } from "../lib/use-ticking.ts";
import classes from "./TimeBar.module.css";

type Props = { startedAt: string; endsAt: string; live?: boolean };

/** A thin bar that shrinks with the remaining time and turns orange in its last tenth; `TimeLeft` beside it says it. */
export function TimeBar({ startedAt, endsAt, live = true }: Props) {
  // In steps of a quarter of a percent: the bar moves without drawing every second.
  const share = useTicking(() => Math.round(remainingShare(startedAt, endsAt, serverNowMs()) * 400) / 400);
  const ending = useTicking(() => isEndingSoon(startedAt, endsAt, serverNowMs()));
  return (
    <div className={classes.track} aria-hidden>
      <div
        className={classes.bar}
        data-tone={live ? (ending ? "ending" : "live") : "over"}
        style={{ transform: `scaleX(${share})` }}
      />
    </div>
  );
}
