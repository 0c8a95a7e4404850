import EditorWorker from "monaco-editor/esm/vs/editor/editor.worker.js?worker";
import JsonWorker from "monaco-editor/esm/vs/language/json/json.worker.js?worker";
import GraphQLWorker from "monaco-graphql/esm/graphql.worker.js?worker";

const languageWorkers: Record<string, new () => Worker> = {
  json: JsonWorker,
  graphql: GraphQLWorker,
};

window.MonacoEnvironment = {
  getWorker: (_id, label) => new (languageWorkers[label] ?? EditorWorker)(),
};
