import { useMemo, useState } from "react";
import { readJson } from "./json-text.ts";
import { policyFile } from "./policy-file.ts";

/**
 * A policy while it is edited. The file's text is the one truth: the form shows what can be read of it and writes
 * into it, so neither side loses what the other does not know.
 */
export function useDraft(initial: unknown) {
  const [base, setBase] = useState(() => policyFile(initial));
  const [text, setText] = useState(base);
  const reading = useMemo(() => readJson(text), [text]);
  const [good, setGood] = useState<unknown>(initial);
  if (reading.ok && reading.value !== good && JSON.stringify(reading.value) !== JSON.stringify(good)) {
    setGood(reading.value);
  }
  return {
    text,
    setText,
    reading,
    /** The last that could be read; the form stands still on it while the file has a mistake. */
    value: reading.ok ? reading.value : good,
    setValue: (value: unknown) => setText(policyFile(value)),
    tidy: () => reading.ok && setText(policyFile(reading.value)),
    isChanged: text !== base,
    /** Begins anew from what is stored. */
    restart: (value: unknown) => {
      const file = policyFile(value);
      setBase(file);
      setText(file);
    },
  };
}

export type Draft = ReturnType<typeof useDraft>;
