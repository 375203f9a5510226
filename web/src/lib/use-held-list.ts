import { useState } from "react";
import { heldOrder } from "./held-list.ts";

/** What an element takes round rows that stay where they are while somebody points at them. */
export type Held = { onPointerEnter: () => void; onPointerLeave: () => void };

/**
 * Rows for a list that is refreshed under the reader's eye; spread `hold` on the element round the rows. `newest` must
 * be the query's own array (undefined while there is none), `keyOf` a function outside the component.
 */
export function useHeldList<T>(newest: readonly T[] | undefined, keyOf: (item: T) => string) {
  const [held, setHeld] = useState(false);
  const [seen, setSeen] = useState(newest);
  const [rows, setRows] = useState<readonly T[] | undefined>(newest);
  if (seen !== newest) {
    setSeen(newest);
    setRows(held && rows && newest ? heldOrder(rows, newest, keyOf) : newest);
  }
  const hold: Held = {
    onPointerEnter: () => setHeld(true),
    onPointerLeave: () => {
      setHeld(false);
      setRows(newest);
    },
  };
  return { rows, hold };
}
