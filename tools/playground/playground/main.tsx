import "./workers";
import "./styles.css";
import { createGraphiQLFetcher } from "@graphiql/toolkit";
import { GraphiQL } from "graphiql";
import { createRoot } from "react-dom/client";
import defaultQuery from "./default.graphql?raw";
import { endpointsOf } from "./endpoints";
import { jsonFetch } from "./fetch";
import { HeadersStayPrivate } from "./storage";

const endpoints = endpointsOf(window.location);
const storage = new HeadersStayPrivate(window.localStorage);

const fetcher = createGraphiQLFetcher({
  url: endpoints.graphql,
  subscriptionUrl: endpoints.subscriptions,
  enableIncrementalDelivery: false,
  fetch: jsonFetch,
});

const root = document.getElementById("playground");
if (!root) throw new Error("the page has no #playground");
createRoot(root).render(
  <GraphiQL
    fetcher={fetcher}
    storage={storage}
    defaultQuery={defaultQuery}
    defaultEditorToolsVisibility="variables"
    shouldPersistHeaders={storage.keepsHeaders}
    showPersistHeadersSettings
    maxHistoryLength={100}
    inputValueDeprecation
    schemaDescription
  >
    <GraphiQL.Logo>
      <span className="ledger-name">Expense ledger</span>
      <a className="ledger-link" href={endpoints.restDocs}>
        REST
      </a>
    </GraphiQL.Logo>
  </GraphiQL>,
);
