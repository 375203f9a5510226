import type { Server } from "node:net";

/**
 * Binds the server to 127.0.0.1 at the preferred port, or at the next free one above it within `tries`.
 * Port 0 asks the operating system for any. Returns the port that was bound.
 */
export async function listenNear(server: Server, preferred: number, tries = 50): Promise<number> {
  for (let port = preferred; port < preferred + tries; port++) {
    if (await listenAt(server, port)) {
      const address = server.address();
      if (address === null || typeof address === "string") throw new Error("the server has no TCP address");
      return address.port;
    }
  }
  throw new Error(`no free port on 127.0.0.1 from ${preferred} to ${preferred + tries - 1}`);
}

function listenAt(server: Server, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) => {
      server.off("listening", bound);
      if (error.code === "EADDRINUSE" || error.code === "EACCES") resolve(false);
      else reject(error);
    };
    const bound = () => {
      server.off("error", failed);
      resolve(true);
    };
    server.once("error", failed);
    server.once("listening", bound);
    server.listen(port, "127.0.0.1");
  });
}
