import { actions, db, validations } from "./dynalite.ts";
import type { EngineStore } from "./engine-store.ts";
import { readPage } from "./page.ts";

export type EngineOperation = keyof typeof actions;
export type Input = Record<string, unknown>;

// Index entries follow from the item when a draft lands (secondary-index.ts); the engine's keys for them are
// cut to 24 bits of hash, so that two items of 100,000 under one index key would meet.
db.updateIndexes = (_store, _table, _before, _after, done) => done();

// The engine reads pages through streams whose iterators it never closes; ours are closed and seek exactly.
db.queryTable = (store, table, input, range, _isLocal, fetchFromTable, startKeyNames, done) => {
  const { reader } = store as EngineStore;
  readPage(reader, table, input, range, fetchFromTable, startKeyNames).then(
    (page) => done(null, page),
    (error: unknown) => done(error),
  );
};

/** Checks an input as the service does and parses its expressions; may change it. Throws the service's error. */
export function check(operation: EngineOperation, input: Input): Input {
  const { types, custom } = actions[operation].check;
  const checked = validations.checkTypes(input, types);
  // Sizes are counted in bytes when an item is put, see item-size.ts.
  validations.checkValidations(checked, types, custom, {
    options: { maxItemSize: Number.POSITIVE_INFINITY },
  });
  return checked;
}

/** Runs a checked input against the store. Rejects with the service's error. */
export function run(operation: EngineOperation, store: EngineStore, checked: Input): Promise<Input> {
  return new Promise((resolve, reject) => {
    actions[operation].run(store, checked, (error, output) => {
      if (error === null || error === undefined) resolve(output ?? {});
      else reject(error);
    });
  });
}
