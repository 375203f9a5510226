import { handle, type LambdaEvent } from "hono/aws-lambda";
import { apiParts } from "../control-plane.ts";
import { createApp } from "../http/app.ts";
import { logs, shell } from "./shell.ts";

const answer = handle(createApp(apiParts(logs("api"))));

/** The HTTP API behind API Gateway (payload format 2.0). */
export const handler = shell("api", (event: LambdaEvent, context) => answer(event, context));
