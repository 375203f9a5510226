import { TextInput, type TextInputProps } from "@mantine/core";
import { useState } from "react";

type Props = Omit<TextInputProps, "value" | "onChange" | "type"> & {
  value: number | null;
  /** null: what stands there is not a whole number. */
  onChange: (count: number | null) => void;
};

/** A whole number from 0 up. */
export function CountField({ value, onChange, ...rest }: Props) {
  const [text, setText] = useState(value === null ? "" : String(value));
  const [known, setKnown] = useState(value);
  // Changed from outside: that number is the newer one.
  if (value !== known) {
    setKnown(value);
    if (countOf(text) !== value) setText(value === null ? "" : String(value));
  }
  return (
    <TextInput
      {...rest}
      inputMode="numeric"
      value={text}
      onChange={(event) => {
        const next = event.currentTarget.value;
        setText(next);
        setKnown(countOf(next));
        onChange(countOf(next));
      }}
    />
  );
}

function countOf(text: string): number | null {
  return /^[0-9]{1,9}$/.test(text.trim()) ? Number(text) : null;
}
