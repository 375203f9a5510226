import { Callout } from "../../ui/Callout.tsx";

/** What the machine that serves the page has to say to its administrators; on AWS it says nothing. */
export function MachineNote() {
  const note = document.querySelector<HTMLMetaElement>('meta[name="daypass-note"]')?.content;
  return note ? (
    <Callout>
      <p>{note}</p>
    </Callout>
  ) : null;
}
