// graphql-ws as its users set it up to come back: each retry sends the request again, so it must name the last change.
import { setTimeout as wait } from 'node:timers/promises';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { place } from './scenario.mjs';

export function resuming(address, options = {}) {
  const client = createClient({
    url: `${address.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 1000,
    retryWait: () => wait(20),
    shouldRetry: () => true,
    ...options,
  });
  return {
    ...client,
    subscribe(request, sink) {
      const variables = { ...request.variables };
      return client.subscribe({ ...request, variables }, {
        next(result) {
          const change = result.data?.ledgerChanges;
          if (change) variables.after = place(change);
          sink.next(result);
        },
        error: (error) => sink.error(error),
        complete: () => sink.complete(),
      });
    },
  };
}
