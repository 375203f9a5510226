import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { errors, type Provider } from "oidc-provider";
import { listenNear } from "../listen-near.ts";
import { loadKeys } from "./key-file.ts";
import { type Person, people as samplePeople } from "./people.ts";
import { clientId, createProvider } from "./provider.ts";
import { messagePage, pageHeaders, signInPage } from "./sign-in-page.ts";

export type OidcOptions = {
  /** Where the keys are kept, so that a restart does not invalidate them. */
  folder: string;
  redirectUris: readonly string[];
  postLogoutRedirectUris?: readonly string[];
  /** The preferred port on 127.0.0.1; the next free one is taken when it is in use. */
  port?: number;
  people?: readonly Person[];
};

export type Oidc = {
  issuer: string;
  clientId: string;
  clientSecret: string;
  close(): Promise<void>;
};

/** Starts the OpenID provider of one machine on loopback. */
export async function startOidc(options: OidcOptions): Promise<Oidc> {
  const people = options.people ?? samplePeople;
  const keys = await loadKeys(options.folder);
  const server = createServer();
  const port = await listenNear(server, options.port ?? 0);
  const issuer = `http://127.0.0.1:${port}`;
  const postLogoutRedirectUris = options.postLogoutRedirectUris ?? [];
  const provider = createProvider({
    issuer,
    keys,
    people,
    redirectUris: options.redirectUris,
    postLogoutRedirectUris,
  });
  const formTargets = [...new Set(options.redirectUris.map((uri) => new URL(uri).origin))];
  server.on("request", requestHandler(provider, people, pageHeaders(formTargets)));

  return {
    issuer,
    clientId,
    clientSecret: keys.clientSecret,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

function requestHandler(provider: Provider, people: readonly Person[], headers: Record<string, string>) {
  const protocol = provider.callback();
  const { host } = new URL(provider.issuer);
  return (request: IncomingMessage, response: ServerResponse) => {
    // A foreign name that was made to point here (DNS rebinding) gets nothing.
    if (request.headers.host !== host) {
      response.writeHead(421, headers).end(messagePage("Another address", `This is ${provider.issuer}.`));
      return;
    }
    const { pathname } = new URL(request.url ?? "/", provider.issuer);
    if (!pathname.startsWith("/interaction/")) {
      void protocol(request, response);
      return;
    }
    choosePerson(provider, people, headers, request, response).catch((error: unknown) => {
      const expired = error instanceof errors.SessionNotFound;
      response.writeHead(expired ? 400 : 500, headers);
      response.end(
        expired
          ? messagePage("This sign-in has expired", "Go back to Daypass and sign in again.")
          : messagePage("Sign-in did not work", "Go back to Daypass and sign in again."),
      );
    });
  };
}

/** Shows the people, and passes on who was picked. The sign-in is known by its cookie, not by its address. */
async function choosePerson(
  provider: Provider,
  people: readonly Person[],
  headers: Record<string, string>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const interaction = await provider.interactionDetails(request, response);
  if (request.method !== "POST") {
    response.writeHead(200, headers).end(signInPage(people, `/interaction/${interaction.uid}`));
    return;
  }

  const form = new URLSearchParams(await readBody(request));
  if (form.has("cancel")) {
    const result = { error: "access_denied", error_description: "the sign-in was cancelled" };
    await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
    return;
  }
  const person = people.find(({ id }) => id === form.get("person"));
  if (!person) {
    response.writeHead(400, headers).end(signInPage(people, `/interaction/${interaction.uid}`));
    return;
  }
  const result = { login: { accountId: person.id, remember: false } };
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}

const bodyLimitBytes = 10_000;

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > bodyLimitBytes) throw new Error("the form is too large");
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString("utf8");
}
