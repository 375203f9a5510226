import { epochMs, systemClock } from "@daypass/core/kernel/clock.ts";
import { traceOf } from "./environment.ts";
import { type MetricName, metricDimension, metricNamespace, metricUnits } from "./metric-names.ts";

export type Measured = Readonly<Partial<Record<MetricName, number>>>;

/** One JSON object a line on standard output, which Lambda brings to CloudWatch. Each has the id of the X-Ray trace, so
 * that what one click set going in several functions is found together. */
export function writeLogLine(
  level: "INFO" | "WARN" | "ERROR",
  service: string,
  message: string,
  fields: Readonly<Record<string, unknown>>,
): void {
  write({ level, message, timestamp: systemClock.now(), service, ...traced(), ...fields });
}

/** A line in CloudWatch's embedded metric format: metrics are read from the log, without a call. Names, units and
 * numbers, and nothing else, can be in it. */
export function writeMetrics(
  { service, stack, requestId }: { service: string; stack: string; requestId: string },
  values: Measured,
): void {
  const counted = Object.entries(values).filter(
    (entry): entry is [MetricName, number] => Number.isFinite(entry[1]) && entry[1] !== 0,
  );
  // Zero seconds are a measurement; zero of something is nothing.
  const lag = values.RevocationLag === 0 ? [["RevocationLag", 0] as const] : [];
  const found = [...counted, ...lag];
  if (found.length === 0) return;
  const directive = {
    Namespace: metricNamespace,
    Dimensions: [[metricDimension]],
    Metrics: found.map(([name]) => ({ Name: name, Unit: metricUnits[name] })),
  };
  write({
    _aws: { Timestamp: epochMs(systemClock.now()), CloudWatchMetrics: [directive] },
    [metricDimension]: stack,
    level: "INFO",
    message: "metrics",
    service,
    requestId,
    ...traced(),
    ...Object.fromEntries(found),
  });
}

function traced(): { xray_trace_id?: string } {
  const trace = traceOf();
  return trace === undefined ? {} : { xray_trace_id: trace };
}

function write(line: object): void {
  const text = JSON.stringify(line, (_name, value: unknown) =>
    typeof value === "bigint" ? String(value) : value,
  );
  process.stdout.write(`${text}\n`);
}
