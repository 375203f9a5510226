import { useTranslations } from "use-intl";
import { serverNowMs } from "../../lib/clock.ts";
import { useDurationText } from "../../ui/Duration.tsx";
import { useMomentFormat } from "../../ui/Moment.tsx";
import { momentText } from "../../ui/moment-text.ts";
import { useNamesText } from "../../ui/names-text.ts";
import { useHoursText } from "./hours-text.ts";

export type ReasonView = { code: string; message: string; parameters: Record<string, unknown> };

/** A function that tells a reason in the reader's language and time zone; a code that is newer than the page, by the
 * server's own sentence. */
export function useReasonText(nameOf: (userId: string) => string): (reason: ReasonView) => string {
  const t = useTranslations("policies.reason");
  const tSentence = useTranslations("policies.sentence");
  const tell = useDurationText();
  const names = useNamesText();
  const tellHours = useHoursText();
  const format = useMomentFormat();
  return ({ code, message, parameters }) => {
    const text = (name: string) => (typeof parameters[name] === "string" ? parameters[name] : "");
    const count = (name: string) => (typeof parameters[name] === "number" ? parameters[name] : 0);
    const texts = (name: string) => {
      const value = parameters[name];
      return Array.isArray(value) ? value.map(String) : [];
    };
    const max = (name: string) => tell(count(name) * 60_000);
    const listed = (name: string, join: "and" | "or" = "and") => ({
      count: texts(name).length,
      names: names(texts(name), join),
    });
    const sentences: Record<string, () => string> = {
      "policy.user-suspended": () => t("userSuspended"),
      "policy.no-match": () => t("noMatch", { level: text("level"), databaseName: text("databaseName") }),
      "policy.denied": () => {
        const undecided = texts("undecidedGroups");
        const denied = {
          policyName: text("policyName"),
          what: names(texts("what").map((what) => (isExtra(what) ? tSentence(what) : what))),
        };
        return undecided.length === 0
          ? t("denied", denied)
          : t("deniedUndecided", { ...denied, groups: names(undecided, "or") });
      },
      "policy.groups-unknown": () => t("groupsUnknown"),
      "policy.disabled": () => t("disabled"),
      "policy.other-people": () => {
        const groups = texts("groups");
        const named = [
          ...(groups.length > 0
            ? [tSentence("groups", { count: groups.length, names: names(groups, "or") })]
            : []),
          ...texts("users").map(nameOf),
        ];
        const isUnknown = parameters["groupsUnknown"] === true;
        return t(isUnknown ? "otherPeopleUnknown" : "otherPeople", { who: names(named, "or") });
      },
      "policy.other-environment": () => t("otherEnvironment", listed("environments", "or")),
      "policy.other-protection": () =>
        parameters["protected"] === true ? t("otherProtectionOnly") : t("otherProtectionNot"),
      "policy.protected-not-named": () =>
        t("protectedNotNamed", { environmentName: text("environmentName") }),
      "policy.other-instance": () => t("otherInstance", listed("instances", "or")),
      "policy.other-database": () => t("otherDatabase", { names: names(texts("databases"), "or") }),
      "policy.other-labels": () => t("otherLabels", { names: names(texts("labels")) }),
      "policy.other-level": () => t("otherLevel", { names: names(texts("levels"), "or") }),
      "policy.no-break-glass": () => t("noBreakGlass"),
      "policy.no-unmask": () => t("noUnmask"),
      "policy.no-export": () => t("noExport"),
      "policy.outside-hours": () => {
        const hours = parameters["hours"] as Parameters<typeof tellHours>[0];
        const next = parameters["nextStartAt"];
        const window = tellHours(hours);
        return typeof next === "number"
          ? t("outsideHoursNext", { window, next: momentText(next, serverNowMs(), format) })
          : t("outsideHours", { window });
      },
      "policy.duration-too-long": () => t("durationTooLong", { max: max("maxDurationMinutes") }),
      "policy.total-too-long": () => t("totalTooLong", { max: max("maxTotalMinutes") }),
      "policy.approval-impossible": () =>
        t("approvalImpossible", { stepNumber: String(count("stepNumber")) }),
      "policy.denies-something-else": () => t("deniesSomethingElse"),
      "policy.decides": () =>
        parameters["automatic"] === true
          ? t("decidesAtOnce", { max: max("maxDurationMinutes") })
          : t("decides", { max: max("maxDurationMinutes"), approvals: count("approvals") }),
      "policy.also-allows": () => t("alsoAllows", { decidedBy: text("decidedBy") }),
      "policy.overruled": () =>
        t("overruled", { deniedBy: names(texts("deniedBy")), count: texts("deniedBy").length }),
    };
    return sentences[code]?.() ?? message;
  };
}

function isExtra(what: string): what is "unmask" | "export" | "break-glass" {
  return what === "unmask" || what === "export" || what === "break-glass";
}
