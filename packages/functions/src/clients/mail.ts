import { SESv2Client } from "@aws-sdk/client-sesv2";
import { clientOptions } from "./options.ts";

export function mailClient(region: string): SESv2Client {
  return new SESv2Client(clientOptions(region, 8000));
}
