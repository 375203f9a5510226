import { useState } from "react";
import { heldOrder } from "./held-list.ts";

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
  const hold = {
    onPointerEnter: () => setHeld(true),
    onPointerLeave: () => {
      setHeld(false);
      setRows(newest);
    },
  };
  return { rows, hold };
}
