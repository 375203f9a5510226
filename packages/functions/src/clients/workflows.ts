import { SFNClient } from "@aws-sdk/client-sfn";
import { clientOptions } from "./options.ts";

export function workflowClient(region: string): SFNClient {
  return new SFNClient(clientOptions(region, 4000));
}
