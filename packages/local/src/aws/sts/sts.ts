import { accountId } from "../server/arn.ts";
import { AwsError } from "../server/aws-error.ts";
import type { Service } from "../server/service.ts";

const namespace = "https://sts.amazonaws.com/doc/2011-06-15/";

/** STS as far as "who am I" goes; it speaks forms and XML. */
export function securityTokens(): Service {
  return {
    handle: async (call) => {
      if (call.operation !== "GetCallerIdentity") {
        throw new AwsError("InvalidAction", `${call.operation} is not supported on one machine.`);
      }
      const result =
        `<Arn>arn:aws:iam::${accountId}:user/daypass</Arn>` +
        `<UserId>AIDALOCALDAYPASS</UserId><Account>${accountId}</Account>`;
      return xml(
        `<GetCallerIdentityResponse xmlns="${namespace}"><GetCallerIdentityResult>${result}</GetCallerIdentityResult>` +
          `<ResponseMetadata><RequestId>${call.requestId}</RequestId></ResponseMetadata></GetCallerIdentityResponse>`,
        200,
        call.requestId,
      );
    },
  };
}

/** The operation an STS request names in its form. */
export function stsOperationOf(body: Uint8Array): string {
  const action = new URLSearchParams(new TextDecoder().decode(body)).get("Action") ?? "";
  return /^[A-Za-z]{1,64}$/.test(action) ? action : "Unknown";
}

export function stsErrorResponse(error: AwsError, requestId: string): Response {
  const type = error.status >= 500 ? "Receiver" : "Sender";
  return xml(
    `<ErrorResponse xmlns="${namespace}"><Error><Type>${type}</Type><Code>${escaped(error.code)}</Code>` +
      `<Message>${escaped(error.message)}</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
    error.status,
    requestId,
  );
}

function xml(body: string, status: number, requestId: string): Response {
  return new Response(body, {
    status,
    headers: { "content-type": "text/xml", "x-amzn-requestid": requestId },
  });
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
