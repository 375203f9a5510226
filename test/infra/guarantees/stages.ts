import { ofType } from "../render/policies.ts";
import { type Guarantee, unless } from "./guarantee.ts";

const kept = ["aws:dynamodb/table:Table", "aws:s3/bucket:Bucket"];

export const stages: Guarantee[] = [
  {
    name: "production is protected and keeps its data, any other stage can be removed without a trace",
    problems(rendered) {
      const isProduction = rendered.stage === "production";
      const { protect, removal } = rendered.app;
      const [table] = ofType(rendered, "aws:dynamodb/table:Table");
      const [archive] = ofType(rendered, "aws:s3/bucket:Bucket").filter(
        ({ name }) => name === "ArchiveBucket",
      );
      return [
        ...unless(protect === isProduction, `app: protect is ${String(protect)} in ${rendered.stage}`),
        ...unless(
          removal === (isProduction ? "retain" : "remove"),
          `app: removal is ${String(removal)} in ${rendered.stage}`,
        ),
        ...unless(
          table?.inputs["deletionProtectionEnabled"] === isProduction,
          `Table: deletion protection is ${String(table?.inputs["deletionProtectionEnabled"])} in ${rendered.stage}`,
        ),
        ...[table, archive].flatMap((one) =>
          unless(one?.protect === isProduction, `${one?.name ?? "?"}: protect is ${String(one?.protect)}`),
        ),
        ...rendered.resources
          .filter(({ type }) => kept.includes(type))
          .flatMap(({ name, retainOnDelete }) =>
            unless(
              retainOnDelete === isProduction,
              `${name}: retained on removal is ${String(retainOnDelete)}`,
            ),
          ),
      ];
    },
  },
  {
    name: "no two resources have one name",
    problems({ resources }) {
      const seen = new Set<string>();
      return resources.flatMap(({ type, name, inputs }) => {
        const names = [`${type} ${name}`];
        if (typeof inputs["name"] === "string" && !type.includes("route53"))
          names.push(`${type}: ${inputs["name"]}`);
        return names.flatMap((one) => {
          const isKnown = seen.has(one);
          seen.add(one);
          return isKnown ? [`${one} is there twice`] : [];
        });
      });
    },
  },
];
