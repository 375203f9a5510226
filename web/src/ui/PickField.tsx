import { Input, UnstyledButton } from "@mantine/core";
import { IconSelector } from "@tabler/icons-react";
import { useId, useState } from "react";
import { useTranslations } from "use-intl";
import { Dropdown } from "./Dropdown.tsx";
import classes from "./PickField.module.css";
import { type Pick, PickList } from "./PickList.tsx";

type Props = {
  label: string;
  /** What is chosen, in words; null: nothing. */
  shown: string | null;
  value: string | undefined;
  picks: Pick[];
  onPick: (value: string) => void;
  onType?: (text: string) => void;
};

/** A field with one chosen out of many, searched for in a list that opens under it. */
export function PickField({ label, shown, value, picks, onPick, onType }: Props) {
  const t = useTranslations("ui");
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  return (
    <Input.Wrapper label={label} labelProps={{ id: `${id}-label`, htmlFor: id }}>
      <div className={classes.frame}>
        <UnstyledButton
          id={id}
          className={classes.button}
          aria-labelledby={`${id}-label ${id}`}
          aria-haspopup="dialog"
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          <span className={shown === null ? classes.empty : classes.shown}>{shown ?? t("choose")}</span>
          <IconSelector size={15} aria-hidden />
        </UnstyledButton>
        {isOpen ? (
          <Dropdown label={label} onClose={() => setOpen(false)} stretch>
            <PickList
              name={label}
              picks={picks}
              chosen={value}
              onPick={(next) => {
                onPick(next);
                setOpen(false);
              }}
              {...(onType ? { onType } : {})}
            />
          </Dropdown>
        ) : null}
      </div>
    </Input.Wrapper>
  );
}
