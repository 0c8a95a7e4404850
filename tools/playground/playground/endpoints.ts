export interface Endpoints {
  /** Where queries and mutations are posted: the page's own address, whatever its prefix. */
  graphql: string;
  /** The same address over WebSocket, for subscriptions. */
  subscriptions: string;
  /** The page of the REST documentation. */
  restDocs: string;
}

export function endpointsOf(page: { href: string }): Endpoints {
  const graphql = new URL(page.href);
  graphql.search = "";
  graphql.hash = "";
  const subscriptions = new URL(graphql);
  subscriptions.protocol = graphql.protocol === "https:" ? "wss:" : "ws:";
  const restDocs = new URL("docs", graphql);
  return { graphql: graphql.href, subscriptions: subscriptions.href, restDocs: restDocs.href };
}
