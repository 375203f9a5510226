import { Button, Textarea } from "@mantine/core";
import { IconCheck, IconMessage, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslations } from "use-intl";
import type { RequestView } from "../../lib/api.ts";
import { useShortcuts } from "../../lib/use-shortcuts.ts";
import { Callout } from "../../ui/Callout.tsx";
import { useDurationText } from "../../ui/Duration.tsx";
import { DurationPicker } from "../../ui/DurationPicker.tsx";
import { KeyboardHint } from "../../ui/KeyboardHint.tsx";
import { ProblemNotice } from "../../ui/ProblemNotice.tsx";
import classes from "./DecisionPanel.module.css";
import { useReview } from "./use-review.ts";

type Props = { request: RequestView; onDecided?: () => void };
type Mode = "idle" | "reject" | "comment";

/** Approve, perhaps for less time; reject with a reason; comment. Keys: a, r, c and ⌘↵ to send. */
export function DecisionPanel({ request, onDecided }: Props) {
  const t = useTranslations("request.decide");
  const tUi = useTranslations("ui");
  const tell = useDurationText();
  const [mode, setMode] = useState<Mode>("idle");
  const [text, setText] = useState("");
  const [minutes, setMinutes] = useState<number | null>(request.durationMinutes);
  const { review, overtaken } = useReview(request, {
    onDecided: () => onDecided?.(),
    onCommented: () => {
      setText("");
      setMode("idle");
    },
  });
  const written = text.trim();
  const valid = minutes !== null && minutes <= request.durationMinutes;
  const approve = () => {
    if (!request.may.review || review.isPending || !valid) return;
    review.mutate({
      decision: "approve",
      ...(minutes === request.durationMinutes ? {} : { durationMinutes: minutes }),
      ...(written === "" ? {} : { comment: written }),
    });
  };
  const sendText = () => {
    if (review.isPending || written === "") return;
    if (mode === "reject") review.mutate({ decision: "reject", comment: written });
    else if (mode === "comment") review.mutate({ decision: "comment", comment: written });
  };
  useShortcuts({
    a: () => document.getElementById(approveId)?.focus(),
    r: () => (request.may.review ? setMode("reject") : undefined),
    c: () => (request.may.comment ? setMode("comment") : undefined),
    "mod+Enter": () => sendText(),
    Escape: () => setMode("idle"),
  });
  if (overtaken !== null) return <Overtaken {...overtaken} />;
  return (
    <section className={classes.panel} aria-label={t("title")}>
      {review.isError ? <ProblemNotice error={review.error} /> : null}
      {mode === "idle" ? (
        <>
          {request.may.review && request.durationMinutes > 1 ? (
            <DurationPicker
              label={t("shorten")}
              valueMinutes={minutes}
              maxMinutes={request.durationMinutes}
              limitText={t("askedFor", { duration: tell(request.durationMinutes * 60_000) })}
              onChange={setMinutes}
            />
          ) : null}
          <div className={classes.buttons}>
            {request.may.review ? (
              <>
                <Button
                  id={approveId}
                  onClick={approve}
                  loading={review.isPending}
                  disabled={!valid}
                  leftSection={<IconCheck size={16} aria-hidden />}
                  rightSection={<KeyboardHint keys="a" />}
                >
                  {minutes === null ? t("approve") : t("approveFor", { duration: tell(minutes * 60_000) })}
                </Button>
                <Button
                  variant="default"
                  onClick={() => setMode("reject")}
                  leftSection={<IconX size={16} aria-hidden />}
                  rightSection={<KeyboardHint keys="r" />}
                >
                  {t("reject")}
                </Button>
              </>
            ) : null}
            {request.may.comment ? (
              <Button
                variant={request.may.review ? "subtle" : "default"}
                color="gray"
                onClick={() => setMode("comment")}
                leftSection={<IconMessage size={16} aria-hidden />}
                rightSection={<KeyboardHint keys="c" />}
              >
                {t("comment")}
              </Button>
            ) : null}
          </div>
        </>
      ) : (
        <form
          className={classes.form}
          onSubmit={(event) => {
            event.preventDefault();
            sendText();
          }}
        >
          <Textarea
            data-autofocus
            ref={focusOnce}
            label={
              mode === "reject" ? t("rejectReason", { requester: request.requester.name }) : t("commentLabel")
            }
            required
            autosize
            minRows={2}
            maxRows={8}
            maxLength={2_000}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === "Escape") setMode("idle");
            }}
          />
          <div className={classes.buttons}>
            <Button
              type="submit"
              color={mode === "reject" ? "red" : "blue"}
              disabled={written === ""}
              loading={review.isPending}
              rightSection={<KeyboardHint keys="mod+Enter" />}
            >
              {mode === "reject" ? t("sendReject") : t("sendComment")}
            </Button>
            <Button variant="default" onClick={() => setMode("idle")}>
              {tUi("cancel")}
            </Button>
          </div>
        </form>
      )}
    </section>
  );
}

const approveId = "approve";

function focusOnce(area: HTMLTextAreaElement | null): void {
  area?.focus();
}

/** Somebody else was faster: by whom, and what is so now. No error, nothing to do. */
function Overtaken({ by, status }: { by: string | null; status: RequestView["status"] }) {
  const t = useTranslations("request.decide");
  const tWords = useTranslations("words.requestStatus");
  const word = tWords(status).toLowerCase();
  return (
    <Callout title={t("decidedTitle")}>
      <p>
        {by === null ? t("decidedBySomeone", { status: word }) : t("decidedBy", { who: by, status: word })}
      </p>
    </Callout>
  );
}
