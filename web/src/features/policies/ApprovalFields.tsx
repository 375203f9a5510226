import { ActionIcon, Button, TextInput } from "@mantine/core";
import { IconArrowUp, IconPlus, IconTrash } from "@tabler/icons-react";
import { useTranslations } from "use-intl";
import { Callout } from "../../ui/Callout.tsx";
import { CountField } from "../../ui/CountField.tsx";
import classes from "./ApprovalFields.module.css";
import { FieldGroup } from "./FieldGroup.tsx";
import { NameList } from "./NameList.tsx";
import { PeopleList } from "./PeopleList.tsx";
import type { Fields } from "./PolicyForm.tsx";
import { numberAt, textAt, textsAt, valueAt } from "./policy-value.ts";
import { useSuggestions } from "./use-suggestions.ts";

/** The steps in their order; none at all is said loudly. */
export function ApprovalFields(fields: Fields) {
  const t = useTranslations("policies.form");
  const { value, set, issue } = fields;
  const approval = valueAt(value, ["approval"]);
  const steps: unknown[] = Array.isArray(approval) ? approval : [];
  const put = (next: unknown[]) => set(["approval"], next);
  return (
    <FieldGroup title={t("approval")} error={issue("approval")}>
      {steps.length === 0 && approval !== undefined ? (
        <Callout tone="amber">{t("approvalNone")}</Callout>
      ) : null}
      {steps.map((_, index) => (
        <StepFields
          // Steps have no names of their own; their place is what tells them apart.
          key={index}
          {...fields}
          index={index}
          onRemove={() => put(steps.filter((_step, each) => each !== index))}
          onUp={index === 0 ? null : () => put(swapped(steps, index))}
        />
      ))}
      <div>
        <Button
          size="xs"
          variant="default"
          disabled={steps.length >= 5}
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => put([...steps, { count: 1, groups: [] }])}
        >
          {t("addStep")}
        </Button>
      </div>
    </FieldGroup>
  );
}

type StepProps = Fields & { index: number; onRemove: () => void; onUp: (() => void) | null };

function StepFields({ value, set, issue, index, onRemove, onUp }: StepProps) {
  const t = useTranslations("policies.form");
  const suggestions = useSuggestions();
  const at = (name: string) => ["approval", index, name] as const;
  const wrong = (name: string) => issue(`approval.${index}.${name}`);
  const number = String(index + 1);
  return (
    <fieldset className={classes.step} aria-label={t("step", { number })}>
      <div className={classes.head}>
        <span className={classes.title}>{t("step", { number })}</span>
        {onUp ? (
          <ActionIcon variant="subtle" color="gray" aria-label={t("moveUp", { number })} onClick={onUp}>
            <IconArrowUp size={15} aria-hidden />
          </ActionIcon>
        ) : null}
        <ActionIcon variant="subtle" color="gray" aria-label={t("removeStep", { number })} onClick={onRemove}>
          <IconTrash size={15} aria-hidden />
        </ActionIcon>
      </div>
      <div className={classes.pair}>
        <CountField
          label={t("count")}
          maxLength={2}
          value={numberAt(value, at("count"))}
          error={wrong("count")}
          onChange={(count) => set(at("count"), count)}
        />
        <TextInput
          label={t("stepName")}
          maxLength={100}
          value={textAt(value, at("name"))}
          error={wrong("name")}
          onChange={(event) => set(at("name"), event.currentTarget.value || undefined)}
        />
      </div>
      <NameList
        label={t("approverGroups")}
        value={textsAt(value, at("groups"))}
        suggestions={suggestions.groups}
        error={wrong("groups") ?? issue(`approval.${index}`)}
        onChange={(groups) => set(at("groups"), groups)}
      />
      <PeopleList
        label={t("approverUsers")}
        value={textsAt(value, at("users"))}
        people={suggestions.people}
        error={wrong("users")}
        onChange={(users) => set(at("users"), users.length > 0 ? users : undefined)}
      />
    </fieldset>
  );
}

function swapped(steps: unknown[], index: number): unknown[] {
  return steps.map((step, each) =>
    each === index ? steps[index - 1] : each === index - 1 ? steps[index] : step,
  );
}
