import batchGetItem from "dynalite/actions/batchGetItem.js";
import batchWriteItem from "dynalite/actions/batchWriteItem.js";
import createTable from "dynalite/actions/createTable.js";
import deleteItem from "dynalite/actions/deleteItem.js";
import describeTable from "dynalite/actions/describeTable.js";
import getItem from "dynalite/actions/getItem.js";
import putItem from "dynalite/actions/putItem.js";
import query from "dynalite/actions/query.js";
import scan from "dynalite/actions/scan.js";
import updateItem from "dynalite/actions/updateItem.js";
import engine from "dynalite/db/index.js";
import checkBatchGetItem from "dynalite/validations/batchGetItem.js";
import checkBatchWriteItem from "dynalite/validations/batchWriteItem.js";
import checkCreateTable from "dynalite/validations/createTable.js";
import checkDeleteItem from "dynalite/validations/deleteItem.js";
import checkDescribeTable from "dynalite/validations/describeTable.js";
import checkGetItem from "dynalite/validations/getItem.js";
import checks from "dynalite/validations/index.js";
import checkPutItem from "dynalite/validations/putItem.js";
import checkQuery from "dynalite/validations/query.js";
import checkScan from "dynalite/validations/scan.js";
import checkUpdateItem from "dynalite/validations/updateItem.js";
import type { PageInput, PageRange } from "./page.ts";
import type { Item, KeySchema, Table } from "./table.ts";

/** The engine's functions over keys, conditions and paths. */
type Db = {
  createKey(item: Item, table: Table, keySchema?: KeySchema): string;
  validateKey(key: Item, table: Table): Error | null | undefined;
  matchesFilter(item: Item, filter: object, operator: string | undefined): boolean;
  matchesExprFilter(item: Item, expression: unknown): boolean;
  mapPaths(paths: readonly unknown[], item: Item): Item;
  updateIndexes: (
    store: object,
    table: Table,
    before: Item | undefined,
    after: Item | undefined,
    done: (error?: unknown) => void,
  ) => void;
  queryTable: (
    store: object,
    table: Table,
    input: PageInput,
    range: PageRange,
    isLocal: boolean | undefined,
    fetchFromTable: boolean,
    startKeyNames: string[],
    done: (error: unknown, page?: Record<string, unknown>) => void,
  ) => void;
};

type Validations = {
  checkTypes(input: object, types: object): Record<string, unknown>;
  checkValidations(input: object, types: object, custom: unknown, store: object): void;
};
type Check = { types: object; custom?: (input: unknown, store: object) => string | undefined };
type Action = (
  store: object,
  input: object,
  done: (error: Error | null | undefined, output?: Record<string, unknown>) => void,
) => void;

/** What of dynalite 4.0.0 is used. It has no exports map, so its version is pinned exactly. */
export const db = engine as Db;
export const validations = checks as Validations;
export const actions = {
  BatchGetItem: { run: batchGetItem as Action, check: checkBatchGetItem as Check },
  BatchWriteItem: { run: batchWriteItem as Action, check: checkBatchWriteItem as Check },
  CreateTable: { run: createTable as Action, check: checkCreateTable as Check },
  DeleteItem: { run: deleteItem as Action, check: checkDeleteItem as Check },
  DescribeTable: { run: describeTable as Action, check: checkDescribeTable as Check },
  GetItem: { run: getItem as Action, check: checkGetItem as Check },
  PutItem: { run: putItem as Action, check: checkPutItem as Check },
  Query: { run: query as Action, check: checkQuery as Check },
  Scan: { run: scan as Action, check: checkScan as Check },
  UpdateItem: { run: updateItem as Action, check: checkUpdateItem as Check },
} as const;
