import { arnOf } from "../server/arn.ts";
import { AwsError } from "../server/aws-error.ts";
import type { LambdaFunction, LambdaHandler } from "./function.ts";

export interface LoadedFunctions {
  /** By name, `name:$LATEST`, partial or whole ARN. Throws ResourceNotFoundException. */
  find(nameOrArn: string): { name: string; definition: LambdaFunction };
  /** Loads at the first call; a load that failed is tried again at the next. */
  handler(name: string): Promise<LambdaHandler>;
}

export function loadedFunctions(functions: Readonly<Record<string, LambdaFunction>>): LoadedFunctions {
  const loaded = new Map<string, Promise<LambdaHandler>>();
  // process.env belongs to all, so one function loads at a time.
  let turn: Promise<unknown> = Promise.resolve();

  function find(nameOrArn: string): { name: string; definition: LambdaFunction } {
    const name = nameOf(nameOrArn);
    const definition = Object.hasOwn(functions, name) ? functions[name] : undefined;
    if (definition !== undefined) return { name, definition };
    throw new AwsError(
      "ResourceNotFoundException",
      `Function not found: ${nameOrArn.startsWith("arn:") ? nameOrArn : arnOf.function(nameOrArn)}`,
      404,
      { Type: "User" },
    );
  }

  return {
    find,
    handler(name) {
      const known = loaded.get(name);
      if (known !== undefined) return known;
      const { definition } = find(name);
      const variables = { ...definition.environment, AWS_LAMBDA_FUNCTION_NAME: name };
      const loading = turn.then(() => withEnvironment(variables, definition.load));
      turn = loading.catch(() => undefined);
      loaded.set(name, loading);
      loading.catch(() => loaded.delete(name));
      return loading;
    },
  };
}

function nameOf(nameOrArn: string): string {
  const match =
    /^(?:arn:aws:lambda:[a-z0-9-]+:\d{12}:function:|\d{12}:function:)?(?<name>[A-Za-z0-9_-]{1,64})(?::\$LATEST)?$/.exec(
      nameOrArn,
    );
  return match?.groups?.name ?? "";
}

async function withEnvironment<T>(variables: Record<string, string>, work: () => Promise<T>): Promise<T> {
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, variables);
  try {
    return await work();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}
