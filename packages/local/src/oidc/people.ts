/** Someone who can sign in at the local provider; all of them are made up. */
export type Person = {
  /** The `sub` claim; never changes, so the application recognises the person after a restart. */
  id: string;
  name: string;
  email: string;
  /** What the person is here to show, for the sign-in page. */
  part: string;
  groups: readonly string[];
  /** What the provider says instead of the groups, or besides; for tests of other providers' habits. */
  claims?: Readonly<Record<string, unknown>>;
  /** The provider signs suspended people in as anyone else: refusing them is the application's duty. */
  suspended?: true;
};

/** The cast of the sample company, one person for each part in the story. */
export const people: readonly Person[] = [
  {
    id: "erin-vale",
    name: "Erin Vale",
    email: "erin.vale@example.com",
    part: "Engineer, asks for access",
    groups: ["engineers"],
  },
  {
    id: "nils-okoro",
    name: "Nils Okoro",
    email: "nils.okoro@example.com",
    part: "Analyst, reads staging",
    groups: ["analysts"],
  },
  {
    id: "tomoko-lind",
    name: "Tomoko Lind",
    email: "tomoko.lind@example.com",
    part: "Team lead, approves requests",
    groups: ["engineers", "leads"],
  },
  {
    id: "priya-castell",
    name: "Priya Castell",
    email: "priya.castell@example.com",
    part: "Administrator, writes policies",
    groups: ["administrators"],
  },
  {
    id: "oscar-brandt",
    name: "Oscar Brandt",
    email: "oscar.brandt@example.com",
    part: "Auditor, searches the audit trail",
    groups: ["auditors"],
  },
  {
    id: "jonas-wren",
    name: "Jonas Wren",
    email: "jonas.wren@example.com",
    part: "Suspended engineer, must be refused",
    groups: ["engineers"],
    suspended: true,
  },
];
