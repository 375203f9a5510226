/** An error as AWS answers it. `code` is the exception's name, `members` are its further fields. Never put a value from a secret into `message`. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;
  readonly members: Readonly<Record<string, string>>;

  constructor(code: string, message: string, status = 400, members: Readonly<Record<string, string>> = {}) {
    super(message);
    this.name = code;
    this.code = code;
    this.status = status;
    this.members = members;
  }
}

/** SDKs read the name from the header or from `__type`, and the message in either case of its first letter: send all of them. */
export function errorResponse(error: AwsError, requestId: string, contentType: string): Response {
  const body = { __type: error.code, message: error.message, Message: error.message, ...error.members };
  return new Response(JSON.stringify(body), {
    status: error.status,
    headers: { "content-type": contentType, "x-amzn-errortype": error.code, "x-amzn-requestid": requestId },
  });
}

/** Anything that is not an AwsError becomes a 500 that says nothing of its cause. */
export function asAwsError(error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  return new AwsError(
    "InternalFailure",
    "The request processing has failed because of an unknown error.",
    500,
  );
}
