import { ExecutionAlreadyExists, type SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";

/** Starts an execution under a name of its own. The same name twice is one execution, also when the first has ended. */
export async function startExecution(
  client: SFNClient,
  { stateMachineArn, name, input }: { stateMachineArn: string; name: string; input: Record<string, string> },
): Promise<void> {
  try {
    await client.send(new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }));
  } catch (error) {
    if (!(error instanceof ExecutionAlreadyExists)) throw error;
  }
}
