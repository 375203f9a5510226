import { Switch, Textarea, TextInput } from "@mantine/core";
import { useTranslations } from "use-intl";
import { ApprovalFields } from "./ApprovalFields.tsx";
import { Choice } from "./Choice.tsx";
import { FieldGroup } from "./FieldGroup.tsx";
import { LimitFields } from "./LimitFields.tsx";
import { MayFields } from "./MayFields.tsx";
import { textAt, valueAt, withEffect, withValue } from "./policy-value.ts";
import { TargetFields } from "./TargetFields.tsx";
import type { ShownIssue } from "./use-issues.ts";
import { WhoFields } from "./WhoFields.tsx";

/** What each part of the form gets: the file's value, the way to change a path of it, and what is wrong with a path. */
export type Fields = {
  value: unknown;
  set: (path: readonly (string | number)[], value: unknown) => void;
  issue: (path: string) => string | null;
  isDeny: boolean;
};

type Props = {
  value: unknown;
  onChange: (value: unknown) => void;
  issues: ShownIssue[];
  disabled: boolean;
};

/** A policy as a form: each field reads from and writes to its path in the file. */
export function PolicyForm({ value, onChange, issues, disabled }: Props) {
  const t = useTranslations("policies.form");
  const isDeny = valueAt(value, ["effect"]) === "deny";
  const fields: Fields = {
    value,
    set: (path, next) => onChange(withValue(value, path, next)),
    issue: (path) => issues.find((issue) => issue.path === path)?.message ?? null,
    isDeny,
  };
  const { set, issue } = fields;
  return (
    <FieldGroup disabled={disabled}>
      <TextInput
        label={t("name")}
        required
        maxLength={100}
        value={textAt(value, ["name"])}
        error={issue("name")}
        onChange={(event) => set(["name"], event.currentTarget.value)}
      />
      <Textarea
        label={t("description")}
        description={t("descriptionHelp")}
        maxLength={1_000}
        rows={2}
        value={textAt(value, ["description"])}
        error={issue("description")}
        onChange={(event) => set(["description"], event.currentTarget.value || undefined)}
      />
      <Choice
        label={t("effect")}
        value={isDeny ? "deny" : "allow"}
        choices={[
          { value: "allow", label: t("allow"), help: t("allowHelp") },
          { value: "deny", label: t("deny"), help: t("denyHelp") },
        ]}
        onChange={(effect) => onChange(withEffect(value, effect))}
      />
      <WhoFields {...fields} />
      <MayFields {...fields} />
      <TargetFields {...fields} />
      <LimitFields {...fields} />
      {isDeny ? null : <ApprovalFields {...fields} />}
      <Switch
        label={t("enabled")}
        description={t("enabledHelp")}
        checked={valueAt(value, ["enabled"]) !== false}
        onChange={(event) => set(["enabled"], event.currentTarget.checked ? undefined : false)}
      />
    </FieldGroup>
  );
}
