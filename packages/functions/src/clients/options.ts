/** For clients of AWS: made once per cold start, with connections that are kept. Every wait has an end that leaves time
 * for an answer within the 30 s of API Gateway. One file a client: what a function does not need is not loaded, and
 * what it rarely needs is loaded then. */
export const clientOptions = (region: string, requestTimeout: number) => ({
  region,
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1500, requestTimeout, throwOnRequestTimeout: true },
});
