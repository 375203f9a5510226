import { TagField } from "../../ui/TagField.tsx";

type Props = {
  label: string;
  value: string[];
  people: { value: string; label: string }[];
  error: string | null;
  onChange: (userIds: string[]) => void;
};

/** People by name; the file has their ids. One who is not known here is shown by the id and is not lost. */
export function PeopleList({ people, ...rest }: Props) {
  return <TagField {...rest} picks={people} />;
}
