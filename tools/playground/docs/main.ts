import "./styles.css";
import SwaggerUI from "swagger-ui";

const dark = window.matchMedia("(prefers-color-scheme: dark)");
const applyTheme = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", applyTheme);
applyTheme();

SwaggerUI({
  dom_id: "#docs",
  // Beside the page, whatever its prefix.
  url: new URL("openapi.json", window.location.href).href,
  // The default would show the document's address to a public validator.
  validatorUrl: "none",
  deepLinking: true,
  displayRequestDuration: true,
  tryItOutEnabled: true,
  persistAuthorization: false,
  filter: true,
  defaultModelsExpandDepth: 0,
});
