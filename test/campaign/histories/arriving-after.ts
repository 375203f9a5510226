import type { BrokerContext } from "@daypass/core/grant/account-engine.port.ts";

/** What is asked of the server arrives only after this. */
export function arrivingAfter(ctx: BrokerContext, arrival: Promise<void>): BrokerContext {
  const late =
    <P extends unknown[], R>(call: (...parameters: P) => Promise<R>) =>
    async (...parameters: P) => {
      await arrival;
      return call(...parameters);
    };
  return {
    ...ctx,
    accountServer: async (instance) => {
      const server = await ctx.accountServer(instance);
      return {
        ...server,
        provision: late((...given) => server.provision(...given)),
        verifyLogin: late((...given) => server.verifyLogin(...given)),
        setExpiry: late((...given) => server.setExpiry(...given)),
        revoke: late((...given) => server.revoke(...given)),
      };
    },
  };
}
