const NAMESPACES = {
  service: "com.amazon.coral.service",
  validate: "com.amazon.coral.validate",
  dynamodb: "com.amazonaws.dynamodb.v20120810",
} as const;

const NAMESPACE_OF: Record<string, keyof typeof NAMESPACES> = {
  ValidationException: "validate",
  SerializationException: "service",
  UnknownOperationException: "service",
  MissingAuthenticationTokenException: "service",
  IncompleteSignatureException: "service",
  AccessDeniedException: "service",
};

/** An error answer of the service: its code as the SDK shows it in `name`, and what else its body carries. */
export class AwsFailure extends Error {
  readonly code: string;
  readonly status: number;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, details: Readonly<Record<string, unknown>> = {}, status = 400) {
    super(message);
    this.name = "AwsFailure";
    this.code = code;
    this.status = status;
    this.details = details;
  }

  /** The body in AWS JSON 1.0. The message goes by both spellings, since the service itself uses both. */
  body(): Record<string, unknown> {
    const type = `${NAMESPACES[NAMESPACE_OF[this.code] ?? "dynamodb"]}#${this.code}`;
    return { __type: type, message: this.message, Message: this.message, ...this.details };
  }
}

export function validationFailure(message: string): AwsFailure {
  return new AwsFailure("ValidationException", message);
}

/** Turns what the engine throws (`{ statusCode, body: { __type, message } }`) into the same failure as ours. */
export function asFailure(error: unknown): AwsFailure | undefined {
  if (error instanceof AwsFailure) return error;
  if (!(error instanceof Error) || !("statusCode" in error) || !("body" in error)) return undefined;
  const { statusCode, body } = error;
  if (typeof statusCode !== "number" || typeof body !== "object" || body === null) return undefined;
  const type = "__type" in body && typeof body.__type === "string" ? body.__type : "";
  const code = type.slice(type.indexOf("#") + 1);
  if (code === "") return undefined;
  const message = "message" in body && typeof body.message === "string" ? body.message : error.message;
  return new AwsFailure(code, message, {}, statusCode);
}
