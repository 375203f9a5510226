import { TagField } from "../../ui/TagField.tsx";

type Props = {
  label: string;
  description?: string;
  value: string[];
  suggestions: string[];
  error: string | null;
  onChange: (names: string[]) => void;
};

/** Names as tags: chosen from what is known, or written by hand. */
export function NameList({ suggestions, ...rest }: Props) {
  return <TagField {...rest} free picks={suggestions.map((name) => ({ value: name, label: name }))} />;
}
