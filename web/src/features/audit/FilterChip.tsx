import { UnstyledButton } from "@mantine/core";
import { IconChevronDown, IconX } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { useTranslations } from "use-intl";
import { Dropdown } from "../../ui/Dropdown.tsx";
import classes from "./FilterChip.module.css";

type Props = {
  name: string;
  /** What it filters by, in words; null: it does not. */
  value: string | null;
  onClear: () => void;
  /** What opens under the chip. */
  children: (close: () => void) => ReactNode;
};

/** A filter that says what it filters by, can be changed, and cleared. */
export function FilterChip({ name, value, onClear, children }: Props) {
  const t = useTranslations("audit");
  const [opened, setOpened] = useState(false);
  return (
    <span className={classes.chip} data-set={value !== null || undefined}>
      <UnstyledButton
        className={classes.button}
        aria-haspopup="dialog"
        aria-expanded={opened}
        onClick={() => setOpened(!opened)}
      >
        {value === null ? name : t("chip", { name, value })}
        {value === null ? <IconChevronDown size={14} aria-hidden /> : null}
      </UnstyledButton>
      {value === null ? null : (
        <UnstyledButton className={classes.clear} aria-label={t("clear", { name })} onClick={onClear}>
          <IconX size={14} aria-hidden />
        </UnstyledButton>
      )}
      {opened ? (
        <Dropdown label={name} onClose={() => setOpened(false)}>
          {children(() => setOpened(false))}
        </Dropdown>
      ) : null}
    </span>
  );
}
